"""Wordings: placeholders `{1}` `{2}` … in a reviewed text, and the text with values in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# Two digits are more variables than any text of 500 characters can hold.
PLACEHOLDER = re.compile(r"\{([1-9][0-9]?)\}")


class ValueCountError(ValueError):
    """As many values must be given as a wording has variables."""

    def __init__(self, expected: int, given: int) -> None:
        super().__init__(f"{expected} values expected, {given} given")
        self.expected = expected
        self.given = given


@dataclass(frozen=True, slots=True)
class Wording:
    """A parsed text: fixed words (str) and variables (their number, int) in order."""

    pieces: tuple[str | int, ...]
    variables: int
    _format: str = field(repr=False, compare=False)
    _order: tuple[int, ...] | None = field(repr=False, compare=False)

    @property
    def uses_each_once(self) -> bool:
        """Whether the text has every value once, in whatever order."""
        numbers = sorted(piece for piece in self.pieces if isinstance(piece, int))
        return numbers == list(range(1, self.variables + 1))

    @property
    def used(self) -> list[int]:
        """The numbers of the variables it has, ascending: `{99}` alone makes one, not 99."""
        return sorted({piece for piece in self.pieces if isinstance(piece, int)})

    def render(self, values: Sequence[str]) -> str:
        """The text with `values[0]` for `{1}` and so on, verbatim: a value is never read again.

        Raises ValueCountError.
        """
        if len(values) != self.variables:
            raise ValueCountError(self.variables, len(values))
        if self._order is None:
            return self._format % tuple(values)
        return self._format % tuple([values[index] for index in self._order])

    def spans(
        self, values: Sequence[str], signature: str | None = None
    ) -> Iterator[tuple[str, int | None]]:
        """The rendered text in pieces, each with the number of the variable it came from.

        Joined they are `complete(signature, render(values))`. Raises ValueCountError.
        """
        if len(values) != self.variables:
            raise ValueCountError(self.variables, len(values))
        prefix = complete(signature, "")
        if prefix:
            yield prefix, None
        for piece in self.pieces:
            if isinstance(piece, int):
                yield values[piece - 1], piece
            else:
                yield piece, None


def parse(body: str) -> Wording:
    """Read a body; braces that are no placeholder stay as they are (lint reports them).

    `variables` is the highest number used.
    """
    pieces: list[str | int] = []
    formats: list[str] = []
    for position, piece in enumerate(PLACEHOLDER.split(body)):
        if position % 2:
            pieces.append(int(piece))
            formats.append("%s")
        elif piece:
            pieces.append(piece)
            formats.append(piece.replace("%", "%%"))
    order = tuple(piece - 1 for piece in pieces if isinstance(piece, int))
    variables = max(order, default=-1) + 1
    in_order = order == tuple(range(variables))
    return Wording(tuple(pieces), variables, "".join(formats), None if in_order else order)


def complete(signature: str | None, text: str) -> str:
    """The whole message: `[Signature] text`, or the text alone."""
    return f"[{signature}] {text}" if signature else text
