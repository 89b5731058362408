"""Months of the past in a database that was just made, and how they are filled fast."""

from datetime import datetime
from typing import Any

# As intake leaves them: sorted in each block of so many messages.
_NUMBERS = """
INSERT INTO {numbers} (organization_id, msisdn, message_id)
SELECT organization_id, msisdn, id FROM {messages} ORDER BY id / 5000, 1, 2, 3
"""


def lay_out(cursor: Any, first: datetime, last: datetime) -> None:
    """Give each month from `first` on tables of its own.

    A new console has one for all that was before it. Nothing may be stored yet.
    """
    from sending.partitions import making
    from sending.partitions.tables import TABLES, months

    for table in TABLES:
        cursor.execute(f"DROP TABLE {table.name}_before")
        for month in months(first, last):
            making.make(table, month)
    making.make_ahead()


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


def fill_numbers(cursor: Any) -> None:
    """Give each month the numbers of its messages; their index comes when the table is attached."""
    from sending.models import MessageNumber
    from sending.partitions.tables import MESSAGES, TABLES

    (table,) = (each for each in TABLES if each.model is MessageNumber)
    for month, (numbers, start, end) in zip(MESSAGES.partitions(), table.partitions(), strict=True):
        cursor.execute(f"DROP TABLE {numbers}")
        cursor.execute(f"CREATE TABLE {numbers} (LIKE {table.name} INCLUDING CONSTRAINTS)")
        cursor.execute(_NUMBERS.format(numbers=numbers, messages=month.name))
        bounds = f"FOR VALUES FROM ({start}) TO ({end})"
        cursor.execute(f"ALTER TABLE {table.name} ATTACH PARTITION {numbers} {bounds}")
