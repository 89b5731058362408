"""Money: whole micro-units of a currency (1,000,000 micro = 1), and how much of it people read."""

from decimal import Decimal

MICRO = 1_000_000


def amount_of(micro: int) -> Decimal:
    """Return the exact amount."""
    return Decimal(micro) / MICRO


def micro_of(amount: Decimal) -> int:
    """Return the micro-units of an amount of at most six decimals."""
    return int(amount * MICRO)


def money_decimals(micro: int) -> int:
    """Return how many decimals say an amount in full, so that what is shown adds up.

    Two, or those of a price, so that amounts of a column stand under each other.
    """
    return price_decimals(micro) if micro % 10_000 else 2


def price_decimals(micro: int) -> int:
    """Return how many decimals say a price in full: four, or as many as it has."""
    places = 4
    while micro % 10 ** (6 - places):
        places += 1
    return places
