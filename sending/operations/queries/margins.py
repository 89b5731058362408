"""What a segment brings and costs: prices against the costs of the gateways that would take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.countries import country_name
from sending.models import Gateway, GatewayCost, PriceVersion
from sending.models.country_routes import CountryRoutes

ANYWHERE = ""


@dataclass(frozen=True, slots=True)
class Margin:
    """A country by one gateway; None where cost or price is not known, or in other currencies."""

    country: str
    gateway: Gateway | None
    price: int | None
    cost: int | None
    cost_currency: str = ""

    @property
    def margin(self) -> int | None:
        """Return what is left of a segment, in millionths; below zero is a loss."""
        if self.price is None or self.cost is None:
            return None
        return self.price - self.cost

    @property
    def tenths(self) -> int | None:
        """Return the margin in tenths of a percent of the price."""
        if self.margin is None or not self.price:
            return None
        return round(1000 * self.margin / self.price)

    @property
    def is_loss(self) -> bool:
        """Tell whether the price is below the cost."""
        return self.margin is not None and self.margin < 0


@dataclass(frozen=True, slots=True)
class Margins:
    """All margins by country, and what to be warned of.

    `unpriced` have a route and no price; "" among them stands for all that no row names.
    """

    rows: Sequence[Margin]
    unpriced: Sequence[str]

    @property
    def losses(self) -> list[Margin]:
        """Return where a price is below the cost."""
        return [row for row in self.rows if row.is_loss]

    @property
    def unknown(self) -> int:
        """Return for how many ways no cost is entered in the currency of the list."""
        return sum(row.gateway is not None and row.cost is None for row in self.rows)


def margins(version: PriceVersion | None) -> Margins:
    """Compare a price list with costs and routes, each a small table."""
    prices = version.by_country() if version else {}
    currency = version.currency if version else ""
    costs = {(row.gateway_id, row.country): row for row in GatewayCost.objects.all()}
    gateways = Gateway.objects.in_bulk()
    ways = CountryRoutes.load()
    named = set(prices) | {country for _gateway, country in costs} | ways.countries | {ANYWHERE}
    rows: list[Margin] = []
    unpriced: list[str] = []
    for country in sorted(named, key=lambda code: (not code, country_name(code) or code)):
        price = prices.get(country, prices.get(ANYWHERE))
        taken = ways.to(country)
        if taken and price is None:
            unpriced.append(country)
        if not taken and price is not None and country:
            rows.append(Margin(country, None, price, None))
        rows += [
            _margin(country, gateways[pk], price, costs, currency)
            for pk in taken
            if price is not None or (pk, country) in costs
        ]
    return Margins(rows, unpriced)


def _margin(
    country: str,
    gateway: Gateway,
    price: int | None,
    costs: Mapping[tuple[int, str], GatewayCost],
    currency: str,
) -> Margin:
    row = costs.get((gateway.pk, country)) or costs.get((gateway.pk, ANYWHERE))
    if row is None:
        return Margin(country, gateway, price, None)
    comparable = not currency or row.currency == currency
    return Margin(country, gateway, price, row.micro if comparable else None, row.currency)
