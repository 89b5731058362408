"""Prices: whole micro-units of a currency (1,000,000 micro = 1), per country and segment."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MICRO = 1_000_000
_MOST_MICRO = 10**18  # What a database keeps in 64 bits.

# ISO 4217 currencies whose minor unit is not a hundredth.
_WHOLE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"}
    | {"VUV", "XAF", "XOF", "XPF"}
)
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


class NoPrice(LookupError):
    """A country has no price and the table no default; `country` says which."""

    def __init__(self, country: str) -> None:
        super().__init__(country)
        self.country = country


@dataclass(frozen=True, slots=True)
class PriceTable:
    """One version of the prices: micro-units per segment by ISO 3166 country, and for the rest."""

    currency: str
    by_country: Mapping[str, int]
    default: int | None = None

    def price(self, country: str) -> int:
        """Micro-units for one segment; raise NoPrice."""
        price = self.by_country.get(country, self.default)
        if price is None:
            raise NoPrice(country)
        return price

    def cost(self, country: str, segments: int) -> int:
        """Micro-units for one message; raise NoPrice."""
        return self.price(country) * segments


def minor_digits(currency: str) -> int:
    """Decimal places of a currency's minor unit (ISO 4217)."""
    if currency in _WHOLE:
        return 0
    return 3 if currency in _THOUSANDTHS else 2


def format_micro(amount: int, currency: str, places: int | None = None) -> str:
    """An amount for people, rounded half up: `USD 1,056.26`.

    `places` defaults to the currency's own; an amount that would show as nothing gets more.
    """
    if places is None:
        places = minor_digits(currency)
        while amount and places < 6 and 2 * abs(amount) < 10 ** (6 - places):
            places += 1
    step = Decimal(1).scaleb(-places)
    rounded = (Decimal(amount) / MICRO).quantize(step, ROUND_HALF_UP)
    return f"{currency} {rounded:,.{places}f}"


def format_price(price: int, currency: str) -> str:
    """A price per segment for people, four decimal places or all it has: `USD 0.0480`."""
    places = 4
    while price % 10 ** (6 - places):
        places += 1
    return format_micro(price, currency, places)


def to_micro(amount: Decimal | str) -> int:
    """Return the micro-units of an amount.

    Raises ValueError where it is no number, finer than a micro, or a million millions and more.
    """
    try:
        micro = Decimal(amount) * MICRO
        fits = micro.is_finite() and abs(micro) < _MOST_MICRO and micro == int(micro)
    except ArithmeticError as error:
        raise ValueError(amount) from error
    if not fits:
        raise ValueError(amount)
    return int(micro)
