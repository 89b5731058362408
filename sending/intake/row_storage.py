"""Bulk writes of checked rows, COPY on PostgreSQL and executemany on SQLite, and their removal."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from sending.intake import message_numbers
from sending.intake.child.frames import Rows
from sending.intake.child.job import Form
from sending.intake.lease import Lease
from sending.models import Batch, Message, Problem, SendTask, TaskCountry
from sending.models.batch import BATCH_SIZE

# SQLite has one writer: no transaction of ours may keep the others waiting for long.
_SQLITE_ROWS = 2_500
# Of rows that each change another page, such as numbers in the order of a sheet.
_SQLITE_SCATTERED_ROWS = 1_000
_POSTGRESQL_ROWS = 5_000
_SQLITE_PAUSE_SECONDS = 0.01
# A commit need not wait for the disk; mapped pages, and a million numbers that are sorted, would
# count as memory of the process (1 keeps temporary tables in a file).
_SQLITE_BULK = {"synchronous": 1, "mmap_size": 0, "temp_store": 1}

# Columns whose values come from the child, in its order; then those that the whole task shares.
# The others begin with what the database gives them.
_CHECKED = (
    "id, row, msisdn, country, gateway_id, variables, data_coding, segments, cost_micro,"
    " text_template_version_id"
)
_CONSTANT = "organization_id, application_id, task_id, lane, signature_version_id, price_version_id"
_BATCH = "organization_id, task_id, gateway_id, lane, owner, ids"
_PROBLEM = "kind, row, cell, code, value, params, suggestion, cells"
_PROBLEM_OWNER = "organization_id, task_id, group_import_id"


def form() -> Form:
    """Return the form in which this database takes rows fastest."""
    return Form.COPY if connection.vendor == "postgresql" else Form.TUPLES


def block_rows(*, scattered: bool = False) -> int:
    """Return how many rows one transaction takes; `scattered` ones each change another page."""
    if connection.vendor == "postgresql":
        return _POSTGRESQL_ROWS
    return _SQLITE_SCATTERED_ROWS if scattered else _SQLITE_ROWS


def pause() -> None:
    """Let other writers in after a transaction."""
    if connection.vendor == "sqlite":
        time.sleep(_SQLITE_PAUSE_SECONDS)


@contextmanager
def tuned() -> Iterator[None]:
    """Tune the connection for many rows whose loss a repeated check makes good.

    A commit of someone else, such as that of Send, makes all commits before it durable too.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    before = {name: _pragma(name) for name in _SQLITE_BULK}
    try:
        for name, value in _SQLITE_BULK.items():
            _pragma(name, value)
        yield
    finally:
        for name, value in before.items():
            _pragma(name, value)


def _pragma(name: str, value: int | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if value is None else f"PRAGMA {name}={value}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def asynchronous_commit() -> Iterator[None]:
    """Open a transaction that need not wait for the disk: what is lost is made good by a new check.

    Nothing that follows it can be kept while it is lost.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = off")
        yield


class PacedWrites:
    """Lets other writers in between our transactions; time spent reading counts as well."""

    def __init__(self) -> None:
        self._free_since = 0.0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Open a transaction when others had their turn."""
        if connection.vendor == "sqlite":
            time.sleep(max(0.0, self._free_since + _SQLITE_PAUSE_SECONDS - time.monotonic()))
        with asynchronous_commit():
            yield
        self._free_since = time.monotonic()


class MessageStore:
    """Writes the messages and batches of one task; the caller opens the transactions."""

    def __init__(self, task: SendTask) -> None:
        self._task = task
        self._values = _constants(task)
        table = Message._meta.db_table
        columns = f"{_CHECKED}, {_CONSTANT}"
        self._copy = f"COPY {table} ({columns}) FROM STDIN"
        checked = _places(_CHECKED)
        constant = ", ".join(map(_literal, self._values))
        self._insert = f"INSERT INTO {table} ({columns}) VALUES ({checked}, {constant})"  # noqa: S608

    @property
    def tail(self) -> str:
        """The constant columns as the end of a line of COPY."""
        return "".join(f"\t{_copied(value)}" for value in self._values) + "\n"

    def add(self, rows: Rows) -> None:
        """Store a block of messages, and hold their batches until Send is pressed."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(self._copy) as copy:
                    copy.write(rows.payload)
                if rows.stored:
                    first = int(rows.payload[:20].partition(b"\t")[0])
                    message_numbers.add_block(first, first + rows.stored - 1)
                self._copy_batches(cursor, rows)
                return
            cursor.executemany(self._insert, rows.payload)
        for gateway_id, ids in rows.batches:
            Batch.objects.hold(
                organization_id=self._task.organization_id,
                task_id=self._task.pk,
                gateway_id=gateway_id,
                lane=self._task.lane,
                ids=ids,
            )

    def _copy_batches(self, cursor: Any, rows: Rows) -> None:
        """Do what `hold` does: a statement with thousands of ids takes three times as long."""
        task = self._task
        owner = f"{task.organization_id}\t{task.pk}"
        with cursor.copy(f"COPY {Batch._meta.db_table} ({_BATCH}) FROM STDIN") as copy:
            for gateway_id, ids in rows.batches:
                for at in range(0, len(ids), BATCH_SIZE):
                    cut = ",".join(map(str, ids[at : at + BATCH_SIZE]))
                    copy.write(f"{owner}\t{gateway_id}\t{task.lane}\t\t[{cut}]\n")


def _places(columns: str) -> str:
    return ", ".join(["%s"] * len(columns.split(", ")))


def _constants(task: SendTask) -> list[Any]:
    return [
        task.organization_id,
        task.application_id,
        task.pk,
        task.lane,
        task.signature_version_id,
        task.price_version_id,
    ]


def _copied(value: Any) -> str:
    return "\\N" if value is None else str(value)


def _literal(value: Any) -> str:
    """Return a constant of ours (ids, a lane) as SQL; nothing of it comes from people."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    assert "'" not in value
    assert "%" not in value
    return f"'{value}'"


def add_problems(
    problems: Sequence[tuple[Any, ...]],
    *,
    organization_id: int,
    task_id: int | None = None,
    group_import_id: int | None = None,
) -> None:
    """Store rows that are not sent; each has the fields of spreadsheets.Problem, in order."""
    table = Problem._meta.db_table
    columns = f"{_PROBLEM}, {_PROBLEM_OWNER}"
    owner = (organization_id, task_id, group_import_id)
    rows = ((*row[:5], json.dumps(row[5]), row[6], json.dumps(row[7]), *owner) for row in problems)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            insert = f"INSERT INTO {table} ({columns}) VALUES ({_places(columns)})"  # noqa: S608
            cursor.executemany(insert, list(rows))


def remove_rows(task_id: int, lease: Lease | None = None, *, keep_problems: bool = False) -> None:
    """Remove what a check of the task has stored, in short transactions.

    With a lease, each of them begins with a beat: whoever lost it removes nothing.
    """
    for model in (Batch, Message) if keep_problems else (Batch, Message, Problem, TaskCountry):
        for ids in _blocks_of(model, task_id):
            with transaction.atomic():
                if lease is not None:
                    lease.beat()
                model.objects.filter(pk__in=ids).delete()
            pause()


def _blocks_of(model: Any, task_id: int) -> Iterator[list[int]]:
    rows = model.objects.filter(task_id=task_id).order_by()
    size = block_rows(scattered=True)
    while ids := list(rows.values_list("pk", flat=True)[:size]):
        yield ids
