"""What every refusal means to people: what happened, and what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext_lazy as counted

from sending.acceptance.request import RefusalCode, RefusedMessage
from sending.intake.formatting import Words, formatted
from sending.intake.sentences import ROWS
from sending.sms import msisdn, originator
from sending.spreadsheets.problems import FileCode, RowCode
from templates_app.sentences import FINDINGS

# code -> (what happened, what to do).
_SENTENCES: Mapping[str, tuple[Words, Words]] = {
    FileCode.COUNTRY_CODE_UNCLEAR: (
        lazy(
            "This could be a number with the country code 1, or a mobile number of the Chinese "
            "mainland without 86."
        ),
        lazy("Write + before the country code. We send only outside the mainland."),
    ),
    RefusalCode.TEMPLATE_UNKNOWN: (
        lazy("Your organization has no text template %(id)s."),
        lazy("Use the number of one of its approved text templates."),
    ),
    RefusalCode.TEMPLATE_NOT_APPROVED: (
        lazy("The text template “%(name)s” is not approved."),
        lazy("Wait for its approval, or use an approved text template."),
    ),
    RefusalCode.TEXT_UNMATCHED: (
        lazy("This text is none of your organization's approved text templates."),
        lazy(
            "Send the exact words of one (nearest: %(nearest)s), or submit the text as a new text "
            "template."
        ),
    ),
    RefusalCode.TEXT_CHARACTER: (
        lazy("The text has a character that no text may have, %(codepoint)s (%(name)s)."),
        lazy("Write the text without it."),
    ),
    RefusalCode.TEXT_LINK: (
        lazy("The text has a link, “%(found)s”, which nobody has reviewed."),
        lazy("Submit the text as a text template."),
    ),
    RefusalCode.SIGNATURE_UNKNOWN: (
        lazy("Your organization has no signature “%(name)s”."),
        lazy("Use the words of one of its approved signatures, or none."),
    ),
    RefusalCode.SIGNATURE_NOT_APPROVED: (
        lazy("The signature “%(name)s” is not approved."),
        lazy("Wait for its approval, or use an approved signature, or none."),
    ),
    RefusalCode.VALUE_COUNT: (
        counted(
            "The text template “%(name)s” has %(needed)s variable. Values given: %(given)s.",
            "The text template “%(name)s” has %(needed)s variables. Values given: %(given)s.",
            "needed",
        ),
        lazy("Give one value for each variable."),
    ),
    RefusalCode.NUMBER_ERASED: (
        lazy("What is known about this number is being erased."),
        lazy("Send when that is over, if its owner still wants texts."),
    ),
    RefusalCode.REPEATED_IN_REQUEST: (
        lazy("The same text to this number is in this request twice."),
        lazy("Nothing to do: it is sent once."),
    ),
    RefusalCode.DAILY_LIMIT: (
        lazy("It needs %(needed)s of the %(limit)s segments a day; %(left)s are left."),
        lazy("Send tomorrow, or ask for a higher limit."),
    ),
    RefusalCode.APPLICATION_DAILY_LIMIT: (
        lazy(
            "It needs %(needed)s of the %(limit)s segments a day of the application "
            "“%(application)s”; %(left)s are left."
        ),
        lazy("Send tomorrow, or raise the limit of the application."),
    ),
    RefusalCode.APPLICATION_COUNTRY: (
        lazy("The application “%(application)s” does not send to this country (%(country)s)."),
        lazy("Allow the country in the application, or use another application."),
    ),
    RefusalCode.APPLICATION_COUNTRY_DAILY_LIMIT: (
        lazy(
            "It needs %(needed)s of the %(limit)s segments a day that the application "
            "“%(application)s” may send to %(country)s; %(left)s are left."
        ),
        lazy("Send tomorrow, or raise the limit of the country in the application."),
    ),
    RefusalCode.REPEATED_TEXT: (
        lazy("The same text was sent to this number less than %(seconds)s seconds ago."),
        lazy("Wait, or change the time between equal texts in the application."),
    ),
    RefusalCode.NUMBER_HOURLY_LIMIT: (
        lazy("This number has been sent the %(limit)s messages it may get in an hour."),
        lazy("Wait for the next hour, or raise the limit in the application."),
    ),
    RefusalCode.NUMBER_DAILY_LIMIT: (
        lazy("This number has been sent the %(limit)s messages it may get in a day."),
        lazy("Wait until tomorrow, or raise the limit in the application."),
    ),
    RefusalCode.GUARD_BLOCKED: (
        lazy("The guard of one-time passwords refused it, rule %(rule)s (%(name)s)."),
        lazy("%(to_do)s"),
    ),
    RefusalCode.GUARD_CHALLENGE: (
        lazy(
            "The guard of one-time passwords asks for proof of a person first, rule %(rule)s "
            "(%(name)s)."
        ),
        lazy("%(to_do)s"),
    ),
    RowCode.VARIABLE_MISSING: (
        lazy("The value of {%(variable)s} is empty."),
        lazy("Give one value for each variable."),
    ),
    RowCode.MESSAGE_TOO_LONG: (
        lazy("The message needs %(segments)s segments; at most %(limit)s can be sent."),
        lazy("Shorten the values."),
    ),
    RowCode.SUPPRESSED: (
        lazy("This number is on the suppression list of your organization."),
        lazy("Only take it off the list if its owner asks for texts."),
    ),
    RefusalCode.ORIGINATOR_NOT_APPROVED: (
        lazy("“%(name)s” is not an approved originator of your organization for this country."),
        lazy("Leave it empty, or request it under Settings and wait for the review."),
    ),
    originator.ORIGINATOR_MISSING: (
        lazy("Your organization has no approved originator for this country."),
        lazy("Request one under Settings, then choose it in the application."),
    ),
    originator.ORIGINATOR_TOO_LONG: (
        lazy("The originator has more than %(limit)s characters."),
        lazy("Shorten it, or leave it empty to use that of the application."),
    ),
    originator.ORIGINATOR_CHARACTER: (
        lazy("The originator has characters that handsets do not show: %(characters)s."),
        lazy("Use letters without accents, digits and spaces, with at least one letter."),
    ),
    originator.ORIGINATOR_NUMBER: (
        lazy("The originator is not a valid number."),
        lazy("Write a number with its country code, or a short code of three to eight digits."),
    ),
}
# What rows of spreadsheets are refused for too; what to do about it is another thing here.
_TO_DO: Mapping[str, Words] = {
    msisdn.MSISDN_MISSING: lazy("Give a number."),
    msisdn.MSISDN_INVALID: lazy("Write + and the country code before the number."),
    msisdn.MSISDN_MAINLAND: lazy("Do not send to it."),
    msisdn.MSISDN_PREMIUM: lazy("Ask the recipient for a mobile number."),
    msisdn.MSISDN_NOT_MOBILE: lazy("Ask the recipient for a mobile number."),
    msisdn.MSISDN_DIGITS_LOST: lazy("Send the number as text."),
    RowCode.NO_PRICE: lazy("Ask the operator of this console."),
    RowCode.NO_ROUTE: lazy("Ask the operator of this console."),
    RowCode.COUNTRY_NOT_ALLOWED: lazy(
        "Have an administrator allow the country under Settings, or do not send to it."
    ),
}


class Refused(Exception):
    """One message will not be sent; `params` fill the sentence of the code."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def message(self, number: str = "", country: str = "") -> RefusedMessage:
        """Return it as an answer."""
        return RefusedMessage(str(self.code), sentence(self.code, self.params), number, country)


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """Return what happened, and what to do."""
    if code in _SENTENCES:
        what, to_do = _SENTENCES[code]
    elif code in _TO_DO:
        what, to_do = ROWS[code][1], _TO_DO[code]
    else:
        what, to_do = FINDINGS[code]
    return f"{formatted(what, params)} {formatted(to_do, params)}"
