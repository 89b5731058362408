"""A text as a handset shows it: where segments begin, what came from a variable, what costs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sending.sms import alphabet, replacements, script, segments
from sending.sms.data_coding import DataCoding

# More characters than this that nothing replaces are a script of their own: marking them all
# would show nothing.
_MARKED_AT_MOST = 3
# Places that are marked; a page with more of them explains nothing, and grows without end.
_MARKED_PLACES = 250


class Mark(StrEnum):
    """Why a character is pointed out."""

    NONE = ""
    COSTS = "costs"  # It keeps the text from being GSM 7-bit.
    DOUBLE = "double"  # It takes two septets (3GPP TS 23.038, 6.2.1.1).


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one segment and one origin; `variable` is None for reviewed words."""

    variable: int | None
    pieces: tuple[tuple[str, Mark], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A text in segments of runs. `units` of `capacity` are used, in septets or UTF-16 units.

    `costly` are the characters that force UCS-2, each once; a text in another script has many.
    """

    data_coding: DataCoding
    segments: tuple[tuple[Run, ...], ...]
    units: int
    capacity: int
    costly: tuple[str, ...]
    # Written in a script that needs UCS-2: no single character is to blame.
    in_script: bool


def preview(spans: Iterable[tuple[str, int | None]]) -> Preview:
    """Cut a text as it is sent; `spans` are its pieces, each with the variable it came from."""
    spans = list(spans)
    text = "".join(piece for piece, _ in spans)
    cut = segments.segment(text)
    costly = tuple(alphabet.forces_ucs2(text))
    in_script = script.needs_ucs2(text)
    pointed_out = not in_script and (len(costly) <= _MARKED_AT_MOST or replacements.suggest(text))
    letters = _marked(spans, cut.data_coding, frozenset(costly if pointed_out else ()))
    return Preview(
        data_coding=cut.data_coding,
        segments=tuple(_runs([next(letters) for _ in piece]) for piece in cut.segments),
        units=cut.units,
        capacity=cut.units + cut.remaining if cut.single else _capacity(cut),
        costly=costly,
        in_script=in_script,
    )


def _capacity(cut: segments.Segmentation) -> int:
    return segments.SEGMENT_CAPACITY[cut.data_coding] * len(cut.segments)


def _marked(
    spans: list[tuple[str, int | None]], data_coding: DataCoding, costly: frozenset[str]
) -> Iterator[tuple[str, int | None, Mark]]:
    """Yield each character with its variable and its mark; after _MARKED_PLACES, without."""
    places = 0
    before = Mark.NONE
    for piece, variable in spans:
        for character in piece:
            mark = Mark.NONE
            if character in costly:
                mark = Mark.COSTS
            elif data_coding is DataCoding.GSM7 and character in alphabet.EXTENDED:
                mark = Mark.DOUBLE
            places += mark is not Mark.NONE and mark is not before
            before = mark
            if places > _MARKED_PLACES:
                mark = Mark.NONE
            yield character, variable, mark


def _runs(letters: list[tuple[str, int | None, Mark]]) -> tuple[Run, ...]:
    """Join neighbours: characters of one mark to a piece, pieces of one variable to a run."""
    runs: list[tuple[int | None, list[tuple[str, Mark]]]] = []
    for character, variable, mark in letters:
        if not runs or runs[-1][0] != variable:
            runs.append((variable, []))
        pieces = runs[-1][1]
        if pieces and pieces[-1][1] is mark:
            pieces[-1] = (pieces[-1][0] + character, mark)
        else:
            pieces.append((character, mark))
    return tuple(Run(variable, tuple(pieces)) for variable, pieces in runs)
