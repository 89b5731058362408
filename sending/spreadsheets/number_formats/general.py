"""The format "General": a number with at most 15 significant digits, as spreadsheets keep them."""

from decimal import Decimal

# Up to here people read a number as a number; beyond, an exponent is easier than its zeros.
_LARGEST_PLAIN = 20
_SMALLEST_PLAIN = -9


def general(number: float) -> str:
    """Return the number as text: 0.30000000000000004 is 0.3, 5.0 is 5."""
    text = f"{number:.15g}"
    if "e" in text:
        return _far(text)
    return "0" if text == "-0" else text


def _far(text: str) -> str:
    """Return a number that is far from 1: written out while that can be read."""
    exponent = int(text.partition("e")[2])
    if _SMALLEST_PLAIN <= exponent <= _LARGEST_PLAIN:
        return f"{Decimal(text):f}"
    return f"{text.partition('e')[0]}E{exponent:+03}"
