"""One wording as a pattern: literals, and variables that hold what their type of text lets them."""

from collections.abc import Sequence
from dataclasses import dataclass

from templates_app import wording
from templates_app.lint import OTP, lint_values
from templates_app.lint.values import OTP_CODE_DIGITS, OTP_VALUE_LIMIT
from templates_app.matching import splitting
from templates_app.matching.normal import normalise

_REPEATS_TRIED = 32
"""Values tried for a variable that a wording says twice, where the shortest do not agree."""
_CODE = splitting.Bound(OTP_CODE_DIGITS, is_digits=True)
_OTHER = splitting.Bound(OTP_VALUE_LIMIT, is_digits=False)


@dataclass(frozen=True, slots=True)
class WordingPattern:
    """A compiled wording. `literals` are one more than `variables`, and may be empty between them.

    `id` is what a match names, and breaks ties.
    """

    id: int
    sms_type: str
    body: str
    literals: tuple[str, ...]
    variables: tuple[int, ...]

    @property
    def longest(self) -> str:
        """Return the longest literal between two variables, empty where there is none."""
        return max(self.literals[1:-1], key=len, default="")

    @property
    def weight(self) -> int:
        """Return how many characters of its texts it fixes."""
        return sum(map(len, self.literals))

    def split(self, text: str) -> tuple[str, ...] | None:
        """Return the values with which it is this normalised text, `{1}` first; None if none are.

        Of several ways the one whose earlier variables are shorter. The values are lawful: what
        `lint_values` refuses is no match.
        """
        pieces = self.pieces(text)
        if pieces is None:
            return None
        values = self._agreed(pieces)
        if values is None:
            values = self._repeated(text)
        return values if values is not None and self.is_lawful(values) else None

    def is_lawful(self, values: Sequence[str]) -> bool:
        """Tell whether the rules of values find nothing."""
        return not lint_values(self.sms_type, values, beside=self.body)

    def pieces(self, text: str) -> list[str] | None:
        """Return what stands at each variable in turn."""
        prefix, suffix = self.literals[0], self.literals[-1]
        if not self.variables:
            return [] if text == prefix else None
        start, end = len(prefix), len(text) - len(suffix)
        if end - start < len(self.variables):
            return None
        if not (text.startswith(prefix) and text.endswith(suffix)):
            return None
        inner = self.literals[1:-1]
        if self.sms_type == OTP:
            bounds = [_CODE if number == 1 else _OTHER for number in self.variables]
            return splitting.short(text, start, end, inner, bounds)
        return splitting.free(text, start, end, inner)

    def _agreed(self, pieces: Sequence[str]) -> tuple[str, ...] | None:
        """Return the values in the order of their numbers, if those said twice are equal."""
        values: dict[int, str] = {}
        for number, piece in zip(self.variables, pieces, strict=True):
            if values.setdefault(number, piece) != piece:
                return None
        return tuple(values[number] for number in sorted(values))

    def _repeated(self, text: str) -> tuple[str, ...] | None:
        """Try some values of the first variable, which is said twice, one after the other."""
        number, start = self.variables[0], len(self.literals[0])
        if self.variables.count(number) < 2:
            return None
        end = start
        for _try in range(_REPEATS_TRIED):
            end = text.find(self.literals[1], end + 1)
            if end < 0:
                break
            value = text[start:end]
            pieces = self._with(number, value).pieces(text)
            if pieces is None:
                continue
            left = iter(pieces)
            agreed = self._agreed(
                [value if one == number else next(left) for one in self.variables]
            )
            if agreed is not None:
                return agreed
        return None

    def _with(self, number: int, value: str) -> "WordingPattern":
        """Return the pattern in which a variable is fixed."""
        literals, variables = [self.literals[0]], []
        for variable, literal in zip(self.variables, self.literals[1:], strict=True):
            if variable == number:
                literals[-1] += value + literal
            else:
                variables.append(variable)
                literals.append(literal)
        return WordingPattern(self.id, self.sms_type, self.body, tuple(literals), tuple(variables))


def compiled(id: int, sms_type: str, body: str) -> WordingPattern | None:  # noqa: A002 - as it is kept.
    """Compile a wording; None where its variables have gaps, which no review lets pass."""
    parsed = wording.parse(normalise(body))
    if len(parsed.used) != parsed.variables:
        return None
    literals, variables = [""], []
    for piece in parsed.pieces:
        if isinstance(piece, str):
            literals[-1] += piece
        else:
            variables.append(piece)
            literals.append("")
    return WordingPattern(id, sms_type, body, tuple(literals), tuple(variables))
