"""Which tables lie by month, by which column, and the months as ids of messages.

All of them by the id of the message, which begins with its time: the rows of one message lie in
partitions of the same month, and whoever knows an id reads that month alone.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, models

from sending.models import (
    ApiMessage,
    Attention,
    DeliveryReceipt,
    Message,
    MessageNumber,
    Submission,
)
from sending.models.message import EPOCH_MS, SEQUENCE_BITS, first_id_at

_BOUNDS = re.compile(r"FOR VALUES FROM \((?:'(-?\d+)'|MINVALUE)\) TO \('(-?\d+)'\)")
_BEGIN = datetime.fromtimestamp(EPOCH_MS / 1000, UTC)
# Of a partitioned table PostgreSQL keeps unique only what its key is part of. These are kept within
# each partition; docs/decisions/0046 says what makes sure of the rest.
_TASK_ROW = "UNIQUE (task_id, row)"
_ID = "PRIMARY KEY (id)"
# A message is updated three times, without touching an index while there is room on its page.
_ROOM = " WITH (fillfactor = 60)"


class Month(NamedTuple):
    """What a partition holds: ids of messages from `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    @property
    def ids(self) -> tuple[int, int]:
        """Return the bounds as ids."""
        return first_id_at(self.start), first_id_at(self.end)


class Partition(NamedTuple):
    """One partition as it is in the database; the first one begins before all ids."""

    name: str
    start: int | None
    end: int

    @property
    def until(self) -> datetime:
        """Return the moment before which its messages were made."""
        return _BEGIN + timedelta(milliseconds=self.end >> SEQUENCE_BITS)


class PartitionedTable(NamedTuple):
    """One table, its key, and what each partition has beyond what the table gives it."""

    model: type[models.Model]
    key: str
    unique: str = ""
    storage: str = ""

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return self.model._meta.db_table

    @property
    def default(self) -> str:
        """Return the partition of all ids that have no other; it is empty unless a clock is off."""
        return f"{self.name}_default"

    def partitions(self) -> list[Partition]:
        """Return the partitions, the oldest first, but for the default one."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits"
                " JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = to_regclass(%s)",
                [self.name],
            )
            rows = cursor.fetchall()
        bounded = [(name, _BOUNDS.fullmatch(bounds)) for name, bounds in rows]
        found = [
            Partition(name, int(bounds[1]) if bounds[1] else None, int(bounds[2]))
            for name, bounds in bounded
            if bounds
        ]
        return sorted(found, key=lambda partition: partition.end)


TABLES = (
    PartitionedTable(Message, "id", _TASK_ROW, _ROOM),
    PartitionedTable(MessageNumber, "message_id"),
    PartitionedTable(Submission, "message_id", _ID),
    PartitionedTable(DeliveryReceipt, "message_id", _ID),
    PartitionedTable(Attention, "message_id"),
    PartitionedTable(ApiMessage, "message_id"),
)
MESSAGES = TABLES[0]


def in_use() -> bool:
    """Tell whether this database has its messages by month."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_partitioned_table WHERE partrelid = to_regclass(%s))",
            [MESSAGES.name],
        )
        (found,) = cursor.fetchone()
    return bool(found)


def months(first: datetime, until: datetime) -> Iterator[Month]:
    """Yield the months of UTC from the one with `first` on, to the one with `until`."""
    start = first.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while start <= until:
        end = (start + timedelta(days=32)).replace(day=1)
        yield Month(start, end)
        start = end
