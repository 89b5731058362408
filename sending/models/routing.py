"""The routes, compiled for asking a million times: which gateways take a message to this number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from sending.models.circuit import Circuit
from sending.models.gateway import Gateway, Route
from sending.sms.routes import Key, RouteKeys


class Condition(IntEnum):
    """What can be expected of a gateway, the best first."""

    WORKS = 0
    CIRCUIT_HALF_OPEN = 1
    CIRCUIT_OPEN = 2
    STOPPED = 3
    DRAINING = 4


_BY_CIRCUIT = {
    Circuit.State.HALF_OPEN.value: Condition.CIRCUIT_HALF_OPEN,
    Circuit.State.OPEN.value: Condition.CIRCUIT_OPEN,
}


@dataclass(frozen=True, slots=True)
class RouteGateway:
    """One gateway of one route; `prefix` is digits without plus, both may be empty."""

    prefix: str
    country: str
    order: int
    gateway_id: int


class RouteTable:
    """Gateways by MSISDN prefix and country: the longest prefix wins, then the named country.

    `conditions` says how the gateways are; those it does not name work.
    """

    def __init__(
        self, ways: Iterable[RouteGateway], conditions: Mapping[int, Condition] | None = None
    ) -> None:
        self.conditions = dict(conditions or {})
        self._routes: dict[Key, list[int]] = defaultdict(list)
        for way in sorted(ways, key=lambda way: way.order):
            self._routes[way.prefix, way.country].append(way.gateway_id)
        self._keys = RouteKeys(self._routes)

    @classmethod
    def load(cls) -> Self:
        """Read the routes, and how the gateways are now."""
        rows = Gateway.objects.values_list("pk", "mode", "circuit__state")
        conditions = {pk: _condition(mode, circuit) for pk, mode, circuit in rows}
        ways = Route.objects.values_list("prefix", "country", "order", "gateway_id")
        return cls((RouteGateway(*way) for way in ways), conditions)

    def key_of(self, msisdn: str, country: str) -> Key | None:
        """Return the route that an E.164 number with plus takes, or None when none fits."""
        return self._keys.key_of(msisdn[1:], country)

    def works(self, gateway_id: int) -> bool:
        """Tell whether a gateway takes what other gateways cannot."""
        return self.conditions.get(gateway_id, Condition.WORKS) is Condition.WORKS

    def next_for(self, msisdn: str, country: str, after: int) -> int | None:
        """Return the next gateway of the route that works, round after `after`; None if none."""
        key = self.key_of(msisdn, country)
        route = self._routes[key] if key else []
        at = route.index(after) + 1 if after in route else 0
        return next((pk for pk in route[at:] + route[:at] if pk != after and self.works(pk)), None)

    def first_for(self, msisdn: str, country: str) -> int | None:
        """Return the first gateway of the route that works; None if none."""
        key = self.key_of(msisdn, country)
        return next((pk for pk in self._routes[key] if self.works(pk)), None) if key else None

    def prefers(self, gateway_id: int, msisdn: str, country: str, over: int) -> bool:
        """Tell whether the route names `gateway_id`, and before the gateway `over`."""
        key = self.key_of(msisdn, country)
        route = self._routes[key] if key else []
        if gateway_id not in route:
            return False
        return over not in route or route.index(gateway_id) < route.index(over)

    def for_new(self, avoid: Mapping[Key, Collection[int]] | None = None) -> dict[Key, int]:
        """Return {route: the gateway that new messages are given to}.

        The first one that works; where there is none, the first that may work again, for which
        they wait. Gateways to `avoid` are taken where the route has no other that works.
        """
        chosen = {
            key: min(
                route,
                key=lambda pk: (self._condition(pk), pk in (avoid or {}).get(key, ())),
            )
            for key, route in self._routes.items()
        }
        return {key: pk for key, pk in chosen.items() if self._condition(pk) != Condition.DRAINING}

    def _condition(self, gateway_id: int) -> Condition:
        return self.conditions.get(gateway_id, Condition.WORKS)


def _condition(mode: str, circuit: str | None) -> Condition:
    if mode == Gateway.Mode.STOPPED:
        return Condition.STOPPED
    if mode == Gateway.Mode.DRAINING:
        return Condition.DRAINING
    return _BY_CIRCUIT.get(circuit or "", Condition.WORKS)
