"""Counters are added to for every step; this keeps them few."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.models import Organization
from sending.delivery.database import durably
from sending.models import Counter
from sending.models.counter import NO_HOUR, WHOLE_DAY

# So many rows more than it has figures make a task or an hour worth summing up; so many rows are
# summed up in one transaction, which on SQLite keeps all other writers waiting.
_MANY = 20
_AT_ONCE = 1_000
# What is added to is found among the newest rows: the table grows for years, a minute does not.
_NEWEST = 100_000

# After it a day is over in every zone, and most receipts of it are there.
_OVER = timedelta(days=3)

_KEY = ("organization_id", "application_id", "task_id", "hour", "country", "state")
_SUMS = ("messages", "segments", "cost_micro")


def squash(most: int = 50) -> int:
    """Replace the rows of the figures that have many by one row each; return how many went.

    The sum of any figure is the same before, during, and after.
    """
    newest = Counter.objects.aggregate(pk=Max("pk"))["pk"] or 0
    figures = Count(Concat("country", "state"), distinct=True)
    crowded = (
        Counter.objects.filter(pk__gt=newest - _NEWEST)
        .values("organization_id", "task_id", "hour")
        .annotate(spare=Count("pk") - figures)
        .filter(spare__gte=_MANY)
        .order_by("-spare")[:most]
    )
    return sum(
        _squash(Q(organization_id=row["organization_id"], task_id=row["task_id"], hour=row["hour"]))
        for row in crowded
    )


def part(most: int = 200) -> int:
    """Let counters of days gone by lie by task without hour, and by day without task.

    A busy day has as many rows as tasks times countries times states, and those who ask for days
    add up all of them. Afterwards a day has one row a country and state, and a task has as many as
    before. Nobody asks for a task and for hours at once, so the sum of any figure is the same
    before, during, and after. A late receipt counts for both until the next time. At most so many
    transactions; return how many rows were parted.
    """
    over = int(f"{timezone.now() - _OVER:%Y%m%d}00")
    gone = Counter.objects.filter(task_id__isnull=False, hour__gt=NO_HOUR, hour__lt=over)
    parted = 0
    # One by one, because the index of hours begins with the organization.
    for organization_id in Organization.objects.order_by("pk").values_list("pk", flat=True):
        of_one = gone.filter(organization_id=organization_id)
        while most and of_one.exists():
            parted += _part(of_one)
            most -= 1
    return parted


def _squash(figure: Q) -> int:
    """Delete rows and add their sums; only what this transaction deleted is summed."""
    with durably():
        taken = _taken(Counter.objects.filter(figure).order_by("pk"))
        sums = _sums(taken, lambda row: [_key(row)])
        if len(sums) >= len(taken):
            return 0
        return len(taken) - _put_instead(taken, sums)


def _part(gone: QuerySet[Counter]) -> int:
    """Part some rows, the oldest first, and return how many."""
    with durably():
        taken = _taken(gone.order_by("hour", "pk"))
        _put_instead(taken, _sums(taken, _parted))
        return len(taken)


def _taken(rows: QuerySet[Counter]) -> list[Counter]:
    """Return rows that nobody else takes meanwhile."""
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return list(rows[:_AT_ONCE])


def _key(row: Counter) -> tuple[Any, ...]:
    return tuple(getattr(row, field) for field in _KEY)


def _parted(row: Counter) -> list[tuple[Any, ...]]:
    """Return what a row counts for: its task, and its day."""
    organization, application, task, hour, *figure = _key(row)
    day = hour // 100 * 100 + WHOLE_DAY
    return [
        (organization, application, task, NO_HOUR, *figure),
        (organization, application, None, day, *figure),
    ]


def _sums(
    taken: Iterable[Counter], keys_of: Callable[[Counter], list[tuple[Any, ...]]]
) -> dict[tuple[Any, ...], list[int]]:
    """Return (messages, segments, cost) of each key."""
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in taken:
        for key in keys_of(row):
            of_key = sums[key]
            for place, field in enumerate(_SUMS):
                of_key[place] += getattr(row, field)
    return sums


def _put_instead(taken: list[Counter], sums: dict[tuple[Any, ...], list[int]]) -> int:
    """Delete rows, add what they sum up to, and return how many that are."""
    Counter.objects.filter(pk__in=[row.pk for row in taken]).delete()
    kept = [
        Counter(**dict(zip((*_KEY, *_SUMS), (*key, *values), strict=True)))
        for key, values in sums.items()
        if any(values)
    ]
    Counter.objects.bulk_create(kept)
    return len(kept)
