"""Months of the past in a database that was just made, and how they are filled fast."""

from datetime import datetime
from typing import Any


def lay_out(cursor: Any, first: datetime, last: datetime) -> list[str]:
    """Give each month from `first` on tables of its own; return those of messages.

    A new console has one for all that was before it. Nothing may be stored yet.
    """
    from sending.partitions import making
    from sending.partitions.tables import MESSAGES, TABLES, months

    for table in TABLES:
        cursor.execute(f"DROP TABLE {table.name}_before")
        for month in months(first, last):
            making.make(table, month)
    making.make_ahead()
    return [month.name for month in MESSAGES.partitions()]


def without_indexes(cursor: Any) -> list[tuple[str, str, str]]:
    """Drop what is slow to keep while months are filled; return it for `build`."""
    from sending.partitions.tables import MESSAGES

    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(c.oid)"
        " FROM pg_constraint c JOIN pg_inherits ON inhrelid = conrelid"
        " WHERE inhparent = to_regclass(%s) AND contype = 'u'",
        [MESSAGES.name],
    )
    constraints: list[tuple[str, str, str]] = cursor.fetchall()
    for month, name, _definition in constraints:
        cursor.execute(f"ALTER TABLE {month} DROP CONSTRAINT {name}")
    return constraints


def build(cursor: Any, constraints: list[tuple[str, str, str]]) -> None:
    """Build what `without_indexes` dropped."""
    for month, name, definition in constraints:
        cursor.execute(f"ALTER TABLE {month} ADD CONSTRAINT {name} {definition}")
