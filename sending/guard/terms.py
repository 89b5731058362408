"""What an organization has set for the guard, and what is usual for it, read from the database."""

import ipaddress
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max, Sum

from accounts import shared_time
from accounts.models import Organization
from sending.guard.rules.facts import DAY, Usual
from sending.guard.rules.names import CHOSEN_RULES, AllowKind, Dimension, GuardMode, Rule
from sending.guard.rules.policy import DEFAULTS, NO_CAPS, Caps, Policy, starting_mode
from sending.guard.rules.ranges import Ranges
from sending.models import GuardAllow, GuardCounter, GuardRuleSetting, GuardSettings

USUAL_DAYS = 14
# With fewer, nobody knows what is usual.
_LEAST_SENT, _LEAST_VERIFIED = 50, 10
_MOST_ALLOWS = 5_000
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Allowed:
    """What people let pass: digests of numbers, blocks, countries, networks and keys."""

    numbers: frozenset[int] = frozenset()
    thousands: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    keys: frozenset[int] = frozenset()

    def passes(self, number: int, ranges: Ranges, country: str, key: int, client_ip: str) -> bool:
        """Tell whether a person let a message pass."""
        return (
            number in self.numbers
            or ranges.thousand in self.thousands
            or country in self.countries
            or key in self.keys
            or (bool(self.networks) and self._has(client_ip))
        )

    def _has(self, client_ip: str) -> bool:
        try:
            address = ipaddress.ip_address(client_ip)
        except ValueError:
            return False
        return any(address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class GuardTerms:
    """Everything that judging a message needs besides counts."""

    policy: Policy
    allowed: Allowed
    usual: Usual


def read_terms(organization_id: int) -> GuardTerms:
    """Read what holds for an organization now."""
    return GuardTerms(
        read_policy(organization_id), _allowed(organization_id), _usual(organization_id)
    )


def read_policy(organization_id: int) -> Policy:
    """Read modes, thresholds, home countries and caps."""
    organization = Organization.objects.select_related("guard_settings").get(pk=organization_id)
    chosen: GuardSettings | None = getattr(organization, "guard_settings", None)
    is_new = chosen is not None
    modes: dict[Rule, GuardMode] = {
        rule: starting_mode(rule, is_new=is_new) for rule in CHOSEN_RULES
    }
    thresholds = dict(DEFAULTS)
    rows = GuardRuleSetting.objects.filter(organization_id=organization_id)
    for rule, mode, numbers in rows.values_list("rule", "mode", "thresholds"):
        modes[Rule(rule)] = GuardMode(mode)
        thresholds |= {name: number for name, number in numbers.items() if name in DEFAULTS}
    caps = _caps(chosen)
    return Policy(modes, thresholds, home_countries(organization, chosen), *caps)


def home_countries(organization: Organization, chosen: GuardSettings | None) -> frozenset[str]:
    """Return what F2 lets pass: what was chosen, or the countries allowed, or the own one."""
    named = chosen.home_countries if chosen else []
    own = [organization.country] if organization.country else []
    return frozenset(named or organization.allowed_countries or own)


def _caps(chosen: GuardSettings | None) -> tuple[Caps, Caps, Caps]:
    if chosen is None:
        return NO_CAPS, NO_CAPS, NO_CAPS
    return (
        Caps(chosen.hour_micro, chosen.day_micro),
        Caps(chosen.country_hour_micro, chosen.country_day_micro),
        Caps(chosen.key_hour_micro, chosen.key_day_micro),
    )


def _allowed(organization_id: int) -> Allowed:
    rows = GuardAllow.objects.filter(
        organization_id=organization_id, until__gt=shared_time.now()
    ).values_list("kind", "value")
    values: Mapping[str, list[str]] = {kind.value: [] for kind in AllowKind}
    for kind, value in rows.order_by("-pk")[:_MOST_ALLOWS]:
        values[kind].append(value)
    return Allowed(
        frozenset(map(int, values[AllowKind.NUMBER])),
        frozenset(map(int, values[AllowKind.RANGE])),
        frozenset(values[AllowKind.COUNTRY]),
        tuple(map(ipaddress.ip_network, values[AllowKind.NETWORK])),
        frozenset(map(int, values[AllowKind.KEY])),
    )


_usual_known: dict[int, tuple[float, Usual]] = {}


def _usual(organization_id: int) -> Usual:
    """Return what is usual, which changes by the hour: asked for once in a while."""
    now = time.monotonic()
    known = _usual_known.get(organization_id)
    if known is not None and known[0] > now:
        return known[1]
    usual = read_usual(organization_id)
    if len(_usual_known) > _MOST_ALLOWS:
        _usual_known.clear()
    _usual_known[organization_id] = (now + settings.GUARD_MEMORY_SECONDS, usual)
    return usual


def read_usual(organization_id: int) -> Usual:
    """Read it from the hours that are over: what comes now must not change what it is held to."""
    hour = int(shared_time.now().timestamp() // 3600) * 60
    since = hour - USUAL_DAYS * DAY // 60
    hours = GuardCounter.objects.filter(
        organization_id=organization_id, minute__gte=since, minute__lt=hour
    )
    of_countries = hours.filter(dimension=Dimension.COUNTRY_HOUR.value).values("bucket")
    rows = of_countries.annotate(
        most=Max("verified"), all_sent=Sum("sent"), all_verified=Sum("verified")
    ).values_list("bucket", "most", "all_sent", "all_verified")
    by_country = list(rows)
    busiest = hours.filter(dimension=Dimension.ORGANIZATION_HOUR.value).aggregate(Max("sent"))
    return Usual(
        _conversion(by_country),
        busiest["sent__max"] or 0,
        {country: most for country, most, _sent, _verified in by_country},
    )


def _conversion(rows: Iterable[tuple[str, int, int, int]]) -> float | None:
    found = list(rows)
    sent, verified = sum(row[2] for row in found), sum(row[3] for row in found)
    if sent < _LEAST_SENT or verified < _LEAST_VERIFIED:
        return None
    return float(verified / sent)
