"""Segments that belong together, in whatever order they came, as one text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Generic, Protocol, TypeVar

from sending.sms import data_coding
from sending.sms.udh import ESM_CLASS_UDHI, decode

# Stands where a segment never came.
GAP = "[…]"


class SegmentLike(Protocol):
    """What is read of a segment: a row, whose columns only the database gives a type.

    `segment` is its place, from 1; `data_coding` the alphabet of its octets, which are with the
    user data header where `esm_class` says that there is one.
    """

    segment: Any
    data_coding: Any
    esm_class: Any
    octets: Any


Segment = TypeVar("Segment", bound=SegmentLike)


@dataclass(slots=True)
class Gathered(Generic[Segment]):
    """The segments of one text that are there so far, and repetitions of them."""

    segments: int
    parts: dict[int, Segment] = field(default_factory=dict)
    repeated: list[Segment] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return len(self.parts) == self.segments

    @property
    def rows(self) -> list[Segment]:
        """Return all that belongs to it."""
        return [*self.parts.values(), *self.repeated]


def gather(rows: Iterable[Segment], segments: int) -> list[Gathered[Segment]]:
    """Return the texts of which these are segments, the oldest first.

    `rows` have one source and reference, and are in the order in which they came. Handsets use a
    reference again: a segment whose place is taken by other octets begins the next text. Where
    several texts want a place filled, the newest gets it.
    """
    texts: list[Gathered[Segment]] = []
    for row in rows:
        place = next((text for text in reversed(texts) if _takes(text, row)), None)
        if place is None:
            texts.append(place := Gathered(segments))
        if row.segment in place.parts:
            place.repeated.append(row)
        else:
            place.parts[row.segment] = row
    return texts


def _takes(text: Gathered[Segment], row: Segment) -> bool:
    """Tell whether a segment is missing in a text, or one of its segments once more."""
    there = text.parts.get(row.segment)
    if there is None:
        return True
    return text.segments > 1 and bytes(there.octets) == bytes(row.octets)


def text_of(parts: Mapping[int, SegmentLike], segments: int) -> str:
    """Return the text of segments by their places, with GAP for each run that is missing.

    Octets are joined before they are read: a character may begin in one segment and end in the
    next (an escape of the GSM alphabet, half a surrogate pair).
    """
    places = range(1, segments + 1)
    runs = []
    for is_there, run in groupby(places, key=parts.__contains__):
        runs.append(_read([parts[place] for place in run]) if is_there else GAP)
    return "".join(runs)


def _read(parts: Sequence[SegmentLike]) -> str:
    alphabets = groupby(parts, key=lambda part: part.data_coding)
    return "".join(
        data_coding.decode(b"".join(map(_without_header, same)), coding)
        for coding, same in alphabets
    )


def _without_header(part: SegmentLike) -> bytes:
    octets = bytes(part.octets)
    return decode(octets)[1] if part.esm_class & ESM_CLASS_UDHI else octets
