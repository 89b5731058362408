"""Counters are added to for every step; this keeps them few."""

from collections import defaultdict
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from sending.delivery.database import durably
from sending.models import Counter

# A figure of so many rows is worth summing up; so many rows are summed up in one transaction.
_MANY = 20
_AT_ONCE = 5000

_KEY = ("organization_id", "application_id", "task_id", "hour", "country", "state")
_SUMS = ("messages", "segments", "cost_micro")


def squash(most: int = 50) -> int:
    """Replace the rows of the figures that have many by one row each; return how many went.

    The sum of any figure is the same before, during, and after.
    """
    crowded = (
        Counter.objects.values("organization_id", "task_id", "hour")
        .annotate(rows=Count("pk"))
        .filter(rows__gte=_MANY)
        .order_by("-rows")[:most]
    )
    return sum(
        _squash(Q(organization_id=row["organization_id"], task_id=row["task_id"], hour=row["hour"]))
        for row in crowded
    )


def _squash(figure: Q) -> int:
    """Delete rows and add their sums; only what this transaction deleted is summed."""
    rows = Counter.objects.filter(figure).order_by("pk")
    with durably():
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        taken = list(rows[:_AT_ONCE])
        sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in taken:
            of_key = sums[tuple(getattr(row, field) for field in _KEY)]
            for place, field in enumerate(_SUMS):
                of_key[place] += getattr(row, field)
        if len(sums) >= len(taken):
            return 0
        Counter.objects.filter(pk__in=[row.pk for row in taken]).delete()
        kept = [
            Counter(**dict(zip((*_KEY, *_SUMS), (*key, *values), strict=True)))
            for key, values in sums.items()
            if any(values)
        ]
        Counter.objects.bulk_create(kept)
        return len(taken) - len(kept)
