"""Check the recipients of a send task: from the stored source to messages, in one pass."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from accounts import shared_time
from accounts.tracing import traced
from sending.intake import job_builder, message_numbers, row_storage
from sending.intake.child.frames import Rows
from sending.intake.child.job import Job
from sending.intake.corrections import SentMeanwhile, discard_replaced
from sending.intake.intake_run import IntakeRun
from sending.intake.lease import CHECK_FIELD, Lease, LeaseLost, checks
from sending.intake.same_content import digest_of
from sending.lifecycle import TaskState
from sending.models import PriceVersion, SendTask, TaskCountry
from sending.models.message import reserve_ids
from sending.models.stepping import step_task
from sending.task_notices import FILE_REFUSED, tell_failed

log = logging.getLogger(__name__)


@traced("check recipients")
def check_task(task_id: int) -> bool:
    """Bring a task from CHECKING to READY or REJECTED; return whether this call did it.

    Call it as often as you like: one worker at a time holds the lease, and a check whose worker
    died begins again from the start. While another file of the organization is read, it waits.
    Rows of a task that is no longer wanted are removed.
    """
    lease = Lease.take(lambda: checks().filter(pk=task_id), CHECK_FIELD)
    if lease is None:
        discard_unsent(task_id)
        return False
    try:
        row_storage.remove_rows(task_id, lease)
        task = SendTask.objects.select_related(
            "text_template_version", "signature_version", "upload", "corrects", "created_by"
        ).get(pk=task_id)
        return _Check(task, lease).run()
    except LeaseLost:
        log.info("check of task %s was stopped", task_id)
        discard_unsent(task_id)
        return False


def discard_unsent(task_id: int) -> bool:
    """Remove what a check stored for a task that will not be sent; return whether there is one.

    A task that people took back, cancelled or had refused before Send was pressed has no use for
    its messages. The problems of a finished check stay, so that its page still explains them.
    """
    over = (TaskState.CANCELLED.value, TaskState.REJECTED.value, TaskState.DRAFT.value)
    unsent = SendTask.objects.filter(pk=task_id, state__in=over, accepted_hour=None)
    task = unsent.only("from_state").first()
    if task is None:
        return False
    row_storage.remove_rows(task_id, keep_problems=task.from_state != TaskState.CHECKING.value)
    return True


class _Check(IntakeRun):
    """One run over one source of recipients."""

    def __init__(self, task: SendTask, lease: Lease) -> None:
        super().__init__(lease)
        self._task = task
        # Prices are pinned by the check: what people are shown is what Send compares with.
        task.price_version = PriceVersion.current(task.organization_id)
        self._store = row_storage.MessageStore(task)
        self._turns = row_storage.PacedWrites()
        self._accepted = 0

    @contextmanager
    def _job(self) -> Iterator[Job]:
        with row_storage.tuned():
            with job_builder.task_job(self._task, self._store.tail) as job:
                yield job
            # All rows are stored.
            if connection.vendor == "sqlite":
                message_numbers.add_all(self._task.pk, self._owned_transaction)

    def _reserve(self, rows: int) -> int:
        with row_storage.asynchronous_commit():
            return reserve_ids(rows).start

    def _start_again(self) -> None:
        self._accepted = 0
        row_storage.remove_rows(self._task.pk, self._lease)

    def _begin(self, head: dict[str, Any]) -> None:
        super()._begin(head)
        self._lease.beat(facts={"expected_rows": head["expected_rows"]})

    @contextmanager
    def _owned_transaction(self) -> Iterator[None]:
        with self._turns.transaction():
            self._lease.beat()
            yield

    def _add(self, rows: Rows) -> None:
        self._accepted += rows.stored
        refused = max(0, rows.read - self._accepted)
        with self._turns.transaction():
            self._lease.beat(rows_read=rows.read, accepted=self._accepted, refused=refused)
            self._store.add(rows)

    def _add_problems(self, problems: list[tuple[Any, ...]]) -> None:
        with self._turns.transaction():
            self._lease.beat()
            row_storage.add_problems(
                problems, organization_id=self._task.organization_id, task_id=self._task.pk
            )

    def _finish(self, end: dict[str, Any]) -> bool:
        done, replaced = self._become_ready(end)
        if replaced is not None:
            discard_unsent(replaced)
        return done

    def _begin_again(self, *, replaces: bool) -> None:
        """Have it checked once more: what was sent of the first task is left out then."""
        step_task(TaskState.DRAFT, self._task.pk, only_from=TaskState.CHECKING)
        step_task(TaskState.CHECKING, self._task.pk, check_beat_at=None, replaces=replaces)

    def _become_ready(self, end: dict[str, Any]) -> tuple[bool, int | None]:
        """Step to READY; return whether this run did it, and the task that is replaced by it."""
        countries = self._countries(end["tally"])
        with transaction.atomic():
            self._lease.beat()
            try:
                replaced = discard_replaced(self._task)
            except SentMeanwhile as sent:
                self._begin_again(replaces=sent.replaces)
                return False, None
            TaskCountry.objects.bulk_create(countries)
            done = step_task(
                TaskState.READY,
                self._task.pk,
                only_from=TaskState.CHECKING,
                checked_at=shared_time.now(),
                check_beat_at=None,
                price_version=self._task.price_version,
                currency=self._task.price_version.currency if self._task.price_version else "",
                rows_read=end["rows_read"],
                accepted=end["accepted"],
                refused=end["refused"],
                duplicates=end["duplicates"],
                skipped=end["skipped"],
                segments=sum(row.segments for row in countries),
                cost_micro=sum(row.cost_micro for row in countries),
                digest=digest_of(self._task, end["accepted"], end["fingerprint"]),
                facts=self._facts(end),
            )
        return done, replaced

    def _countries(self, tally: list[tuple[str, int, int]]) -> list[TaskCountry]:
        """Return one row a country from [country, segments of a message, messages]."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for country, segments, messages in tally:
            found[country][0] += messages
            found[country][1] += messages * segments
        version = self._task.price_version
        prices = version.by_country() if version else {}
        rows = []
        for country, (messages, segments) in sorted(found.items()):
            unit = prices.get(country, prices.get("", 0))
            rows.append(
                TaskCountry(
                    task=self._task,
                    country=country,
                    messages=messages,
                    segments=segments,
                    unit_micro=unit,
                    cost_micro=unit * segments,
                )
            )
        return rows

    def _facts(self, end: dict[str, Any]) -> dict[str, Any]:
        several = sum(count for _country, segments, count in end["tally"] if segments > 1)
        costs = ("child_seconds", "child_cpu_seconds", "child_rss_kb")
        return {
            **self._head,
            "seconds": self._seconds(),
            "multi_segment_rows": several,
            "ucs2_rows": end["ucs2_rows"],
            "first_row": end["first_row"],
            "problem_codes": end["problem_codes"],
            "problems_left_out": end["problems_left_out"],
            "notes": end["notes"],
            "costly": end["costly"],
            "in_parts": end["in_parts"],
            "differing": end["differing"],
            "languages": end["languages"],
            **{name: end[name] for name in costs},
        }

    def _reject(self, code: str, params: dict[str, Any]) -> bool:
        log.info("recipients of task %s refused: %s", self._task.pk, code)
        row_storage.remove_rows(self._task.pk, self._lease)
        with transaction.atomic():
            self._lease.beat()
            is_rejected = step_task(
                TaskState.REJECTED,
                self._task.pk,
                only_from=TaskState.CHECKING,
                check_beat_at=None,
                failure_code=code,
                failure_params=params,
                rows_read=0,
                accepted=0,
                refused=0,
                facts=self._head,
            )
            if is_rejected:
                tell_failed(self._task, FILE_REFUSED)
            return is_rejected
