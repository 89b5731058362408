"""Who works on a check or an import: one worker, as long as its heart beats."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

# A worker that did not beat for so long is dead; its work begins again from the start.
STALE_AFTER = timedelta(seconds=30)
BEAT_EVERY = timedelta(seconds=2)


class LeaseLost(Exception):
    """Someone cancelled the work, or another worker took it over: store nothing more."""


def stale(rows: QuerySet[Any, Any], field: str) -> list[int]:
    """Return the ids of those rows that nobody works on."""
    return list(rows.filter(_free(field, timezone.now())).values_list("pk", flat=True))


def _free(field: str, now: datetime) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__lt": now - STALE_AFTER})


class Lease:
    """The right to write rows of one task or import.

    Every write begins with `beat` in its own transaction. It changes a row only while the work is
    still wanted and still ours, so that a worker that was stopped for minutes and wakes up cannot
    add a single row to what its successor stores.
    """

    def __init__(self, rows: Callable[[], QuerySet[Any, Any]], field: str, at: datetime) -> None:
        self._rows = rows
        self._field = field
        self._at = at

    @classmethod
    def take(cls, rows: Callable[[], QuerySet[Any, Any]], field: str) -> "Lease | None":
        """Return the lease of the only row of `rows()`, or None when it is not to be had."""
        now = timezone.now()
        if rows().filter(_free(field, now)).update(**{field: now}):
            return cls(rows, field, now)
        return None

    def beat(self, **fields: Any) -> None:
        """Stay the owner, and write `fields` with it; raises LeaseLost."""
        now = timezone.now()
        if (
            not self._rows()
            .filter(**{self._field: self._at})
            .update(**{self._field: now}, **fields)
        ):
            raise LeaseLost
        self._at = now

    def beat_if_due(self, **fields: Any) -> None:
        """Beat when the last beat is some seconds old."""
        if timezone.now() - self._at > BEAT_EVERY:
            self.beat(**fields)
