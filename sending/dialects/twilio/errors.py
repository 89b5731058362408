"""Every code that this door answers with, and which one each refusal of acceptance has."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from sending.dialects.twilio.error import TwilioCode
from sending.dialects.twilio.message_codes import MESSAGE_CODES
from sending.dialects.twilio.verify_codes import VERIFY_CODES

INVALID = 20001
AUTHENTICATE = 20003
NOT_FOUND = 20404
CONFLICT = 20409
TOO_MANY = 20429
FAILED = 20500
UNAVAILABLE = 20503
NUMBER_NOT_OURS, NAME_NOT_OURS = 21606, 21709

_REQUEST_CODES = (
    TwilioCode(
        INVALID,
        400,
        _("A parameter is unknown, malformed or out of its range."),
        _("Read the message: it names the parameter."),
    ),
    TwilioCode(
        AUTHENTICATE,
        401,
        _("The account SID, the API key or the secret is wrong, or the key may not be used here."),
        _(
            "Copy both again from the page of the application. Use the auth token with the account "
            "SID, and the secret of a key with its SID."
        ),
    ),
    TwilioCode(
        20004,
        405,
        _("The address exists, and it does not take this method."),
        _("Use the method that the SDK uses."),
    ),
    TwilioCode(
        20005,
        403,
        _("The application or the organization may not send at this time."),
        _("Read the message. Switch the application on, or ask the operator of the console."),
    ),
    TwilioCode(
        20007,
        400,
        _("PageSize is not a number from 1 to 1,000."),
        _("Ask for pages of at most 1,000 rows."),
    ),
    TwilioCode(
        20009,
        409,
        _("The message is not sent yet, so its text cannot be erased."),
        _("Cancel the message first, or wait until it is sent."),
    ),
    TwilioCode(
        NOT_FOUND,
        404,
        _("There is nothing at this address, or nothing that belongs to the account."),
        _("Check the SID, and that the account SID in the address is your own."),
    ),
    TwilioCode(
        CONFLICT,
        409,
        _("A request with the same Idempotency-Key is under way, or had other parameters."),
        _("Send it again in a moment, or use a new key for each request."),
    ),
    TwilioCode(
        TOO_MANY,
        429,
        _("The key has sent more requests in a second than it may, or a limit is used up."),
        _("Wait for the seconds in Retry-After, then send the same request again."),
    ),
    TwilioCode(
        FAILED,
        500,
        _("Something went wrong in the console. Nothing was accepted."),
        _("Send the request again. If it fails again, tell support its X-Request-Id."),
    ),
    TwilioCode(
        UNAVAILABLE,
        503,
        _("The console cannot reach its database."),
        _("Send the request again in a moment. A message that was accepted is not sent twice."),
    ),
)
CODES: Mapping[int, TwilioCode] = {
    row.code: row
    for row in sorted((*_REQUEST_CODES, *MESSAGE_CODES, *VERIFY_CODES), key=lambda row: row.code)
}

# Of one message: codes of acceptance and of the rules it asks.
CODE_OF_REFUSAL: Mapping[str, int] = {
    "MSISDN_MISSING": 21604,
    "MSISDN_INVALID": 21211,
    "MSISDN_MAINLAND": 21408,
    "MSISDN_PREMIUM": 21614,
    "MSISDN_NOT_MOBILE": 21614,
    "MSISDN_DIGITS_LOST": 21211,
    "COUNTRY_CODE_UNCLEAR": 21211,
    "COUNTRY_NOT_ALLOWED": 21408,
    "NO_PRICE": 21408,
    "NO_ROUTE": 21612,
    "SUPPRESSED": 21610,
    "NUMBER_ERASED": 21610,
    "TEXT_UNMATCHED": 21618,
    "TEXT_CHARACTER": 21618,
    "TEXT_LINK": 21618,
    "TEMPLATE_UNKNOWN": 21655,
    "TEMPLATE_NOT_APPROVED": 21655,
    "SIGNATURE_UNKNOWN": 21618,
    "SIGNATURE_NOT_APPROVED": 21618,
    "VALUE_COUNT": 21656,
    "VARIABLE_MISSING": 21656,
    "VALUE_CHARACTER": 21656,
    "VALUE_OTP_CODE": 21656,
    "VALUE_OTP_LONG": 21656,
    "VALUE_TOO_LONG": 21656,
    "VALUE_LINK": 21656,
    "MESSAGE_TOO_LONG": 21617,
    "ORIGINATOR_NOT_APPROVED": NUMBER_NOT_OURS,
    "ORIGINATOR_MISSING": 21703,
    "ORIGINATOR_TOO_LONG": 21212,
    "ORIGINATOR_CHARACTER": 21212,
    "ORIGINATOR_NUMBER": 21212,
    "REPEATED_IN_REQUEST": TOO_MANY,
    "DAILY_LIMIT": TOO_MANY,
    "APPLICATION_DAILY_LIMIT": TOO_MANY,
    "APPLICATION_COUNTRY": 21408,
    "APPLICATION_COUNTRY_DAILY_LIMIT": TOO_MANY,
    "REPEATED_TEXT": TOO_MANY,
    "NUMBER_HOURLY_LIMIT": TOO_MANY,
    "NUMBER_DAILY_LIMIT": TOO_MANY,
    "GUARD_BLOCKED": 30450,
    "GUARD_CHALLENGE": TOO_MANY,
}

# Of the whole request: codes of MayNotSend.
CODE_OF_STOP: Mapping[str, int] = {
    "ORGANIZATION_SUSPENDED": 20005,
    "SERVICE_NOT_ACTIVE": 20005,
    "APPLICATION_SUSPENDED": 20005,
    "APPLICATION_DISABLED": 20005,
    # Limits are nearly used up, and others took what was left each time.
    "LIMITS_CONTENDED": TOO_MANY,
}


def status_of(code: int) -> int:
    """Return the status of HTTP of a code that answers a request."""
    return CODES[code].status or 400
