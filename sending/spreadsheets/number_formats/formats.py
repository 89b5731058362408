"""A format code made ready: which section a number takes, and the text that comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from sending.spreadsheets.number_formats.general import general
from sending.spreadsheets.number_formats.moments import (
    LAST_SERIAL,
    has_words,
    is_moment,
    moment_writer,
    shows_span,
)
from sending.spreadsheets.number_formats.numbers import number_writer
from sending.spreadsheets.number_formats.tokens import Section, TokenKind, sections_of

# Spreadsheet programs allow 255; what is longer was not made by one.
_LONGEST_CODE = 1_000
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": float.__lt__,
    "<=": float.__le__,
    ">": float.__gt__,
    ">=": float.__ge__,
    "=": float.__eq__,
    "<>": float.__ne__,
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A section made ready. `limit` is the largest number that it can show, None any."""

    write: Callable[[float], str]
    condition: tuple[str, float] | None
    exact: bool
    is_moment: bool
    is_span: bool

    def holds(self, number: float) -> bool:
        """Tell whether the number meets the condition of the section."""
        if self.condition is None:
            return False
        operator, limit = self.condition
        return _COMPARE[operator](float(number), limit)

    @property
    def is_negative(self) -> bool:
        """Whether the condition lets only numbers below zero in, which then show no minus."""
        if self.condition is None:
            return False
        operator, limit = self.condition
        return operator in {"<", "<="} and limit <= 0


class NumberFormat:
    """One format code of a workbook.

    `plain_whole` says that whole numbers show as they are, `text` is the format of texts or None,
    `by_language` that programs of other languages show something else.
    """

    def __init__(self, code: str, *, since_1904: bool = False, by_language: bool = False) -> None:
        self.code = code
        too_long = len(code) > _LONGEST_CODE
        sections = sections_of("General" if too_long else code)[:4]
        self.text = _text_section(sections)
        self._parts = [_part(section, since_1904=since_1904) for section in sections]
        if not self._parts:
            self._parts = [_part(Section([(TokenKind.GENERAL, "")]), since_1904=since_1904)]
        self._has_conditions = any(part.condition for part in self._parts[:2])
        self._exact = not (too_long or by_language) and all(part.exact for part in self._parts)
        self._moments = any(part.is_moment for part in self._parts)
        self.plain_whole = code.strip() in {"0", "#0", "##0"}

    def show(self, number: float) -> str:
        """Return the text that a cell with this number shows."""
        part, negated = self._choose(number)
        if part is None:
            return ""
        if part.is_moment:
            if part.is_span or 0 <= number < LAST_SERIAL:
                return part.write(number)
            return general(number)
        text = part.write(abs(number))
        # A number that rounds to nothing shows as nothing does, without a sign.
        return f"-{text}" if negated and text != part.write(0.0) else text

    def is_exact(self, number: float) -> bool:
        """Tell whether `show` is what a cell shows on any machine.

        Names of months in another language, eras and days before 1900 are not. Of a number below
        zero in a section with a condition some programs show no minus.
        """
        if not self._exact or (number < 0 and self._has_conditions):
            return False
        return not self._moments or 0 <= number < LAST_SERIAL

    def _choose(self, number: float) -> tuple[_Part | None, bool]:
        """Return the section for a number, and whether a minus goes before its text."""
        parts = self._parts
        if self._has_conditions:
            return self._choose_by_condition(number)
        if number < 0 and len(parts) > 1:
            return parts[1], False
        if number == 0 and len(parts) > 2:
            return parts[2], False
        return parts[0], number < 0

    def _choose_by_condition(self, number: float) -> tuple[_Part | None, bool]:
        parts = self._parts
        first = parts[0]
        if first.holds(number) or (first.condition is None and number > 0):
            return first, number < 0 and first.condition not in {("<", 0), ("<=", 0)}
        if len(parts) == 1:
            return None, False
        second = parts[1]
        only_negatives = second.condition is None and first.condition in {(">", 0), (">=", 0)}
        if len(parts) == 2 and second.condition is None:
            return second, number < 0 and not only_negatives
        if second.holds(number) or (second.condition is None and number < 0):
            hidden = second.is_negative or second.condition is None
            return second, number < 0 and not hidden
        last = parts[2] if len(parts) > 2 else parts[-1]
        return last, number < 0


def _text_section(sections: list[Section]) -> Callable[[str], str] | None:
    """Take the section of texts off a format; None when texts show as they are."""
    has_one = len(sections) == 4 or any(
        kind is TokenKind.TEXT for kind, _text in sections[-1].tokens
    )
    if not has_one:
        return None
    tokens = sections.pop().tokens
    if [kind for kind, _text in tokens if kind is not TokenKind.LITERAL] == [
        TokenKind.TEXT
    ] and not any(text.strip() for kind, text in tokens if kind is TokenKind.LITERAL):
        return None
    pieces = [None if kind is TokenKind.TEXT else text for kind, text in tokens]

    def write(text: str) -> str:
        return "".join(text if piece is None else piece for piece in pieces)

    return write


def _part(section: Section, *, since_1904: bool) -> _Part:
    moment = is_moment(section)
    kinds = section.kinds()
    exact = section.exact
    if moment:
        exact = exact and (section.words or not has_words(section))
        write = moment_writer(section, since_1904=since_1904)
    else:
        exact = exact and (section.points or kinds.isdisjoint({TokenKind.POINT, TokenKind.COMMA}))
        write = number_writer(section)
    return _Part(write, section.condition, exact, moment, moment and shows_span(section))


@lru_cache(maxsize=4_096)
def number_format(
    code: str, *, since_1904: bool = False, by_language: bool = False
) -> NumberFormat | None:
    """Return the format of a code, or None where a number shows as "General" does."""
    if code.strip().lower() in {"", "general", "@", "standard"}:
        return None
    return NumberFormat(code, since_1904=since_1904, by_language=by_language)
