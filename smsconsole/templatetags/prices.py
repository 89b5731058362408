"""What a segment costs now, for pages of apps that know no prices."""

from dataclasses import dataclass
from typing import Any

from django import template

from sending.models import PriceVersion

register = template.Library()


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices in force; without a list there are none."""

    currency: str
    by_country: dict[str, int]


@register.simple_tag(takes_context=True)
def current_prices(context: Any) -> Prices:
    """Return the prices in force for the reader's organization."""
    organization = context.get("organization")
    version = PriceVersion.current(organization.pk if organization else None)
    return Prices(version.currency, version.by_country()) if version else Prices("", {})


@register.filter
def price_to(prices: Prices, country: str) -> int | None:
    """Return the price of a segment to a country; None where nothing can be sent to it."""
    return prices.by_country.get(country, prices.by_country.get(""))
