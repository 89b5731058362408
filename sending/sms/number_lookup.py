"""What a numbering plan says of a number, for programs that ask before they send. Pure."""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

_LONGEST = 64
NOT_A_NUMBER = "NOT_A_NUMBER"
_REASONS = {
    ValidationResult.TOO_SHORT: "TOO_SHORT",
    ValidationResult.TOO_LONG: "TOO_LONG",
    ValidationResult.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
    ValidationResult.INVALID_LENGTH: "INVALID_LENGTH",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "TOO_SHORT",
}
_ERRORS = {
    phonenumbers.NumberParseException.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
    phonenumbers.NumberParseException.TOO_SHORT_NSN: "TOO_SHORT",
    phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD: "TOO_SHORT",
    phonenumbers.NumberParseException.TOO_LONG: "TOO_LONG",
}
_KINDS = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.VOIP: "nonFixedVoip",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.TOLL_FREE: "tollFree",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "sharedCost",
    PhoneNumberType.UAN: "uan",
    PhoneNumberType.VOICEMAIL: "voicemail",
    PhoneNumberType.PAGER: "pager",
}


@dataclass(frozen=True, slots=True)
class NumberLookup:
    """What is known of a number; `errors` say why it is not valid.

    `kind` is empty where the plan does not tell mobile numbers from fixed lines.
    """

    e164: str = ""
    calling_code: str = ""
    country: str = ""
    national: str = ""
    kind: str = ""
    errors: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Tell whether it can be somebody's number."""
        return not self.errors


def look_up(written: str, country: str = "") -> NumberLookup:
    """Return what is known of a number, written with + or as in a country (ISO 3166 alpha-2)."""
    if len(written) > _LONGEST:
        return NumberLookup(errors=(NOT_A_NUMBER,))
    try:
        number = phonenumbers.parse(written, country.upper() or None)
    except phonenumbers.NumberParseException as error:
        return NumberLookup(errors=(_ERRORS.get(error.error_type, NOT_A_NUMBER),))
    return _described(number)


def _described(number: PhoneNumber) -> NumberLookup:
    return NumberLookup(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        str(number.country_code),
        phonenumbers.region_code_for_number(number) or "",
        phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        _KINDS.get(phonenumbers.number_type(number), ""),
        _errors_of(number),
    )


def _errors_of(number: PhoneNumber) -> tuple[str, ...]:
    if phonenumbers.is_valid_number(number):
        return ()
    reason = phonenumbers.is_possible_number_with_reason(number)
    return (_REASONS.get(reason, "INVALID_BUT_POSSIBLE"),)


def carrier_of(e164: str) -> str:
    """Return which network the range of a number was given to, in English; empty if none is known.

    Where people keep their numbers when they change networks, theirs may be another one.
    """
    # Read when it is first asked for: 11 MB that most processes never need.
    from phonenumbers import carrier

    try:
        return str(carrier.name_for_number(phonenumbers.parse(e164), "en"))
    except phonenumbers.NumberParseException:
        return ""
