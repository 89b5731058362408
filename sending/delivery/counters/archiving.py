"""Counters of past days are kept apart: by task without hour, and by day without task."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from accounts import shared_time
from accounts.models import Organization
from sending.delivery.counters.rows import key_of, replace, sum_by, take_rows
from sending.delivery.database import durably
from sending.models import Counter
from sending.models.counter import NO_HOUR, WHOLE_DAY

# After it a day is over in every zone, and most receipts of it are there.
_OVER = timedelta(days=3)


def archive(most: int = 200) -> int:
    """Keep counters of past days by task without hour, and by day without task.

    A busy day has as many rows as tasks times countries times states, and those who ask for days
    add up all of them. Afterwards a day has one row a country and state, and a task has as many as
    before. Nobody asks for a task and for hours at once, so the sum of any figure is the same
    before, during, and after. A late receipt counts for both until the next time. At most so many
    transactions; return how many rows were archived.
    """
    over = int(f"{shared_time.now() - _OVER:%Y%m%d}00")
    past = Counter.objects.filter(task_id__isnull=False, hour__gt=NO_HOUR, hour__lt=over)
    archived = 0
    # One by one, because the index of hours begins with the organization.
    for organization_id in Organization.objects.order_by("pk").values_list("pk", flat=True):
        of_one = past.filter(organization_id=organization_id)
        while most and of_one.exists():
            archived += _archive_some(of_one)
            most -= 1
    return archived


def _archive_some(past: QuerySet[Counter]) -> int:
    """Archive some rows, the oldest first, and return how many."""
    with durably():
        taken = take_rows(past.order_by("hour", "pk"))
        replace(taken, sum_by(taken, _keys_of))
        return len(taken)


def _keys_of(row: Counter) -> list[tuple[Any, ...]]:
    """Return what a row counts for: its task, and its day."""
    organization, application, task, hour, *figure = key_of(row)
    day = hour // 100 * 100 + WHOLE_DAY
    return [
        (organization, application, task, NO_HOUR, *figure),
        (organization, application, None, day, *figure),
    ]
