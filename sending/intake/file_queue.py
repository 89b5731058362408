"""Which file is read next: each organization has one at a time, so that none takes all workers.

A file here is what a task or an import reads: a spreadsheet, pasted numbers, or a group.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from sending.intake import lease
from sending.intake.customer_import import import_customers
from sending.intake.task_check import check_task
from sending.models import IntakeTurn

_NEVER = datetime.min.replace(tzinfo=UTC)


def read_next() -> bool:
    """Read one file to its end; return whether there was one whose turn it is."""
    return any(read() for read in _in_turn())


def _in_turn() -> Iterator[Callable[[], bool]]:
    """Yield what reads the oldest file of each organization; who had no turn for longest first."""
    busy = lease.busy_organizations()
    oldest: dict[int, tuple[datetime, Callable[[], bool]]] = {}
    for at, organization_id, read in sorted(_waiting(), key=lambda file: file[0]):
        if organization_id not in busy:
            oldest.setdefault(organization_id, (at, read))
    began = dict(IntakeTurn.objects.filter(pk__in=oldest).values_list("pk", "began_at"))
    order = sorted(oldest, key=lambda pk: (began.get(pk) or _NEVER, oldest[pk][0]))
    for organization_id in order:
        yield oldest[organization_id][1]


def _waiting() -> Iterator[tuple[datetime, int, Callable[[], bool]]]:
    """Yield since when a file waits, whose it is, and what reads it."""
    fields = ("created_at", "organization_id", "pk")
    for at, organization_id, pk in lease.waiting_checks().values_list(*fields):
        yield at, organization_id, partial(check_task, pk)
    for at, organization_id, pk in lease.waiting_imports().values_list(*fields):
        yield at, organization_id, partial(import_customers, pk)
