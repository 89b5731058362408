"""Codes of Verify, and which one each refusal of a verification has."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from sending.dialects.twilio.error import TwilioCode

PARAMETER = 60200
CHANNEL = 60223

VERIFY_CODES = (
    TwilioCode(
        PARAMETER,
        400,
        _("A parameter of Verify is missing, malformed, or not supported here."),
        _("Read the message: it names the parameter."),
    ),
    TwilioCode(
        60202,
        429,
        _("5 wrong codes were entered for this verification."),
        _("Wait for the seconds in Retry-After, then begin a new verification."),
    ),
    TwilioCode(
        60203,
        429,
        _("The number has got as many codes as it may."),
        _("Wait for the seconds in Retry-After. The rule in the details says which limit it is."),
    ),
    TwilioCode(60205, 400, _("The number is not a mobile number."), _("Ask for a mobile number.")),
    TwilioCode(
        60207,
        429,
        _("A rate limit of the service is used up."),
        _("Wait for the seconds in Retry-After, or raise the limit of the service."),
    ),
    TwilioCode(
        60212,
        429,
        _("Several codes for one number were asked for at the same moment."),
        _("Send the request again in a second, once for each press of a button."),
    ),
    TwilioCode(
        60220,
        403,
        _("Codes to numbers of the Chinese mainland are not sent."),
        _("Do not send to it."),
    ),
    TwilioCode(
        CHANNEL,
        403,
        _("The channel is not SMS, and there is no other here."),
        _("Use sms as Channel."),
    ),
    TwilioCode(
        60228,
        400,
        _("There is no approved OTP text template that the code can go out with."),
        _("Have one approved whose only variables are the code and the minutes."),
    ),
    TwilioCode(
        60410,
        403,
        _("A rule against fraud has stopped the code."),
        _("The details name the rule and when it ends. An owner can trust the number."),
    ),
    TwilioCode(
        60605,
        403,
        _("Codes to the country of the number are not allowed, or there is no way to it."),
        _("Allow the country in the organization or the application, or ask the operator."),
    ),
)

# Where a code of acceptance is not here, it is what it is for a message.
CODE_OF_VERIFY_REFUSAL: Mapping[str, int] = {
    "FRIENDLY_NAME": PARAMETER,
    "CODE_LENGTH": PARAMETER,
    "TEXT_UNKNOWN": 60228,
    "TEXT_MISSING": 60228,
    "CUSTOM_CODE_NOT_ALLOWED": PARAMETER,
    "CUSTOM_CODE_INVALID": PARAMETER,
    "MAX_SENDS": 60203,
    "MAX_CHECKS": 60202,
    "AT_THE_SAME_MOMENT": 60212,
    "NOT_PENDING": 20404,
    "NOT_CUSTOM": PARAMETER,
    "SERVICE_DELETED": 20404,
    "RATE_LIMIT": 60207,
    "RATE_LIMIT_UNKNOWN": PARAMETER,
    "ALREADY_THERE": 20409,
    "TOO_MANY_HERE": 20409,
    "MSISDN_MISSING": PARAMETER,
    "MSISDN_INVALID": PARAMETER,
    "MSISDN_DIGITS_LOST": PARAMETER,
    "COUNTRY_CODE_UNCLEAR": PARAMETER,
    "MSISDN_MAINLAND": 60220,
    "MSISDN_PREMIUM": 60205,
    "MSISDN_NOT_MOBILE": 60205,
    "COUNTRY_NOT_ALLOWED": 60605,
    "APPLICATION_COUNTRY": 60605,
    "NO_PRICE": 60605,
    "NO_ROUTE": 60605,
    "TEMPLATE_UNKNOWN": 60228,
    "TEMPLATE_NOT_APPROVED": 60228,
    "REPEATED_TEXT": 60203,
    "NUMBER_HOURLY_LIMIT": 60203,
    "NUMBER_DAILY_LIMIT": 60203,
    "GUARD_BLOCKED": 60410,
    "GUARD_CHALLENGE": 60410,
}
