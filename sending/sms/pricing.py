"""Money: whole micro-units of a currency (1,000,000 micro = 1), and how much of it people read."""

from decimal import ROUND_CEILING, Decimal

MICRO = 1_000_000
_HUNDREDTH = Decimal("0.01")


def amount_of(micro: int) -> Decimal:
    """Return the exact amount."""
    return Decimal(micro) / MICRO


def micro_of(amount: Decimal) -> int:
    """Return the micro-units of an amount of at most six decimals."""
    return int(amount * MICRO)


def in_hundredths(micro: int) -> Decimal:
    """Return the amount with two decimals, rounded up so that none looks free."""
    return amount_of(micro).quantize(_HUNDREDTH, ROUND_CEILING)


def price_decimals(micro: int) -> int:
    """Return how many decimals say a price in full: four, or as many as it has."""
    places = 4
    while micro % 10 ** (6 - places):
        places += 1
    return places
