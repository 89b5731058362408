"""What other settings would have stopped in the past days, by what is kept of each message."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from accounts import shared_time
from sending.guard.rules.facts import NOBODY, Subject
from sending.guard.rules.ledger import Ledger
from sending.guard.rules.policy import Policy
from sending.guard.subjects import known_ranges, subject_of
from sending.guard.terms import USUAL_DAYS, read_usual
from sending.models import GuardDecision, GuardEvent

DAYS = timedelta(days=USUAL_DAYS)
MOST_EVENTS = 200_000
"""The newest are replayed; more would take minutes."""
_AT_ONCE = 2_000


class _Past(NamedTuple):
    """A message as it was offered, and when its code was entered; None: never, or unknown."""

    subject: Subject
    converted_at: float | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What a policy would have done. Whoever converted was honest; the cost is an estimate.

    `stopped_by` is {rule: messages}. `is_cut` if there were more than MOST_EVENTS.
    """

    messages: int
    stopped: int
    stopped_honest: int
    saved_micro: int
    stopped_by: dict[str, int]
    since: datetime
    is_cut: bool


def replay(organization_id: int, policy: Policy, at: datetime | None = None) -> Replay:
    """Run the last 14 days against a policy, in memory; a second for some ten thousand messages.

    What was refused then is offered too, as never entered: nobody knows whether it would have been.
    What F9 would say of addresses is known for the messages that left.
    """
    at = at or shared_time.now()
    since = at - DAYS
    past = sorted(_all(organization_id, since), key=lambda one: one.subject.now)
    is_cut = len(past) > MOST_EVENTS
    past = past[-MOST_EVENTS:]
    ledger = Ledger(policy, read_usual(organization_id))
    entered: list[tuple[float, int, float]] = []
    stopped, honest, saved = 0, 0, 0
    by_rule: dict[str, int] = {}
    for subject, converted_at in past:
        while entered and entered[0][0] <= subject.now:
            when, number, sent_at = heappop(entered)
            ledger.convert(number, sent_at, when)
        decided = ledger.offer(subject).decided
        if decided is None:
            if converted_at is not None:
                heappush(entered, (converted_at, subject.number, subject.now))
            continue
        stopped += 1
        honest += converted_at is not None
        saved += subject.cost_micro
        by_rule[decided.rule.value] = by_rule.get(decided.rule.value, 0) + 1
    return Replay(len(past), stopped, honest, saved, by_rule, since, is_cut)


def _all(organization_id: int, since: datetime) -> Iterator[_Past]:
    events = GuardEvent.objects.filter(organization_id=organization_id, at__gte=since)
    for event in events.order_by("-at")[: MOST_EVENTS + 1].iterator(_AT_ONCE):
        converted_at = event.converted_at.timestamp() if event.converted_at else None
        yield _Past(subject_of(event), converted_at)
    seen: set[tuple[int, datetime]] = set()
    refused = GuardDecision.objects.filter(
        organization_id=organization_id, at__gte=since, message_id=None
    )
    for one in refused.order_by("-at")[: MOST_EVENTS + 1].iterator(_AT_ONCE):
        # Of several rules that spoke against one message each has a row.
        key = (one.number_digest, one.at)
        if key not in seen:
            seen.add(key)
            yield _Past(_refused(one), None)


def _refused(one: GuardDecision) -> Subject:
    return Subject(
        now=one.at.timestamp(),
        number=one.number_digest or -one.pk,
        ranges=known_ranges(one.block, one.hundred),
        country=one.country,
        key=one.api_key_id,
        cost_micro=one.cost_micro,
        address=NOBODY,
    )
