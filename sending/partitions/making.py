"""Partitions made ahead, and how far they reach.

An id beyond them goes to the default partition, so that no insert ever fails. Making the month that
it belongs to takes it out of there again.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction

from accounts import shared_time
from sending.partitions.tables import TABLES, Month, Partition, PartitionedTable, in_use, months

log = logging.getLogger(__name__)

# So far partitions reach at least. The beat makes them each hour: weeks of failures do no harm.
AHEAD = timedelta(days=62)
# Attaching locks the empty default partition for a moment; whoever waits longer tries again later.
_LOCK = "SET LOCAL lock_timeout = '1s'"
# Of two hosts that start at once one makes them.
_ADVISORY_LOCK = 5_230_046


def make_ahead() -> int:
    """Make the partitions of the coming months where they lack; return how many were made."""
    if not in_use():
        return 0
    now, made = shared_time.now(), 0
    for table in TABLES:
        existing = table.partitions()
        first = min(now, existing[-1].until) if existing else now
        wanted = [month for month in months(first, now + AHEAD) if not _covered(month, existing)]
        try:
            made += sum(make(table, month) for month in wanted)
        except OperationalError as error:
            log.warning("no partition was added to %s: %s", table.name, error)
    if made:
        analyze()
    return made


def make(table: PartitionedTable, month: Month) -> bool:
    """Make one partition, with what is in the default one for it; False when it is there."""
    start, end = month.ids
    name, key = f"{table.name}_{month.start:%Y_%m}", table.key
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        if _covered(month, table.partitions()):
            return False
        # Beside the table and attached: made as a part of it, it would stop all who use it.
        like = f"LIKE {table.name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE"
        own = f", {table.unique}" if table.unique else ""
        cursor.execute(f"CREATE TABLE {name} ({like}{own}){table.storage}")
        cursor.execute(
            f"WITH strays AS (DELETE FROM {table.default} WHERE {key} >= %s AND {key} < %s"  # noqa: S608
            f" RETURNING *) INSERT INTO {name} SELECT * FROM strays",
            [start, end],
        )
        bounds = f"FOR VALUES FROM ({start}) TO ({end})"
        cursor.execute(f"ALTER TABLE {table.name} ATTACH PARTITION {name} {bounds}")
    return True


def _covered(month: Month, partitions: Iterable[Partition]) -> bool:
    """Tell whether there is a partition for a month."""
    start, end = month.ids
    return any(
        (each.start is None or each.start <= start) and end <= each.end for each in partitions
    )


def analyze() -> None:
    """Tell the planner about tables as a whole, which nobody else does on PostgreSQL."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ANALYZE {table.name}")


def reach() -> datetime | None:
    """Return up to when all tables have partitions; None where messages do not lie by month."""
    if not in_use():
        return None
    ends = [partition.until for table in TABLES for partition in table.partitions()[-1:]]
    return min(ends) if len(ends) == len(TABLES) else shared_time.now()


def strays(most: int = 1_000) -> int:
    """Count rows in default partitions, up to so many of each: no month that is there has them."""
    first = "SELECT count(*) FROM (SELECT FROM {table} LIMIT {most}) AS first"
    counts = (first.format(table=table.default, most=most) for table in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' + '.join(f'({count})' for count in counts)}")
        return int(cursor.fetchone()[0])
