"""Which gateway and price a number gets, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.intake.sentences import Sentence, row_sentence
from sending.models import Gateway, PriceVersion, Route
from sending.models.routing import Condition, RouteTable
from sending.sms.msisdn import Msisdn, MsisdnError, parse

# Tone, icon and words of what can be expected of a gateway.
_CONDITIONS: Mapping[Condition, tuple[str, str, Promise]] = {
    Condition.WORKS: ("ok", "check", _("Works")),
    Condition.CIRCUIT_HALF_OPEN: ("warn", "retry", _("Being tried again")),
    Condition.CIRCUIT_OPEN: ("bad", "failed", _("Circuit open")),
    Condition.STOPPED: ("idle", "power", _("Stopped")),
    Condition.DRAINING: ("idle", "drain", _("Draining")),
}


@dataclass(frozen=True, slots=True)
class GatewayOfRoute:
    """A gateway of the route, how it is, and whether a new message is given to it."""

    gateway: Gateway
    condition: tuple[str, str, Promise]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SegmentPrice:
    """What a segment costs, and the country whose row says so; empty for all others."""

    micro: int
    currency: str
    country: str


@dataclass(frozen=True, slots=True)
class Way:
    """What would happen to a message to a number; without a number, why none can be sent."""

    refusal: Sentence | None = None
    msisdn: Msisdn | None = None
    prefix: str = ""
    country: str = ""
    has_route: bool = False
    gateways: tuple[GatewayOfRoute, ...] = ()
    price: SegmentPrice | None = None


def way_of(number: str) -> Way:
    """Ask the same rules, routes and prices that a check asks."""
    try:
        msisdn = parse(number)
    except MsisdnError as refused:
        return Way(refusal=row_sentence(refused.code, {}, number, refused.suggestion or ""))
    table = RouteTable.load()
    key = table.key_of(msisdn.e164, msisdn.country)
    price = _price(msisdn.country)
    if key is None:
        return Way(msisdn=msisdn, price=price)
    chosen = table.for_new().get(key)
    routes = Route.objects.filter(prefix=key[0], country=key[1]).select_related("gateway")
    gateways = tuple(
        GatewayOfRoute(
            route.gateway,
            _CONDITIONS[table.conditions.get(route.gateway_id, Condition.WORKS)],
            is_chosen=route.gateway_id == chosen,
        )
        for route in routes.order_by("order")
    )
    return Way(None, msisdn, *key, has_route=True, gateways=gateways, price=price)


def _price(country: str) -> SegmentPrice | None:
    version = PriceVersion.current()
    if version is None:
        return None
    prices = version.by_country()
    row = next((each for each in (country, "") if each in prices), None)
    return None if row is None else SegmentPrice(prices[row], version.currency, row)
