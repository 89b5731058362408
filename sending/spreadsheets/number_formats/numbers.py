"""Numbers as a section of a format code shows them: digits, separators, percent, exponents."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal

from sending.spreadsheets.number_formats.fractions import fraction_writer, is_fraction
from sending.spreadsheets.number_formats.general import general
from sending.spreadsheets.number_formats.tokens import Section, Token, TokenKind

# The largest number has 309 digits before the point; a code has fewer than that behind it.
_EXACT = Context(prec=1_500, rounding=ROUND_HALF_UP)
_KEPT_DIGITS = 15
# Below it numbers are written without an exponent, all of their digits kept.
_QUICK = 1e14
_MISSING = {"0": "0", "#": "", "?": " "}


@dataclass(slots=True)
class _Layout:
    """A section by its parts. Tokens keep their order; literals may stand between digits."""

    whole: list[Token] = field(default_factory=list)
    share: list[Token] = field(default_factory=list)
    exponent: list[Token] = field(default_factory=list)
    point: bool = False
    thousands: bool = False
    sign: str = ""
    shift: int = 0


def number_writer(section: Section) -> Callable[[float], str]:
    """Return what writes the absolute value of a number by the section."""
    if is_fraction(section.tokens):
        return fraction_writer(section.tokens)
    layout = _layout(section.tokens)
    if layout.sign:
        return lambda number: _scientific(layout, Decimal(f"{number:.15g}"))
    return _plain_writer(layout)


def decimal_of(number: float, places: int) -> Decimal:
    """Return the number as it is written, for so many places behind the point.

    Where those are more than the 15 digits that spreadsheets keep, the rest is zeros.
    """
    value = Decimal(repr(number))
    return Decimal(f"{number:.15g}") if value.adjusted() + places >= _KEPT_DIGITS - 1 else value


def _layout(tokens: Sequence[Token]) -> _Layout:
    layout = _Layout()
    part = layout.whole
    for at, (kind, text) in enumerate(tokens):
        match kind:
            case TokenKind.POINT if not layout.point and not layout.sign:
                layout.point, part = True, layout.share
            case TokenKind.EXPONENT if not layout.sign:
                layout.sign, part = text[1], layout.exponent
            case TokenKind.COMMA:
                _take_comma(layout, tokens, at, part)
            case TokenKind.PERCENT:
                layout.shift += 2
                part.append((TokenKind.LITERAL, text))
            case TokenKind.DIGIT | TokenKind.LITERAL | TokenKind.GENERAL | TokenKind.TEXT:
                part.append((kind, text))
            case _:
                part.append((TokenKind.LITERAL, text))
    return layout


def _take_comma(layout: _Layout, tokens: Sequence[Token], at: int, part: list[Token]) -> None:
    """Read a comma: between digits it groups them, behind the last digit it divides by 1,000."""
    digit_before = any(kind is TokenKind.DIGIT for kind, _text in tokens[:at])
    rest = next((kind for kind, _text in tokens[at + 1 :] if kind is not TokenKind.COMMA), None)
    digit_after = any(kind is TokenKind.DIGIT for kind, _text in tokens[at + 1 :])
    if not digit_before:
        part.append((TokenKind.LITERAL, ","))
    elif rest is TokenKind.DIGIT or (digit_after and rest is not TokenKind.POINT):
        layout.thousands = layout.thousands or part is layout.whole
    elif _touches_digit(tokens, at):
        layout.shift -= 3
    else:
        part.append((TokenKind.LITERAL, ","))


def _touches_digit(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether nothing but commas stands between a digit and this place."""
    while tokens[at][0] is TokenKind.COMMA:
        at -= 1
    return tokens[at][0] in {TokenKind.DIGIT, TokenKind.POINT}


def _plain_writer(layout: _Layout) -> Callable[[float], str]:
    places = sum(kind is TokenKind.DIGIT for kind, _text in layout.share)
    unit = Decimal((0, (1,), -places))
    quick = _quick_spec(layout, places)
    before, after = _around(layout)
    shift = layout.shift

    def write(number: float) -> str:
        if quick is not None and not shift and _has_no_more(number, places):
            return f"{before}{number:{quick}}{after}"
        value = decimal_of(number, places + shift)
        if shift and value:
            value = value.scaleb(shift, _EXACT)
        value = value.quantize(unit, context=_EXACT)
        if quick is not None:
            return f"{before}{value:{quick}}{after}"
        whole, _point, share = f"{value:f}".partition(".")
        return _joined(layout, whole.lstrip("0"), share, number)

    return write


def _has_no_more(number: float, places: int) -> bool:
    """Tell whether a number, as it is written, needs no rounding to so many places."""
    if number >= _QUICK:
        return False
    whole, _point, share = repr(number).partition(".")
    return "e" not in share and len(share) <= places and len(whole) + places < _KEPT_DIGITS


def _quick_spec(layout: _Layout, places: int) -> str | None:
    """Return what Python's own formatting is asked for, where it gives the same."""
    whole = "".join(text for kind, text in layout.whole if kind is TokenKind.DIGIT)
    share = "".join(text for kind, text in layout.share if kind is TokenKind.DIGIT)
    if layout.point != bool(places) or share.strip("0"):
        return None
    if not _is_solid(layout.whole) or (layout.share and not _is_solid(layout.share)):
        return None
    if any(kind is TokenKind.DIGIT for kind, _text in layout.share) and _ends_in_literal(
        layout.whole
    ):
        return None
    zeros = whole.lstrip("#")
    if not zeros or zeros.strip("0") or (layout.thousands and len(zeros) > 1):
        return None
    width = len(zeros) + (places + 1 if places else 0)
    comma = "," if layout.thousands else ""
    return f"0{width}{comma}.{places}f" if len(zeros) > 1 else f"{comma}.{places}f"


def _is_solid(part: Sequence[Token]) -> bool:
    """Tell whether the digits stand together, and nothing but literals around them."""
    kinds = [kind for kind, _text in part]
    if set(kinds) - {TokenKind.DIGIT, TokenKind.LITERAL} or TokenKind.DIGIT not in kinds:
        return False
    first = kinds.index(TokenKind.DIGIT)
    last = len(kinds) - kinds[::-1].index(TokenKind.DIGIT)
    return TokenKind.LITERAL not in kinds[first:last]


def _ends_in_literal(part: Sequence[Token]) -> bool:
    return bool(part) and part[-1][0] is TokenKind.LITERAL


def _around(layout: _Layout) -> tuple[str, str]:
    before, after, seen = "", "", False
    for kind, text in [*layout.whole, *layout.share]:
        if kind is TokenKind.DIGIT:
            seen, after = True, ""
        elif seen:
            after += text
        else:
            before += text
    return before, after


def _joined(layout: _Layout, whole: str, share: str, number: float) -> str:
    text = _whole(layout.whole, whole, number, thousands=layout.thousands)
    if layout.point:
        if all(kind is not TokenKind.DIGIT for kind, _text in layout.whole):
            # ".00" has no place for them, yet 12.5 shows as 12.50.
            text += whole
        text += "." + _share(layout.share, share)
    return text


def _whole(part: Sequence[Token], digits: str, number: float, *, thousands: bool) -> str:
    """Give the digits to their places from the right; the first place takes all that are over."""
    places = sum(kind is TokenKind.DIGIT for kind, _text in part)
    place = max(len(digits), places)
    over = place - places
    pieces: list[str] = []
    for kind, text in part:
        if kind is not TokenKind.DIGIT:
            pieces.append(general(number) if kind in {TokenKind.GENERAL, TokenKind.TEXT} else text)
            continue
        for _digit in range(over + 1):
            char = digits[-place] if place <= len(digits) else _MISSING[text]
            pieces.append(char)
            if thousands and char and place > 1 and place % 3 == 1:
                pieces.append("," if char != " " else " ")
            place -= 1
        over = 0
    return "".join(pieces)


def _share(part: Sequence[Token], digits: str) -> str:
    """Write the digits behind the point; zeros at the end give way where the code says so."""
    codes = [text for kind, text in part if kind is TokenKind.DIGIT]
    kept = len(codes)
    while kept and codes[kept - 1] != "0" and digits[kept - 1 : kept] in {"0", ""}:
        kept -= 1
    pieces, at = [], 0
    for kind, text in part:
        if kind is not TokenKind.DIGIT:
            pieces.append(text)
            continue
        pieces.append(digits[at] if at < kept else _MISSING[text])
        at += 1
    return "".join(pieces)


def _scientific(layout: _Layout, value: Decimal) -> str:
    step = max(1, sum(kind is TokenKind.DIGIT for kind, _text in layout.whole))
    places = sum(kind is TokenKind.DIGIT for kind, _text in layout.share)
    unit = Decimal((0, (1,), -places))
    exponent = _exponent(value, step)
    mantissa = value.scaleb(-exponent, _EXACT).quantize(unit, context=_EXACT)
    if mantissa and _exponent(mantissa, step) > 0:
        exponent += step
        mantissa = value.scaleb(-exponent, _EXACT).quantize(unit, context=_EXACT)
    whole, _point, share = f"{mantissa:f}".partition(".")
    text = _joined(layout, whole.lstrip("0") or "0", share, 0)
    sign = "-" if exponent < 0 else "+" if layout.sign == "+" else ""
    return f"{text}E{sign}" + _whole(layout.exponent, str(abs(exponent)), 0, thousands=False)


def _exponent(value: Decimal, step: int) -> int:
    return value.adjusted() // step * step if value else 0
