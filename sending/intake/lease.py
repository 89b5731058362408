"""Who works on a check or an import: one worker, as long as its heart beats."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import shared_time
from sending.lifecycle import TaskState
from sending.models import GroupImport, ImportState, IntakeTurn, SendTask

# A worker that did not beat for so long is dead; its work begins again from the start.
STALE_AFTER = timedelta(seconds=30)
BEAT_EVERY = timedelta(seconds=2)
# Where the last sign of life stands.
CHECK_FIELD = "check_beat_at"
IMPORT_FIELD = "heartbeat_at"


class LeaseLost(Exception):
    """Someone cancelled the work, or another worker took it over: store nothing more."""


def checks() -> QuerySet[SendTask]:
    """Return the tasks whose recipients are to be checked."""
    return SendTask.objects.filter(state=TaskState.CHECKING.value)


def imports() -> QuerySet[GroupImport]:
    """Return the imports that are to be read."""
    return GroupImport.objects.filter(
        state__in=(ImportState.WAITING.value, ImportState.RUNNING.value)
    )


def waiting_checks() -> QuerySet[SendTask]:
    """Return the tasks whose check nobody works on."""
    return checks().filter(_free(CHECK_FIELD, shared_time.now()))


def waiting_imports() -> QuerySet[GroupImport]:
    """Return the imports that nobody works on."""
    return imports().filter(_free(IMPORT_FIELD, shared_time.now()))


def busy_organizations() -> set[int]:
    """Return the organizations of which a file is being read now."""
    now = shared_time.now()
    rows = (checks().exclude(_free(CHECK_FIELD, now)), imports().exclude(_free(IMPORT_FIELD, now)))
    return {pk for each in rows for pk in each.values_list("organization_id", flat=True)}


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
        """Return the lease of the only row of `rows()`, or None when it is not to be had.

        An organization has one at a time: its other files wait, and everybody else has workers.
        """
        organization_id = rows().values_list("organization_id", flat=True).first()
        if organization_id is None:
            return None
        with transaction.atomic():
            turn = IntakeTurn.locked(organization_id)
            now = shared_time.now()
            if organization_id in busy_organizations() or not rows().update(**{field: now}):
                return None
            turn.begin(now)
        return cls(rows, field, now)

    def beat(self, **fields: Any) -> None:
        """Stay the owner, and write `fields` with it; raises LeaseLost."""
        now = shared_time.now()
        if (
            not self._rows()
            .filter(**{self._field: self._at})
            .update(**{self._field: now}, **fields)
        ):
            raise LeaseLost
        self._at = now

    def beat_if_due(self, **fields: Any) -> None:
        """Beat when the last beat is some seconds old."""
        if shared_time.now() - self._at > BEAT_EVERY:
            self.beat(**fields)
