"""Read a spreadsheet, or a few pasted numbers, into the pool of customers, a group of them, or onto
the suppression list.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts import shared_time
from accounts.notices import NoticeKind, tell
from accounts.tracing import traced
from sending.intake import job_builder, row_storage
from sending.intake.child import kept_problems
from sending.intake.child.frames import Rows
from sending.intake.child.job import Job
from sending.intake.customer_storage import CustomerStore, StoredCustomers
from sending.intake.intake_run import IntakeRun
from sending.intake.lease import IMPORT_FIELD, Lease, LeaseLost, imports
from sending.models import (
    CustomerGroup,
    GroupImport,
    ImportState,
    Problem,
    Suppression,
)
from sending.models.bulk import insert_rows

log = logging.getLogger(__name__)


class _ColumnsToCheck(Exception):
    """The headings are read: a person looks at the columns before anything is stored."""


@traced("import customers")
def import_customers(group_import_id: int) -> bool:
    """Bring an import to FINISHED or REJECTED; return whether this call did it.

    Customers it added before a worker died stay, and are counted once: a repeated import adds the
    others. While another file of the organization is read, it waits.
    """
    lease = Lease.take(lambda: imports().filter(pk=group_import_id), IMPORT_FIELD)
    if lease is None:
        return False
    GroupImport.objects.filter(pk=group_import_id).step(ImportState.RUNNING)
    group_import = GroupImport.objects.select_related("organization", "group", "upload").get(
        pk=group_import_id
    )
    try:
        return _Import(group_import, lease).run()
    except LeaseLost:
        log.info("import %s was taken over", group_import_id)
        return False


class _Import(IntakeRun):
    """One run over one source of customers."""

    def __init__(self, group_import: GroupImport, lease: Lease) -> None:
        super().__init__(lease)
        self._import = group_import
        # What an earlier run of the same import has added is no longer new, but was.
        self._added_before = 0
        self._found = 0
        self._refused = 0

    def run(self) -> bool:
        """Read and store what an earlier run has not; raises LeaseLost."""
        self._start_again()
        try:
            return super().run()
        except _ColumnsToCheck:
            return self._step(ImportState.COLUMNS, facts=self._head)

    def _begin(self, head: dict[str, Any]) -> None:
        super()._begin(head)
        self._customers = CustomerStore(self._import, head)
        if self._import.asks_columns:
            raise _ColumnsToCheck

    @contextmanager
    def _job(self) -> Iterator[Job]:
        with row_storage.tuned(), job_builder.import_job(self._import) as job:
            yield job

    def _reserve(self, rows: int) -> int:
        del rows  # The database gives customers their ids.
        return 0

    def _add(self, rows: Rows) -> None:
        """Store customers that are new and put all into the group."""
        with transaction.atomic():
            self._lease.beat(rows_read=rows.read)
            stored = self._store(rows.payload)
            self._found += len(rows.payload) - stored.added - len(stored.refused)
            self._count(stored)
            self._keep_refused(stored)
        row_storage.pause()

    def _count(self, stored: StoredCustomers) -> None:
        if stored.added or stored.updated:
            GroupImport.objects.filter(pk=self._import.pk).update(
                added=F("added") + stored.added, updated=F("updated") + stored.updated
            )
        if stored.added and self._import.group_id:
            groups = CustomerGroup.objects.filter(pk=self._import.group_id)
            groups.update(size=F("size") + stored.added)

    def _keep_refused(self, stored: StoredCustomers) -> None:
        """Keep the first of those who are no customers, as the child does of other codes."""
        room = max(0, kept_problems.MOST_OF_A_CODE - self._refused)
        self._refused += len(stored.refused)
        if kept := stored.refused[:room]:
            row_storage.add_problems(
                [problem.values() for problem in kept],
                organization_id=self._import.organization_id,
                group_import_id=self._import.pk,
            )

    def _store(self, payload: Sequence[Sequence[Any]]) -> StoredCustomers:
        if self._import.suppresses:
            return StoredCustomers(added=self._suppress(payload))
        return self._customers.store(payload)

    def _suppress(self, payload: Sequence[Sequence[Any]]) -> int:
        """Return how many numbers the suppression list has got; the name column is the reason."""
        owner, now = self._import.organization_id, shared_time.now()
        return insert_rows(
            Suppression,
            ("organization_id", "msisdn", "reason", "since"),
            ((owner, number, reason, now) for _row, number, _country, reason, _more in payload),
            ignore_conflicts=True,
        )

    def _add_problems(self, problems: list[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            self._lease.beat()
            row_storage.add_problems(
                problems,
                organization_id=self._import.organization_id,
                group_import_id=self._import.pk,
            )
        row_storage.pause()

    def _finish(self, end: dict[str, Any]) -> bool:
        facts = {
            **self._head,
            "seconds": self._seconds(),
            "problem_codes": end["problem_codes"],
            "problems_left_out": end["problems_left_out"]
            + max(0, self._refused - kept_problems.MOST_OF_A_CODE),
            "notes": end["notes"],
            "duplicates": end["duplicates"],
            "skipped": end["skipped"],
        }
        return self._step(
            ImportState.FINISHED,
            rows_read=end["rows_read"],
            already_there=max(0, self._found - self._added_before),
            refused=end["refused"] + self._refused,
            facts=facts,
        )

    def _reject(self, code: str, params: dict[str, Any]) -> bool:
        """Say why; customers that were added stay, and are counted."""
        log.info("import %s refused: %s", self._import.pk, code)
        return self._step(
            ImportState.REJECTED, failure_code=code, failure_params=params, facts=self._head
        )

    def _step(self, to: ImportState, **fields: Any) -> bool:
        with transaction.atomic():
            self._lease.beat()
            rows = GroupImport.objects.filter(pk=self._import.pk)
            stepped = bool(rows.step(to, heartbeat_at=None, **fields))
            if stepped and self._import.upload_id:
                self._tell(to)
            return stepped

    def _tell(self, to: ImportState) -> None:
        """Tell who has started it, and when it is over the contacts too."""
        row = GroupImport.objects.select_related("upload", "started_by").get(pk=self._import.pk)
        tell(
            NoticeKind.IMPORT,
            self._import.organization,
            people=[row.started_by],
            contacts=to != ImportState.COLUMNS,
            path=reverse("groups:import_result", args=[row.pk]),
            state=to.value,
            file=row.upload.name if row.upload else "",
            suppresses=row.suppresses,
            added=row.added,
            updated=row.updated,
            unchanged=row.unchanged,
            refused=row.refused,
        )

    def _start_again(self) -> None:
        """Forget what an earlier reading found; the customers it has added stay."""
        self._import.refresh_from_db(fields=["added"])
        self._added_before, self._found, self._refused = self._import.added, 0, 0
        with transaction.atomic():
            self._lease.beat()
            Problem.objects.filter(group_import=self._import).delete()
