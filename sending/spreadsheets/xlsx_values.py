"""What the cells of an xlsx hold: numbers, moments by their format, texts with escapes."""

import datetime
import re
from collections.abc import Mapping
from enum import Enum

from sending.spreadsheets.cells import Cell
from sending.spreadsheets.problems import FileCode, FileRefused
from sending.spreadsheets.xml_blocks import Unzipped, elements

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
# Spreadsheet programs keep 15 digits; longer numbers only look exact.
_EXACT_DIGITS = 15

# ECMA-376 part 1, 18.8.30: 27 to 36 and 50 to 58 are dates in East Asian languages.
_BUILT_IN_MOMENTS = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_BUILT_IN_SPAN = 46
_NO_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')
_SPAN_CODE = re.compile(r"\[(?:hh?|mm?|ss?)\]", re.IGNORECASE)
_MOMENT_CODE = re.compile(r"[dmyhs]", re.IGNORECASE)

_DAY_SECONDS = 86_400
# The last day of the year 9999; a larger number is no day.
_LAST_SERIAL = 2_958_466
# Serial 60 is the 29 February 1900, which never was; days before it count from one day later.
_FIRST_SOUND_SERIAL = 60
# Sheets know no zone.
_EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001
_EPOCH_1904_DAYS = 1_462

_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos);|#([0-9]{1,7});|#x([0-9a-fA-F]{1,6});)?")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPE = re.compile(r"_x([0-9a-fA-F]{4})_")


class Style(Enum):
    """What a number format makes of a number."""

    MOMENT = "moment"
    SPAN = "span"


def number_of(text: str) -> Cell:
    """Return the number a cell's <v> holds; text that is no number stays text."""
    if text.isdecimal() and len(text) <= _EXACT_DIGITS:
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def moment_of(text: str, style: Style, *, since_1904: bool) -> Cell:
    """Return the day, time or span that a number means by its format, else the number."""
    number = number_of(text)
    if not isinstance(number, int | float) or not 0 <= number < _LAST_SERIAL:
        return number
    if style is Style.SPAN:
        return datetime.timedelta(milliseconds=round(number * _DAY_SECONDS * 1000))
    days, share = divmod(number, 1)
    clock = datetime.timedelta(milliseconds=round(share * _DAY_SECONDS * 1000))
    if since_1904:
        days += _EPOCH_1904_DAYS
    elif days == 0:
        return (_EPOCH + clock).time()
    elif days < _FIRST_SOUND_SERIAL:
        days += 1
    return _EPOCH + datetime.timedelta(days=days) + clock


def iso_moment(text: str) -> Cell:
    """Return the moment of a cell of type "d" (ECMA-376 part 1, 18.18.11), else its text."""
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text


def unescaped(text: str) -> str:
    """Return text with its _xHHHH_ escapes resolved (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" in text:
        return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return text


def plain(text: str | None) -> str | None:
    """Return raw XML text with entities and escapes resolved; raises FileRefused FILE_BROKEN."""
    if text is None:
        return None
    return unescaped(_ENTITY.sub(_character, text) if "&" in text else text)


def _character(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal or "0", 16)
    if not 0 < code <= 0x10FFFF:
        raise FileRefused(FileCode.BROKEN)
    return chr(code)


def moment_styles(unzipped: Unzipped, entry: str | None) -> Mapping[str, Style]:
    """Return the cell formats that show days and times, by the number cells name them with."""
    if entry is None:
        return {}
    codes: dict[str, str] = {}
    styles: dict[str, Style] = {}
    formats = 0
    inside = ""
    wanted = frozenset({"numFmt", "cellXfs", "cellStyleXfs", "dxfs", "cellStyles", "xf"})
    for found in elements(unzipped, entry, wanted):
        match found[""]:
            case "numFmt" if inside != "dxfs":
                codes[found.get("numFmtId", "")] = found.get("formatCode", "")
            case "xf" if inside == "cellXfs":
                style = _style_of(found.get("numFmtId", "0"), codes)
                if style is not None:
                    styles[str(formats)] = style
                formats += 1
            case "cellXfs" | "cellStyleXfs" | "dxfs" | "cellStyles" as section:
                inside = section
    return styles


def _style_of(number: str, codes: Mapping[str, str]) -> Style | None:
    code = codes.get(number)
    if code is None:
        if number == str(_BUILT_IN_SPAN):
            return Style.SPAN
        known = number.isdecimal() and int(number) in _BUILT_IN_MOMENTS
        return Style.MOMENT if known else None
    code = _NO_CODE.sub("", code).partition(";")[0]
    if _SPAN_CODE.search(code):
        return Style.SPAN
    shows_moment = code.casefold() != "general" and _MOMENT_CODE.search(code)
    return Style.MOMENT if shows_moment else None
