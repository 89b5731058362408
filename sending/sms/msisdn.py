"""MSISDNs: what people write in a cell, read as an E.164 number that can receive a text."""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from sending.sms.labels import number_in
from sending.sms.mobile_ranges import (
    E164_MAX_DIGITS,
    NON_GEOGRAPHIC,
    country_of_mobile,
    is_no_number,
    mainland_mobile,
)
from sending.sms.renumbered import renumbered, withdrawn

MSISDN_MISSING = "MSISDN_MISSING"
MSISDN_INVALID = "MSISDN_INVALID"
MSISDN_MAINLAND = "MSISDN_MAINLAND"
MSISDN_PREMIUM = "MSISDN_PREMIUM"
MSISDN_NOT_MOBILE = "MSISDN_NOT_MOBILE"
MSISDN_DIGITS_LOST = "MSISDN_DIGITS_LOST"
CODES = (
    MSISDN_MISSING,
    MSISDN_INVALID,
    MSISDN_MAINLAND,
    MSISDN_PREMIUM,
    MSISDN_NOT_MOBILE,
    MSISDN_DIGITS_LOST,
)

# Longer cells are prose; reading them digit by digit would only serve who wants to slow us down.
_LONGEST_CELL = 64
# The shortest number of the Chinese mainland: 86 and seven digits. Shorter, it is more likely a
# number of Hong Kong or Macao without its country code.
_MAINLAND_MIN_DIGITS = 9
# Spreadsheets show a number of twelve digits and more as 1.23457E+11: six digits survive a copy.
_ROUNDED_FROM_DIGITS = 12
_ROUNDED_TO_DIGITS = 6
_EXACT_IN_A_FLOAT = 2**53

# Between area code and number (Germany, Austria), and between a number and another one's end.
_SLASHES = "/\\\uff0f\u2044\u2215~\uff5e\u223c\u2053"
_NO_SLASHES = dict.fromkeys(map(ord, _SLASHES))
# Whatever else `phonenumbers` takes between digits, and more.
_SEPARATORS = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"  # spaces
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d"
    "\u202e\u2060\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\u2800\u3164\ufe0e\ufe0f"
    "\ufeff\uffa0\ufff9\ufffa\ufffb\u061c"  # invisible: zero-width, direction marks, fillers
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\u2796\u2e3a\u2e3b\ufe31\ufe32\ufe58\ufe63"
    "\uff0d\uff70\u30fc\u05be\u301c\u3030"  # dashes
    ".\uff0e\ufe52\u2024\u2027\u00b7\u2022\u2219\u22c5\u30fb\uff65\u3002\uff61"  # dots
    "()[]\uff08\uff09\uff3b\uff3d"  # brackets
)
# How programs keep a number from being read as one: an apostrophe, ="…", and the marks of lists.
_AROUND = (
    "'\"=;,`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\uff07\uff02\u3001\uff0c\uff1b"
)
_PLUSES = dict.fromkeys(map(ord, "\uff0b\ufe62\u207a\u2795"), "+")
_CLEANED: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _SEPARATORS), None),
    **_PLUSES,
}
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
# "+49 171 1234567-8": a second number's end or an extension, where the rest is a number alone.
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_DASHED_END = re.compile(
    r"([^-\u2010-\u2015\u2212]+)(?:[-\u2010-\u2015\u2212][0-9]|\s[-\u2010-\u2015\u2212]\s?[0-9]{1,3})"
)
_TRUNK_ZERO = re.compile(r"\(\s?0\s?\)")
# "+49 171 1234567/68": two numbers, the second told by its end.
_ANOTHER_END = re.compile(rf"[{re.escape(_SLASHES)}][^0-9]{{0,3}}[0-9]{{1,3}}[^0-9]{{0,3}}\Z")
_LOOK_ALIKES = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1"})
_DECIMAL = re.compile(r"(\+?[0-9]{7,})[.,\u066b]([0-9]{1,2}|(?<=[0-9]{10}.)0+)")
# The same with digits in groups of three: "49,171,123,456.00".
_GROUPED_DECIMAL = re.compile(
    r"(\+?[0-9]{1,3}(?:([.,'\u2019\u066c\s])[0-9]{3})(?:\2[0-9]{3})+)(?!\2)[.,\u066b]0+"
)
_SCIENTIFIC = re.compile(
    r"\+?([0-9]+)(?:[.,\u066b]([0-9]+))?\s?(?:[eE]|[x\u00d7*]\s?10\^)\s?\+?([0-9]{1,2})"
)
_PREFIXED = re.compile(r"\+|(?<![0-9])(?:00|011)")
_NOT_WRITTEN = re.compile(r"[^0-9+]")
_A_NUMBER = r"[0-9][0-9 ().\-]{5,24}[0-9]"
_NUMBERS = (re.compile(rf"\+{_A_NUMBER}"), re.compile(rf"(?<![0-9]){_A_NUMBER}"))

_ACCEPTED = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_COSTS_THE_RECIPIENT = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}


@dataclass(frozen=True, slots=True)
class Msisdn:
    """A subscriber number: E.164 with `+`, and the ISO 3166 alpha-2 country of its plan."""

    e164: str
    country: str


class MsisdnError(ValueError):
    """A cell that is no number we send to: one of CODES, and the digits to write instead."""

    def __init__(self, code: str, suggestion: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.suggestion = suggestion


def parse(cell: str | int | float | None) -> Msisdn:
    """Read a cell as country code and number, however it is spaced; raise MsisdnError.

    Accepted are numbers their country's plan calls mobile, or cannot tell from fixed line (as in
    North America). Personal (follow-me) and VoIP ranges are refused like fixed lines where a plan
    sets them apart: texts to them are seldom delivered, and the sender is billed all the same.
    """
    if isinstance(cell, str):
        digits = cell.removeprefix("+")
        if digits.isdigit() and digits.isascii() and len(digits) <= _LONGEST_CELL:
            # Nothing stands between the digits, so nothing needs to be read out of them.
            plain = digits if digits != cell else cell.removeprefix("00")
            return _from_digits(plain, written=cell)
        return _from_text(cell)
    if cell is None:
        raise MsisdnError(MSISDN_MISSING)
    return _from_number(cell)


def _from_number(cell: int | float) -> Msisdn:
    """A number cell: spreadsheets keep numbers as floats, and round the ones they show short."""
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise MsisdnError(MSISDN_INVALID)
        if not cell.is_integer() or abs(cell) > _EXACT_IN_A_FLOAT:
            raise MsisdnError(MSISDN_DIGITS_LOST)
        cell = int(cell)
    if not 0 <= cell <= _EXACT_IN_A_FLOAT:
        raise MsisdnError(MSISDN_INVALID)
    digits = str(cell)
    if len(digits) >= _ROUNDED_FROM_DIGITS and len(digits.rstrip("0")) <= _ROUNDED_TO_DIGITS:
        raise MsisdnError(MSISDN_DIGITS_LOST)
    return _from_digits(digits, written=digits)


def _from_text(cell: str) -> Msisdn:
    cell = cell.strip().strip(_AROUND).strip()
    if len(cell) > _LONGEST_CELL:
        raise MsisdnError(MSISDN_INVALID)
    if not cell.isascii():
        cell = _OTHER_DIGIT.sub(_ascii_digit, cell.translate(_PLUSES))
    cell = _without_decimals(cell)
    cleaned = cell.translate(_CLEANED)
    if not cleaned:
        raise MsisdnError(MSISDN_MISSING)
    digits = _international(cleaned)
    if not digits.isdigit():
        _refuse_scientific(cell)
        cell = number_in(cell) or cell
        digits = _without_slashes(cell)
    if not _DASHES.isdisjoint(cell[-5:]):
        _refuse_dashed_end(cell, digits)
    return _from_digits(digits, written=cell)


def _without_decimals(cell: str) -> str:
    if decimal := _DECIMAL.fullmatch(cell):
        if decimal[2].strip("0"):
            raise MsisdnError(MSISDN_DIGITS_LOST)
        return decimal[1]
    grouped = _GROUPED_DECIMAL.fullmatch(cell) if cell.endswith("0") else None
    return _NOT_WRITTEN.sub("", grouped[1]) if grouped else cell


def _without_slashes(cell: str) -> str:
    """Return the digits of a number that has more in it than the usual separators."""
    digits = _international(cell.translate(_CLEANED).translate(_NO_SLASHES))
    if _ANOTHER_END.search(cell):
        raise MsisdnError(MSISDN_INVALID, _suggestion(cell, digits))
    return digits


def _refuse_dashed_end(cell: str, digits: str) -> None:
    found = _DASHED_END.fullmatch(cell)
    if found is not None:
        alone = _if_accepted(_international(found[1].translate(_CLEANED).translate(_NO_SLASHES)))
        if alone is not None:
            # Where the whole is a number too, nobody knows which of them is meant.
            raise MsisdnError(MSISDN_INVALID, None if _if_accepted(digits) else alone)


def _ascii_digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found[0]))


def _refuse_scientific(cell: str) -> None:
    found = _SCIENTIFIC.fullmatch(cell)
    if found is None:
        return
    digits = found[1] + (found[2] or "")
    complete = len(found[2] or "") == int(found[3])
    raise MsisdnError(MSISDN_DIGITS_LOST, _suggestion(digits, "") if complete else None)


def _international(cleaned: str) -> str:
    """Without the `+` or `00` that may stand before the country code."""
    if cleaned.startswith("+"):
        return cleaned[1:]
    return cleaned.removeprefix("00")


def _from_digits(digits: str, *, written: str) -> Msisdn:
    if not (digits.isdigit() and digits.isascii()):
        raise MsisdnError(MSISDN_INVALID, _suggestion(written, digits))
    country = country_of_mobile(digits)
    if country is not None:
        return Msisdn("+" + digits, country)
    try:
        return decide(digits)
    except MsisdnError as error:
        if error.code == MSISDN_INVALID:
            error.suggestion = _suggestion(written, digits)
        raise


def decide(digits: str) -> Msisdn:
    """The answer of `phonenumbers` for country code and number; raise MsisdnError.

    `parse` asks it for what `mobile_ranges` cannot decide; the two never differ.
    """
    if digits.startswith("86") and _MAINLAND_MIN_DIGITS <= len(digits) <= E164_MAX_DIGITS:
        raise MsisdnError(MSISDN_MAINLAND)
    if is_no_number(digits) or withdrawn(digits):
        raise MsisdnError(MSISDN_INVALID)
    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException as error:
        raise MsisdnError(MSISDN_INVALID) from error
    country = phonenumbers.region_code_for_number(number)
    if country is None or not phonenumbers.is_valid_number_for_region(number, country):
        raise MsisdnError(MSISDN_INVALID)
    _refuse_by_kind(number, country)
    return Msisdn(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), country)


def _refuse_by_kind(number: PhoneNumber, country: str) -> None:
    kind = phonenumbers.number_type(number)
    if kind in _COSTS_THE_RECIPIENT:
        raise MsisdnError(MSISDN_PREMIUM)
    if kind not in _ACCEPTED or country == NON_GEOGRAPHIC:
        raise MsisdnError(MSISDN_NOT_MOBILE)


def _suggestion(written: str, refused: str) -> str | None:
    """Digits that are obviously meant instead of the refused ones."""
    tried = {refused}
    for digits in _readings(written):
        if digits not in tried:
            tried.add(digits)
            accepted = _if_accepted(digits)
            if accepted is not None:
                return None if _may_be_mainland(accepted, written) else accepted
    return None


def _may_be_mainland(accepted: str, written: str) -> bool:
    """Tell whether a number with +1 may be one of the mainland without its 86 (decision 0019)."""
    return mainland_mobile().fullmatch(accepted) is not None and not _PREFIXED.search(written)


def _readings(written: str) -> Iterator[str]:
    """What is written without its mistakes, then the first number in it, however that is dialled.

    Letters are read as the digits they look like; numbers with `+` come first; a number of a plan
    that has changed is read as the one it became; commas and quotation marks fall away.
    """
    if written.isdigit() and written.isascii():
        yield from _dialled(written)
        return
    texts = [written.translate(_LOOK_ALIKES).rstrip(" +")]
    found = [pattern.search(written) for pattern in _NUMBERS]
    texts += [number[0] for number in found if number is not None]
    if not any(map(str.isalpha, written)):
        texts.append(_NOT_WRITTEN.sub("", written))
    if written.startswith(("+", "00")):
        texts.append(_TRUNK_ZERO.sub("", written))
    for text in texts:
        yield from _dialled(text)


def _dialled(text: str) -> Iterator[str]:
    """What is meant by a number, however it is dialled."""
    digits = _international(text if text.isdigit() else text.translate(_CLEANED))
    yield digits
    changed = renumbered(digits)
    if changed is not None:
        yield changed
    yield digits.removeprefix("011")
    # A bare leading zero begins a national number of some country: nothing is obvious then.
    if text.startswith(("+", "00")):
        yield digits.lstrip("0")


def _if_accepted(digits: str) -> str | None:
    if not (digits.isdigit() and digits.isascii()):
        return None
    try:
        return decide(digits).e164[1:]
    except MsisdnError:
        return None
