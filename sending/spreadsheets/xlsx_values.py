"""What the cells of an xlsx hold: numbers, moments by their format, texts with escapes."""

import datetime
import re
from functools import lru_cache
from math import isfinite

from sending.spreadsheets.cells import Cell
from sending.spreadsheets.problems import FileCode, FileRefused

# Spreadsheet programs keep 15 digits; longer numbers only look exact.
_EXACT_DIGITS = 15

# Times of ISO 8601 as cells hold them: either half may be missing, and seconds have any digits.
_ISO = re.compile(
    r"(?:([0-9]{4})-([0-9]{2})-([0-9]{2}))?T?"
    r"(?:([0-9]{2}):([0-9]{2})(?::([0-9]{2}(?:\.[0-9]{0,30})?))?)?(?:Z|[-+][0-9]{2}:?[0-9]{2})?"
)
_DAY_SECONDS = 86_400
_EPOCH = datetime.date(1899, 12, 30).toordinal()
_EPOCH_1904_DAYS = 1_462
_FIRST_SOUND_SERIAL = 61

_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos);|#([0-9]{1,7});|#x([0-9a-fA-F]{1,6});)?")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPE = re.compile(r"_x([0-9a-fA-F]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")


def number_of(text: str) -> Cell:
    """Return the number a cell's <v> holds; text that is no number stays text."""
    if text.isdecimal() and len(text) <= _EXACT_DIGITS:
        return int(text)
    try:
        number = float(text)
    except ValueError:
        return text
    # Python reads more than XML calls a number.
    is_one = isfinite(number) and text.isascii() and "_" not in text and text == text.strip()
    return number if is_one else text


@lru_cache(maxsize=1_024)
def iso_serial(text: str, *, since_1904: bool) -> tuple[float, str] | None:
    """Read a cell of type "d" (ECMA-376 part 1, 18.18.11).

    Returns its serial number, and the code that shows as much as was written; None for other text.
    """
    found = _ISO.fullmatch(text.strip())
    if found is None or not (found[1] or found[4]):
        return None
    serial, codes = 0.0, []
    if found[1]:
        try:
            day = datetime.date(int(found[1]), int(found[2]), int(found[3])).toordinal() - _EPOCH
        except ValueError:
            return None
        day -= day < _FIRST_SOUND_SERIAL
        serial += day - (_EPOCH_1904_DAYS if since_1904 else 0)
        codes.append("yyyy-mm-dd")
    seconds = int(found[4] or 0) * 3_600 + int(found[5] or 0) * 60 + float(found[6] or 0)
    if found[4] and (seconds or not found[1]):
        codes.append("hh:mm:ss" if seconds % 60 else "hh:mm")
    return serial + seconds / _DAY_SECONDS, " ".join(codes)


def unescaped(text: str) -> str:
    """Return text with its _xHHHH_ escapes resolved (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if _SURROGATE.search(text):
        # Characters beyond 16 bits are escaped as two.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


def resolved(text: str) -> str:
    """Return raw XML text with its entities resolved; raises FileRefused FILE_BROKEN."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def plain(text: str) -> str:
    """Return raw XML text with entities and escapes resolved; raises FileRefused FILE_BROKEN."""
    return unescaped(resolved(text))


def _character(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal or "0", 16)
    if not 0 < code <= 0x10FFFF:
        raise FileRefused(FileCode.BROKEN)
    return chr(code)
