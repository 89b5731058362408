"""DescribePhoneNumberInfo."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from accounts.countries import country_name
from sending.api.repeating import Keep
from sending.api.tencent.call import Answer, ApiCall
from sending.dialects.tencent.error_codes import ERROR_CODES, OK

NO_COUNTRY = "DEF"
_UNREADABLE = "FailedOperation.PhoneNumberParseFail"


def describe_phone_number_info(call: ApiCall, _keep: Keep) -> Answer:
    """Tell country and country code of each number, whether it can be sent to or not."""
    numbers = call.values["PhoneNumberSet"]
    call.items = len(numbers)
    return {"PhoneNumberInfoSet": [_described(call, number) for number in numbers]}


def _described(call: ApiCall, written: str) -> dict[str, str]:
    number = _parsed(written)
    country = phonenumbers.region_code_for_number(number) if number is not None else None
    if number is None or not phonenumbers.is_possible_number(number):
        call.refuse_one(_UNREADABLE)
        said = ERROR_CODES[_UNREADABLE]
        return {
            "Code": _UNREADABLE,
            "Message": f"{said.cause} {said.fix}",
            "NationCode": "",
            "SubscriberNumber": "",
            "PhoneNumber": written,
            "IsoCode": NO_COUNTRY,
            "IsoName": "",
        }
    return {
        "Code": OK,
        "Message": "get info success",
        "NationCode": str(number.country_code),
        "SubscriberNumber": phonenumbers.national_significant_number(number),
        "PhoneNumber": phonenumbers.format_number(number, PhoneNumberFormat.E164),
        "IsoCode": country or NO_COUNTRY,
        "IsoName": country_name(country) if country else "",
    }


def _parsed(written: str) -> PhoneNumber | None:
    digits = written.strip()
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    try:
        return phonenumbers.parse(digits if digits.startswith("+") else f"+{digits}", None)
    except NumberParseException:
        return None
