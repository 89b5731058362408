"""A format code cut into its sections and tokens."""

import re
from dataclasses import dataclass, field
from enum import Enum

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|\\(?P<escaped>.?)"
    r"|_(?P<space>.?)"
    r"|\*(?P<fill>.?)"
    r"|\[(?P<bracket>[^\]]*)\]?"
    r"|(?P<noon>AM/PM|A/P|上午/下午|午前/午後|오전/오후)"
    r"|(?P<general>General)"
    # "Rs. #,##0", "0 kg", "h:mm Uhr": nobody put the word in quotation marks, yet it is one.
    r"|(?P<word>(?<![a-z])(?:(?=[a-z]*[cfi-lnoqru-x])[a-z]{2,}"
    r"|(?-i:(?=[A-Z]*[ABEGPTZ])(?!(?P<repeated>[A-Z])(?P=repeated){2})[A-Z]{3})(?![a-z]))\.?)"
    r"|(?P<exponent>E[+-])"
    r"|(?P<moment>y+|m+|d+|h+|s+|e+|b+|g+)"
    r"|(?P<digit>[0#?])"
    r"|(?P<mark>[.,%/@;])"
    r"|(?P<char>.)",
    re.IGNORECASE | re.DOTALL,
)
_CODE_LETTERS = frozenset("bdeghmsy")
_CONDITION = re.compile(
    r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,3})?)", re.IGNORECASE
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r\s*[0-9]{1,2}", re.IGNORECASE
)
_CURRENCY = re.compile(r"\$([^-]*)(?:-([0-9A-F]{1,8})(?:,[0-9]*)?)?", re.IGNORECASE)

# Primary language ids ([MS-LCID]) of those who write a decimal point, and of English.
_POINT = frozenset({0x04, 0x09, 0x0D, 0x11, 0x12, 0x1E, 0x39, 0x3E, 0x64})
_ENGLISH = 0x09
_PRIMARY = 0x3FF
# Calendars and digits of other scripts stand above the language.
_LANGUAGE = 0xFFFF
# "The system's long date" and "the system's time".
_SYSTEM_DATE, _SYSTEM_TIME = 0xF800, 0xF400


class TokenKind(Enum):
    """What a token is."""

    LITERAL = "literal"
    DIGIT = "digit"
    POINT = "point"
    COMMA = "comma"
    PERCENT = "percent"
    SLASH = "slash"
    EXPONENT = "exponent"
    GENERAL = "general"
    TEXT = "text"
    MOMENT = "moment"
    ELAPSED = "elapsed"
    NOON = "noon"


Token = tuple[TokenKind, str]


@dataclass(slots=True)
class Section:
    """One of up to four parts between semicolons.

    `condition` is (operator, limit). `exact` says that the text is the same wherever the file is
    opened; `points` and `words` that the language of the section has our separators and words.
    """

    tokens: list[Token] = field(default_factory=list)
    condition: tuple[str, float] | None = None
    exact: bool = True
    points: bool = True
    words: bool = True

    def kinds(self) -> set[TokenKind]:
        """Return which kinds of tokens it has."""
        return {kind for kind, _text in self.tokens}


_MARKS = {
    ".": TokenKind.POINT,
    ",": TokenKind.COMMA,
    "%": TokenKind.PERCENT,
    "/": TokenKind.SLASH,
    "@": TokenKind.TEXT,
}
_GROUPS = {
    "exponent": TokenKind.EXPONENT,
    "general": TokenKind.GENERAL,
    "digit": TokenKind.DIGIT,
    "noon": TokenKind.NOON,
}


def sections_of(code: str) -> list[Section]:
    """Cut a format code; nothing that people can write raises."""
    sections = [Section()]
    for found in _TOKEN.finditer(code):
        group, text = found.lastgroup or "", found[0]
        if group == "fill":
            # It fills the width of a column, which a message does not have.
            continue
        if text == ";" and group == "mark":
            sections.append(Section())
            continue
        _add(sections[-1], group, text, found[group] if group else "")
    return sections


def _add(section: Section, group: str, text: str, inner: str) -> None:
    match group:
        case "quoted" | "escaped" | "char":
            section.tokens.append((TokenKind.LITERAL, inner))
        case "word":
            _add_word(section, inner)
        case "space":
            section.tokens.append((TokenKind.LITERAL, " "))
        case "bracket":
            _add_bracket(section, inner)
        case "mark":
            section.tokens.append((_MARKS[text], text))
        case "moment":
            # Eras and Buddhist years need a calendar of their own.
            if text[0] in "gGbB" or (text[0] in "eE" and not section.words):
                section.exact = False
            section.tokens.append((TokenKind.MOMENT, text.lower()))
        case _:
            section.tokens.append((_GROUPS[group], text))


def _add_word(section: Section, word: str) -> None:
    section.tokens.append((TokenKind.LITERAL, word))
    if not _CODE_LETTERS.isdisjoint(word.lower()):
        # Programs take its letters for days and times, or refuse it.
        section.exact = False


def _add_bracket(section: Section, inner: str) -> None:
    if found := _CONDITION.fullmatch(inner.strip()):
        section.condition = (found[1], float(found[2]))
    elif _ELAPSED.fullmatch(inner):
        section.tokens.append((TokenKind.ELAPSED, inner.lower()))
    elif found := _CURRENCY.fullmatch(inner):
        section.tokens.append((TokenKind.LITERAL, found[1]))
        if found[2]:
            _localize(section, int(found[2], 16))
    elif not _COLOUR.fullmatch(inner.strip()):
        # Digits of other scripts ([DBNum1], [NatNum12]) and whatever comes next.
        section.exact = False


def _localize(section: Section, tag: int) -> None:
    language = tag & _LANGUAGE
    if language in {_SYSTEM_DATE, _SYSTEM_TIME} or tag > _LANGUAGE:
        section.exact = False
    elif language:
        section.points = language & _PRIMARY in _POINT
        section.words = language & _PRIMARY == _ENGLISH
