"""Segments: how many short messages a text takes, and where exactly it is cut.

Capacities follow from 140 octets (3GPP TS 23.040, 9.2.3.24.1): 160 septets or 70 UTF-16 code
units alone; 153 or 67 beside a header with an 8-bit reference.
"""

import re
from dataclasses import dataclass

from sending.sms import alphabet
from sending.sms.data_coding import DataCoding

SINGLE_CAPACITY = {DataCoding.GSM7: 160, DataCoding.UCS2: 70}
SEGMENT_CAPACITY = {DataCoding.GSM7: 153, DataCoding.UCS2: 67}
# A text of more is refused, whoever sends it.
MOST_SEGMENTS = 10
# A 16-bit reference makes the header one octet longer, which costs one unit of either alphabet.
WIDE_SEGMENT_CAPACITY = {DataCoding.GSM7: 152, DataCoding.UCS2: 66}

_GSM_SINGLE, _GSM_EACH = SINGLE_CAPACITY[DataCoding.GSM7], SEGMENT_CAPACITY[DataCoding.GSM7]
_UCS2_SINGLE, _UCS2_EACH = SINGLE_CAPACITY[DataCoding.UCS2], SEGMENT_CAPACITY[DataCoding.UCS2]

# Asked for every row: a name of the module is found faster than a member of an enumeration.
_GSM7, _UCS2 = DataCoding.GSM7, DataCoding.UCS2

_BASIC_OCTETS = "".join(alphabet.BASIC).encode("latin-1", "ignore")
_EXTENDED_OCTETS = "".join(alphabet.EXTENDED).encode("latin-1", "ignore")
_EXTENDED = re.compile(f"[{re.escape(''.join(alphabet.EXTENDED))}]")
_NOT_GSM = re.compile(f"[^{re.escape(''.join(alphabet.BASIC | alphabet.EXTENDED))}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A text cut into segments.

    `units` counts the whole text: septets, or UTF-16 code units. `remaining` is how many units
    the last segment still takes. `single` says that the text goes without a header.
    """

    data_coding: DataCoding
    units: int
    segments: tuple[str, ...]
    remaining: int
    single: bool


def count(text: str) -> tuple[DataCoding, int]:
    """Alphabet and number of segments of a text, the fast way; `segment` says where they end.

    An empty text is one segment: a network carries and bills it all the same.
    """
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        if _NOT_GSM.search(text):
            return DataCoding.UCS2, _counted(text, _ASTRAL, _UCS2_SINGLE, _UCS2_EACH)
        return DataCoding.GSM7, _counted(text, _EXTENDED, _GSM_SINGLE, _GSM_EACH)
    # Deleting octets by a table is the fastest test of a whole text that Python has.
    beyond_basic = octets.translate(None, _BASIC_OCTETS)
    if not beyond_basic:
        return DataCoding.GSM7, _divided(len(text), _GSM_SINGLE, _GSM_EACH)
    if beyond_basic.translate(None, _EXTENDED_OCTETS):
        return DataCoding.UCS2, _divided(len(text), _UCS2_SINGLE, _UCS2_EACH)
    if len(text) + len(beyond_basic) <= _GSM_SINGLE:
        return DataCoding.GSM7, 1
    return DataCoding.GSM7, _counted(text, _EXTENDED, _GSM_SINGLE, _GSM_EACH)


class SegmentCounter:
    """Counts texts that have a fixed part, by looking at the rest of them alone.

    Where every character is one unit, only the length counts, not the place.
    """

    def __init__(self, fixed: str) -> None:
        self._units = len(fixed)
        self._fixed_is_basic = alphabet.BASIC.issuperset(fixed)
        self._fixed_is_ucs2 = _NOT_GSM.search(fixed) is not None
        self._fixed_has_pairs = _ucs2_units(fixed) != len(fixed)

    def count(self, rest: str) -> tuple[DataCoding, int] | None:
        """Return what `count` says of the whole text, or None when the whole must be looked at."""
        units = self._units + len(rest)
        basic = self._fixed_is_basic
        if basic and rest.isascii() and not rest.encode().translate(None, _BASIC_OCTETS):
            return _GSM7, 1 if units <= _GSM_SINGLE else -(-units // _GSM_EACH)
        if not _NOT_GSM.search(rest):
            if basic and not _EXTENDED.search(rest):
                return _GSM7, _divided(units, _GSM_SINGLE, _GSM_EACH)
            if not self._fixed_is_ucs2:
                return None
        if self._fixed_has_pairs or _ucs2_units(rest) != len(rest):
            return None
        return _UCS2, 1 if units <= _UCS2_SINGLE else -(-units // _UCS2_EACH)


def segment(text: str, *, wide_reference: bool = False) -> Segmentation:
    """Cut a text as it is sent: never inside an escape sequence or a surrogate pair.

    `wide_reference` leaves room for a 16-bit reference; quotes and bills count without it.
    """
    data_coding = count(text)[0]
    units = _ucs2_units(text) if data_coding is DataCoding.UCS2 else alphabet.septets(text)
    alone = SINGLE_CAPACITY[data_coding]
    if units <= alone:
        return Segmentation(data_coding, units, (text,), alone - units, single=True)
    capacity = (WIDE_SEGMENT_CAPACITY if wide_reference else SEGMENT_CAPACITY)[data_coding]
    pieces, last = _cut(text, data_coding, capacity)
    return Segmentation(data_coding, units, pieces, capacity - last, single=False)


def _cut(text: str, data_coding: DataCoding, capacity: int) -> tuple[tuple[str, ...], int]:
    """The segments, and the units of the last one."""
    pieces: list[str] = []
    start = used = 0
    for position, character in enumerate(text):
        if data_coding is DataCoding.GSM7:
            cost = 2 if character in alphabet.EXTENDED else 1
        else:
            cost = 2 if character > "\uffff" else 1
        if used + cost > capacity:
            pieces.append(text[start:position])
            start, used = position, 0
        used += cost
    return (*pieces, text[start:]), used


def _divided(units: int, alone: int, each: int) -> int:
    return 1 if units <= alone else -(-units // each)


def _counted(text: str, pairs: re.Pattern[str], alone: int, each: int) -> int:
    """Segments of a text in which the characters that match `pairs` are two units each."""
    if 2 * len(text) <= alone:
        return 1
    firsts = {found.start() + before for before, found in enumerate(pairs.finditer(text))}
    units = len(text) + len(firsts)
    if units <= alone or not firsts:
        return _divided(units, alone, each)
    end = segments = 0
    while end < units:
        end += each
        if end - 1 in firsts:
            end -= 1
        segments += 1
    return segments


def _ucs2_units(text: str) -> int:
    return len(text.encode("utf-16-be", "surrogatepass")) // 2
