"""What pages show of an organization's guard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, Sum

from accounts import shared_time
from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.guard.questions import minute_of
from sending.guard.rules.names import Dimension, GuardAction, Rule
from sending.guard.words import ACTIONS, RECORDED, RULES, explained
from sending.guard_pages import words
from sending.models import (
    GuardAllow,
    GuardBlock,
    GuardCounter,
    GuardDecision,
    GuardHold,
    GuardIncident,
    GuardSettings,
    PriceVersion,
)
from sending.models.guard_digest import guard_digests

PAGE_SIZE = 50
MOST = 100
"""Blocks, exceptions and incidents on one page."""
RECORDED_DAYS = 7


@dataclass(frozen=True, slots=True)
class SpentOnCodes:
    """What one-time passwords cost in a stretch of time, and its cap, in millionths."""

    is_day: bool
    micro: int
    cap_micro: int | None


@dataclass(frozen=True, slots=True)
class RuleFigure:
    """What a rule recorded or holds: messages, their cost in millionths, and the first end."""

    rule: Rule
    messages: int
    cost_micro: int = 0
    until: datetime | None = None

    @property
    def name(self) -> Any:
        """Return what the rule is called."""
        return RULES[self.rule].name


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as a list shows it."""

    decision: GuardDecision
    name: Any
    sentence: str
    to_do: Any
    tone: str
    icon: str
    label: Any


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """Which decisions are wanted; empty means any. `number` is E.164 and whole."""

    rule: str = ""
    action: str = ""
    country: str = ""
    number: str = ""


def currency_of(organization: Organization) -> str:
    """Return the currency of the price list in force; empty if there is none."""
    current = PriceVersion.current(organization.pk)
    return current.currency if current else ""


def incidents(organization: Organization) -> list[GuardIncident]:
    """Return what goes on now, the newest first."""
    own = GuardIncident.objects.for_organization(organization).filter(ended_at=None)
    return list(own.order_by("-started_at")[:MOST])


def blocks(organization: Organization) -> list[GuardBlock]:
    """Return what is stopped now, what ends last first."""
    own = GuardBlock.objects.for_organization(organization)
    return list(own.filter(until__gt=shared_time.now()).order_by("-until")[:MOST])


def allows(organization: Organization) -> list[GuardAllow]:
    """Return the exceptions in force, the newest first."""
    own = GuardAllow.objects.for_organization(organization)
    return list(own.filter(until__gt=shared_time.now()).order_by("-pk")[:MOST])


def held(organization: Organization) -> list[RuleFigure]:
    """Return how many messages each rule holds, and when the first of them ends."""
    own = GuardHold.objects.for_organization(organization).filter(over_at=None)
    rows = own.values("rule").annotate(messages=Count("pk"), first=Min("until")).order_by("rule")
    return [RuleFigure(Rule(row["rule"]), row["messages"], until=row["first"]) for row in rows]


def held_ids(organization: Organization, rule: str, most: int) -> list[int]:
    """Return messages that a rule holds, the oldest first."""
    own = GuardHold.objects.for_organization(organization).filter(over_at=None, rule=rule)
    return list(own.order_by("pk").values_list("pk", flat=True)[:most])


def recorded(organization: Organization) -> list[RuleFigure]:
    """Return what rules that only record would have stopped in the last days."""
    since = shared_time.now() - timedelta(days=RECORDED_DAYS)
    own = GuardDecision.objects.for_organization(organization)
    rows = (
        own.filter(at__gte=since, is_enforced=False)
        .values("rule")
        .annotate(messages=Count("pk"), cost=Sum("cost_micro"))
        .order_by("rule")
    )
    return [RuleFigure(Rule(row["rule"]), row["messages"], row["cost"]) for row in rows]


def spent(organization: Organization) -> list[SpentOnCodes]:
    """Return what one-time passwords cost in the hour and the day (UTC) that run."""
    chosen = GuardSettings.objects.for_organization(organization).first()
    hour = _spent(organization, Dimension.ORGANIZATION_HOUR)
    day = _spent(organization, Dimension.ORGANIZATION_DAY)
    return [
        SpentOnCodes(is_day=False, micro=hour, cap_micro=_cap(chosen, "hour_micro")),
        SpentOnCodes(is_day=True, micro=day, cap_micro=_cap(chosen, "day_micro")),
    ]


def _cap(chosen: GuardSettings | None, name: str) -> int | None:
    return getattr(chosen, name) if chosen else None


def _spent(organization: Organization, dimension: Dimension) -> int:
    own = GuardCounter.objects.for_organization(organization)
    minute = minute_of(dimension, shared_time.now().timestamp())
    rows = own.filter(dimension=dimension.value, bucket="", minute=minute)
    return rows.values_list("cost_micro", flat=True).first() or 0


def decision_page(
    organization: Organization, wanted: DecisionFilter, after: int | None
) -> Page[DecisionRow]:
    """Return decisions after decision `after`, the newest first."""
    own = GuardDecision.objects.for_organization(organization)
    rows = own.filter(**_equal(wanted))
    if wanted.number:
        rows = rows.filter(number_digest__in=guard_digests(wanted.number, organization.pk))
    if last := own.filter(pk=after).first() if after else None:
        rows = rows.filter(Q(at__lt=last.at) | Q(pk__lt=last.pk), at__lte=last.at)
    page = page_of(rows.order_by("-at", "-pk"), PAGE_SIZE, lambda row: row.pk)
    return Page(decision_rows(page.rows), page.next)


def _equal(wanted: DecisionFilter) -> dict[str, str]:
    named = {"rule": wanted.rule, "action": wanted.action, "country": wanted.country}
    return {name: value for name, value in named.items() if value}


def decision_rows(decisions: Iterable[GuardDecision]) -> Sequence[DecisionRow]:
    """Return decisions in words."""
    return [_row(one) for one in decisions]


def _row(decision: GuardDecision) -> DecisionRow:
    rule, action = Rule(decision.rule), GuardAction(decision.action)
    tone, icon = words.TONES[action] if decision.is_enforced else words.RECORDED_TONE
    label = ACTIONS[action] if decision.is_enforced else RECORDED
    known = RULES[rule]
    return DecisionRow(decision, known.name, explained(decision), known.to_do, tone, icon, label)
