"""What a segment costs now, for pages of apps that know no prices."""

from dataclasses import dataclass

from django import template

from sending.models import PriceVersion

register = template.Library()


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices in force; without a list there are none."""

    currency: str
    by_country: dict[str, int]


@register.simple_tag
def current_prices() -> Prices:
    """Return the prices in force, which are the same for every organization."""
    version = PriceVersion.current()
    return Prices(version.currency, version.by_country()) if version else Prices("", {})


@register.filter
def price_to(prices: Prices, country: str) -> int | None:
    """Return the price of a segment to a country; None where nothing can be sent to it."""
    return prices.by_country.get(country, prices.by_country.get(""))
