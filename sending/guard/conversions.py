"""A code was entered: its number is trusted, its block is cleared, and what waited for it goes."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction

from accounts import shared_time
from accounts.statements import Statement, run_together
from sending.guard import holds
from sending.guard.counters import addition
from sending.guard.rules.names import Dimension, Rule
from sending.guard.subjects import subject_of
from sending.models import ApiMessage, GuardBlock, GuardEvent, GuardHold
from sending.models.guard_digest import NOBODY

log = logging.getLogger(__name__)

TRUSTED = timedelta(days=90)
_MOST_HOLDS = 500
_TRUST = (
    "INSERT INTO sending_guardtrust (organization_id, number_digest, until) VALUES {rows}"
    " ON CONFLICT (organization_id, number_digest) DO UPDATE SET until = excluded.until"
    " WHERE sending_guardtrust.until < excluded.until"
)
_OF_BLOCK = {
    Rule.THOUSAND.value: (Dimension.THOUSAND.value, 1),
    Rule.TEN_THOUSAND.value: (Dimension.TEN_THOUSAND.value, 10),
    Rule.HUNDRED_THOUSAND.value: (Dimension.HUNDRED_THOUSAND.value, 100),
}


class ConversionSource(StrEnum):
    """Who says that a code was entered."""

    VERIFY = "VERIFY"
    FEEDBACK = "FEEDBACK"
    REPORT = "REPORT"
    REPLY = "REPLY"


@transaction.atomic
def converted(
    organization_id: int,
    message_ids: Iterable[int],
    at: datetime,
    source: ConversionSource,
    *,
    application_id: int | None = None,
) -> int:
    """Note that people did what messages were for; return how many messages there were.

    Messages of others, or of another application where one is named, are left alone. Saying it
    again changes nothing but the moment that is shown. Enqueue `tasks.submit` on commit: what
    waited may be due.
    """
    now = shared_time.now()
    ids = sorted(set(message_ids))
    own = ApiMessage.objects.filter(organization_id=organization_id, pk__among=ids)
    if application_id is not None:
        own = own.filter(application_id=application_id)
    known = list(own.values_list("pk", flat=True))
    if not known:
        return 0
    ApiMessage.objects.filter(organization_id=organization_id, pk__among=known).update(
        converted_at=at
    )
    events = _events(organization_id, known)
    # What a program says of the time must not make a number trusted for years.
    at = min(at, now)
    if events:
        ids = [event.pk for event in events]
        of_them = GuardEvent.objects.filter(organization_id=organization_id, pk__among=ids)
        of_them.update(converted_at=at)
        _trust(organization_id, events, at)
        thousands = {event.block for event in events if event.block}
        _clear(organization_id, thousands, now)
        subjects = [subject_of(event) for event in events if not event.is_held]
        run_together([addition(organization_id, subjects, verified=1)])
    log.debug("%s messages converted, says %s", len(known), source.value)
    return len(known)


def _events(organization_id: int, ids: Collection[int]) -> list[GuardEvent]:
    rows = GuardEvent.objects.filter(
        organization_id=organization_id, pk__among=list(ids), converted_at=None
    )
    return list(rows.select_for_update().order_by("pk"))


def _trust(organization_id: int, events: Iterable[GuardEvent], at: datetime) -> None:
    numbers = sorted({event.number_digest for event in events} - {NOBODY})
    if not numbers:
        return
    until = connection.ops.adapt_datetimefield_value(at + TRUSTED)
    sql = _TRUST.format(rows=", ".join(["(%s, %s, %s)"] * len(numbers)))
    parameters = [value for number in numbers for value in (organization_id, number, until)]
    run_together([Statement(sql, parameters, gives_rows=False)])


def _clear(organization_id: int, thousands: Collection[int], now: datetime) -> None:
    """End what F4 to F6 stopped of these blocks, and release what waits in it."""
    own = GuardBlock.objects.filter(organization_id=organization_id, created_by_id=None)
    for rule, (dimension, size) in _OF_BLOCK.items():
        buckets = [str(thousand // size) for thousand in thousands]
        own.filter(rule=rule, dimension=dimension, bucket__in=buckets).delete()
    waiting = [
        hold.message_id
        for thousand in sorted(thousands)
        for hold in _waiting_near(organization_id, thousand)
        if _is_cleared(hold, thousand)
    ]
    if waiting:
        holds.release(organization_id, waiting[:_MOST_HOLDS], now)


def _waiting_near(organization_id: int, thousand: int) -> Iterable[GuardHold]:
    first = thousand // 100 * 100
    waiting = GuardHold.objects.filter(
        organization_id=organization_id, over_at=None, block__gte=first, block__lt=first + 100
    )
    # The newest are of most use.
    return waiting.order_by("-pk")[: 4 * _MOST_HOLDS]


def _is_cleared(hold: GuardHold, thousand: int) -> bool:
    """Tell whether what holds a message is a block that the conversion is of."""
    of = _OF_BLOCK.get(hold.rule)
    return of is not None and hold.block // of[1] == thousand // of[1]
