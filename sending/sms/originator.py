"""Originators: what the handset shows as sender, and how SMPP names it."""

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import phonenumbers

from sending.sms import alphabet

ORIGINATOR_MISSING = "ORIGINATOR_MISSING"
ORIGINATOR_TOO_LONG = "ORIGINATOR_TOO_LONG"
ORIGINATOR_CHARACTER = "ORIGINATOR_CHARACTER"
ORIGINATOR_NUMBER = "ORIGINATOR_NUMBER"
CODES = (ORIGINATOR_MISSING, ORIGINATOR_TOO_LONG, ORIGINATOR_CHARACTER, ORIGINATOR_NUMBER)

# 3GPP TS 23.040, 9.1.2.5: an alphanumeric address holds eleven septets.
ALPHANUMERIC_MAX = 11

# source_addr is a C-octet string (SMPP 3.4, 5.2.8), so a character must exist in ASCII as well as
# in the GSM alphabet. "@" is NUL in the latter: networks that pass octets through would cut there.
_ALPHANUMERIC = frozenset(filter(str.isascii, alphabet.BASIC)) - set("@\r\n")
_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_NUMBER = re.compile(r"\+?[0-9][0-9 ().\-]*")


class Ton(IntEnum):
    """Type of number (SMPP 3.4, 5.2.5)."""

    UNKNOWN = 0
    INTERNATIONAL = 1
    NATIONAL = 2
    NETWORK_SPECIFIC = 3
    SUBSCRIBER = 4
    ALPHANUMERIC = 5
    ABBREVIATED = 6


class Npi(IntEnum):
    """Numbering plan indicator (SMPP 3.4, 5.2.6), the two that originators use."""

    UNKNOWN = 0
    ISDN = 1


class OriginatorKind(StrEnum):
    """What kind of address an originator is."""

    ALPHANUMERIC = "ALPHANUMERIC"
    SHORT_CODE = "SHORT_CODE"
    MSISDN = "MSISDN"


_TON_NPI = {
    OriginatorKind.ALPHANUMERIC: (Ton.ALPHANUMERIC, Npi.UNKNOWN),
    OriginatorKind.SHORT_CODE: (Ton.NETWORK_SPECIFIC, Npi.UNKNOWN),
    OriginatorKind.MSISDN: (Ton.INTERNATIONAL, Npi.ISDN),
}


class OriginatorError(ValueError):
    """No originator: one of CODES, and the characters at fault where that is the matter."""

    def __init__(self, code: str, characters: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.characters = characters


@dataclass(frozen=True, slots=True)
class SourceOriginator:
    """An address as people write it (an MSISDN in E.164 with `+`) and its kind."""

    address: str
    kind: OriginatorKind

    @property
    def smpp(self) -> tuple[str, int, int]:
        """Return source_addr, source_addr_ton and source_addr_npi."""
        ton, npi = _TON_NPI[self.kind]
        return self.address.removeprefix("+"), int(ton), int(npi)

    @property
    def accepts_replies(self) -> bool:
        """Return whether a handset can answer it."""
        return self.kind is not OriginatorKind.ALPHANUMERIC


def parse(text: str) -> SourceOriginator:
    """Read an originator; raise OriginatorError.

    With a letter in it, it is alphanumeric. Three to eight digits are a short code. Other digits
    are an MSISDN of any kind, fixed lines included, with its country code.
    """
    text = text.strip()
    if not text:
        raise OriginatorError(ORIGINATOR_MISSING)
    if _SHORT_CODE.fullmatch(text):
        return SourceOriginator(text, OriginatorKind.SHORT_CODE)
    if _NUMBER.fullmatch(text):
        return SourceOriginator(_e164(text), OriginatorKind.MSISDN)
    return _alphanumeric(text)


def _alphanumeric(text: str) -> SourceOriginator:
    refused = [character for character in dict.fromkeys(text) if character not in _ALPHANUMERIC]
    if refused or not any(map(str.isalpha, text)):
        raise OriginatorError(ORIGINATOR_CHARACTER, "".join(refused) or text)
    if len(text) > ALPHANUMERIC_MAX:
        raise OriginatorError(ORIGINATOR_TOO_LONG)
    return SourceOriginator(text, OriginatorKind.ALPHANUMERIC)


def _e164(text: str) -> str:
    digits = "".join(filter(str.isdigit, text)).removeprefix("00")
    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException as error:
        raise OriginatorError(ORIGINATOR_NUMBER) from error
    if not phonenumbers.is_possible_number(number):
        raise OriginatorError(ORIGINATOR_NUMBER)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
