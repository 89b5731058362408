"""What a handset would show of a wording: the exact text, where segments begin, what it costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sending.sms import alphabet, replacements, segments
from sending.sms.data_coding import DataCoding
from templates_app import wording

# Counted for a variable without a sample; the checks count the same.
SAMPLE = "123456"
# More characters than this are a script of their own: marking all of them would show nothing.
_MARKED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text in one segment, of one variable (None: fixed words), marked one way.

    `mark` is "costs" (forces UCS-2), "double" (counts as two) or empty; `begins` is the number of
    the segment that begins with this piece, where that is not the first.
    """

    text: str
    segment: int
    variable: int | None
    mark: str
    begins: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """One message as it would go; `units` of `capacity` are used in its segments."""

    pieces: tuple[Piece, ...]
    characters: int
    data_coding: DataCoding
    segments: int
    units: int
    capacity: int
    forcing: tuple[str, ...]

    @property
    def is_ucs2(self) -> bool:
        """Tell whether the text needs UCS-2, which holds fewer characters a segment."""
        return self.data_coding is DataCoding.UCS2


def preview(body: str, samples: Sequence[str] = (), signature: str | None = None) -> Preview:
    """Return the message that a body makes with sample values, and a signature's text if any."""
    parsed = wording.parse(body)
    given = [*samples[: parsed.variables], *[""] * (parsed.variables - len(samples))]
    return preview_of(parsed, [value or SAMPLE for value in given], signature)


def preview_of(
    parsed: wording.Wording, values: Sequence[str], signature: str | None = None
) -> Preview:
    """Return the message of one row of values. Raises wording.ValueCountError."""
    spans = list(parsed.spans(values, signature))
    text = "".join(part for part, _ in spans)
    cut = segments.segment(text)
    each = segments.SINGLE_CAPACITY if cut.single else segments.SEGMENT_CAPACITY
    forcing = tuple(alphabet.forces_ucs2(text))
    return Preview(
        pieces=tuple(_pieces(spans, cut, _marked(text, cut.data_coding, forcing))),
        characters=len(text),
        data_coding=cut.data_coding,
        segments=len(cut.segments),
        units=cut.units,
        capacity=len(cut.segments) * each[cut.data_coding],
        forcing=forcing,
    )


def _marked(text: str, data_coding: DataCoding, forcing: Sequence[str]) -> dict[str, str]:
    """Return the mark of each character worth pointing at."""
    if data_coding is DataCoding.GSM7:
        return dict.fromkeys(alphabet.EXTENDED, "double")
    if replacements.suggest(text) or len(forcing) <= _MARKED_AT_MOST:
        return dict.fromkeys(forcing, "costs")
    return {}


def _pieces(
    spans: Sequence[tuple[str, int | None]],
    cut: segments.Segmentation,
    marks: dict[str, str],
) -> Iterator[Piece]:
    variables = [variable for part, variable in spans for _ in part]
    numbered = [
        (character, number) for number, part in enumerate(cut.segments, 1) for character in part
    ]
    letters = [
        (character, number, variable, marks.get(character, ""))
        for (character, number), variable in zip(numbered, variables, strict=True)
    ]
    last = 1
    for (number, variable, mark), run in groupby(letters, key=lambda letter: letter[1:]):
        text = "".join(letter[0] for letter in run)
        yield Piece(text, number, variable, mark, number if number != last else None)
        last = number
