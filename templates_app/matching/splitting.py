"""What stands at the variables between the fixed words of a text, earlier variables the shortest.

A place of the text is looked at once for each variable, whatever the text repeats.
"""

from collections.abc import Sequence
from typing import NamedTuple

_DIGITS = frozenset("0123456789")


class Bound(NamedTuple):
    """The most characters a variable holds, and whether these are digits."""

    most: int
    is_digits: bool


def free(text: str, start: int, end: int, inner: Sequence[str]) -> list[str] | None:
    """Split where variables may be of any length: the first place of each literal will do.

    `inner` are the literals between the variables, of which there is one more.
    """
    pieces = []
    for literal in inner:
        found = text.find(literal, start + 1, end)
        if found < 0:
            return None
        pieces.append(text[start:found])
        start = found + len(literal)
    if start >= end:
        return None
    pieces.append(text[start:end])
    return pieces


def short(
    text: str, start: int, end: int, inner: Sequence[str], bounds: Sequence[Bound]
) -> list[str] | None:
    """Split where variables are short: the first place of a literal may leave others too much.

    So it begins at the end: where a variable may begin, its nearest end is written down.
    """
    spare = end - start - sum(map(len, inner)) - len(bounds)
    if spare < 0 or spare + len(bounds) > sum(bound.most for bound in bounds):
        return None
    ends_of: list[dict[int, int]] = []
    ends, lowest = {end}, end
    for bound, literal in zip(reversed(bounds), ["", *reversed(inner)], strict=True):
        if ends_of:
            lowest -= len(literal)
            begins = ends_of[-1]
            places = (begin - len(literal) for begin in begins)
            ends = {place for place in places if text.startswith(literal, place)}
        lowest -= 1
        ends_of.append(_nearest_ends(text, range(lowest, lowest - spare - 1, -1), ends, bound))
    return _followed(text, start, ends_of[::-1], [*map(len, inner), 0])


def _nearest_ends(text: str, starts: range, ends: set[int], bound: Bound) -> dict[int, int]:
    """Return the nearest lawful end of a variable for each place where it may start."""
    found: dict[int, int] = {}
    nearest: int | None = None
    for start in starts:
        if start + 1 in ends:
            nearest = start + 1
        if bound.is_digits and text[start] not in _DIGITS:
            nearest = None
        if nearest is not None and nearest - start <= bound.most:
            found[start] = nearest
    return found


def _followed(
    text: str, start: int, ends_of: Sequence[dict[int, int]], lengths: Sequence[int]
) -> list[str] | None:
    """Return the pieces from the start, each to its nearest end."""
    pieces = []
    for ends, length in zip(ends_of, lengths, strict=True):
        end = ends.get(start)
        if end is None:
            return None
        pieces.append(text[start:end])
        start = end + length
    return pieces
