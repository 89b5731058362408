"""Rows of counters, and the fewer rows that say the same."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from sending.models import Counter

Row = TypeVar("Row", bound=Model)
# So many rows are summed up in one transaction, which on SQLite keeps all other writers waiting.
AT_ONCE = 1_000
_KEY = (
    *("organization_id", "application_id", "task_id", "hour", "country"),
    *("state", "given_up_later"),
)
_SUMS = ("messages", "segments", "cost_micro")


def take_rows(rows: QuerySet[Row]) -> list[Row]:
    """Return rows that nobody else takes meanwhile."""
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return list(rows[:AT_ONCE])


def key_of(row: Counter) -> tuple[Any, ...]:
    return tuple(getattr(row, field) for field in _KEY)


def sum_by(
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


def replace(taken: list[Counter], sums: dict[tuple[Any, ...], list[int]]) -> int:
    """Delete rows, add what they sum up to, and return how many that are."""
    Counter.objects.filter(pk__in=[row.pk for row in taken]).delete()
    kept = [
        Counter(**dict(zip((*_KEY, *_SUMS), (*key, *values), strict=True)))
        for key, values in sums.items()
        if any(values)
    ]
    Counter.objects.bulk_create(kept)
    return len(kept)
