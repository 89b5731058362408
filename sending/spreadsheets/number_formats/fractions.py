"""Numbers as fractions: "# ?/?" shows 2.5 as 2 1/2."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from sending.spreadsheets.number_formats.tokens import Token, TokenKind

# Nobody writes more; the nearest fraction is looked for among all of so many digits.
_MOST_DIGITS = 7


def is_fraction(tokens: Sequence[Token]) -> bool:
    """Tell whether a section shows a fraction: a slash with a digit on both sides."""
    tokens = _with_one_slash(tokens)
    at = _slash(tokens)
    return at > 0 and tokens[at - 1][0] is TokenKind.DIGIT and bool(_below(tokens, at)[0])


def fraction_writer(tokens: Sequence[Token]) -> Callable[[float], str]:
    """Return what writes the absolute value of a number as a fraction."""
    tokens = _with_one_slash(tokens)
    slash = _slash(tokens)
    line = tokens[slash][1]
    start = slash
    while start and tokens[start - 1][0] is TokenKind.DIGIT:
        start -= 1
    below, end = _below(tokens, slash)
    above = "".join(text for _kind, text in tokens[start:slash])
    mixed = any(kind is TokenKind.DIGIT for kind, _text in tokens[:start])
    fixed = int(below) if below.isdecimal() and len(below) <= 18 else 0
    most = 10 ** min(len(below), _MOST_DIGITS) - 1
    before, after = tokens[:start], tokens[end:]
    # A zero is a place that is always filled: "# 0/0" shows 1 as 1 0/1.
    always = not mixed or "0" in above

    def write(number: float) -> str:
        exact = Fraction(f"{number:.15g}")
        if fixed:
            near = Fraction(int(exact * fixed + Fraction(1, 2)), fixed)
        else:
            near = exact.limit_denominator(most)
        whole = int(near) if mixed else 0
        rest = near - whole
        top = int(rest * fixed) if fixed else rest.numerator
        bottom = fixed or rest.denominator
        text = _literals(before, str(whole) if whole or not top else "")
        if top or always:
            text += _padded(top, above, above=True) + line + _padded(bottom, below, above=False)
        elif not fixed or "?" in above:
            text += " " * (len(above) + len(line) + len(below))
        return text + _literals(after, "")

    return write


def _with_one_slash(tokens: Sequence[Token]) -> list[Token]:
    """Make a slash and a space on either side of it one token: "0 / 0" is a fraction, too."""
    joined = list(tokens)
    at = _slash(joined)
    for side in (at + 1, at - 1):
        if at > 0 and side < len(joined) and joined[side] == (TokenKind.LITERAL, " "):
            first = min(at, side)
            line = joined[first][1] + joined[first + 1][1]
            joined[first : first + 2] = [(TokenKind.SLASH, line)]
    return joined


def _slash(tokens: Sequence[Token]) -> int:
    return next((at for at, (kind, _text) in enumerate(tokens) if kind is TokenKind.SLASH), -1)


def _below(tokens: Sequence[Token], slash: int) -> tuple[str, int]:
    """Return what stands below the line, places or a number, and where it ends."""
    below, at = "", slash + 1
    while at < len(tokens):
        kind, text = tokens[at]
        if kind is not TokenKind.DIGIT and not (kind is TokenKind.LITERAL and text.isdecimal()):
            break
        below += text
        at += 1
    return below[:10], at


def _literals(tokens: Sequence[Token], whole: str) -> str:
    """Write what stands beside the fraction; the first place takes the whole number."""
    pieces, given = [], False
    for kind, text in tokens:
        if kind is not TokenKind.DIGIT:
            pieces.append(text)
        elif not given:
            pieces.append(whole or {"0": "0", "?": " "}.get(text, ""))
            given = True
    return "".join(pieces)


def _padded(number: int, places: str, *, above: bool) -> str:
    """Fill up to the places of the code: with zeros, with spaces, or not at all."""
    text = str(number)
    match places[0]:
        case "0":
            return text.rjust(len(places), "0")
        case "?":
            return text.rjust(len(places)) if above else text.ljust(len(places))
    return text
