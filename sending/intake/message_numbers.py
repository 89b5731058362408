"""The numbers of stored messages, written so that the table of numbers grows in its order."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection

from sending.models import Message, MessageNumber

# Sorted, they cost so little that a transaction of so many is over in a few milliseconds.
_AT_ONCE = 5_000
_NUMBERS = MessageNumber._meta.db_table
_MESSAGES = Message._meta.db_table
_KEY = "organization_id, msisdn, message_id"
_SELECT = f"SELECT organization_id, msisdn, id FROM {_MESSAGES}"  # noqa: S608


def add_block(first_id: int, last_id: int) -> None:
    """Add the numbers of a block of messages in its own transaction, where writers do not queue."""
    _execute(
        f"INSERT INTO {_NUMBERS} ({_KEY}) {_SELECT} WHERE id BETWEEN %s AND %s ORDER BY msisdn",
        first_id,
        last_id,
    )


def add_all(task_id: int, transaction: Callable[[], AbstractContextManager[None]]) -> None:
    """Add the numbers of a task's messages on SQLite, in many short transactions.

    A transaction there writes every page that it changes: in the order of numbers those are few.
    Sorting takes no lock that others wait for.
    """
    _execute("DROP TABLE IF EXISTS temp.sorted_numbers")
    _execute(
        f"CREATE TEMP TABLE sorted_numbers AS {_SELECT} WHERE task_id = %s ORDER BY msisdn, id",
        task_id,
    )
    try:
        ((count,),) = _execute("SELECT count(*) FROM temp.sorted_numbers")
        for start in range(0, count, _AT_ONCE):
            with transaction():
                _execute(
                    f"INSERT INTO {_NUMBERS} ({_KEY}) SELECT * FROM temp.sorted_numbers"  # noqa: S608
                    " WHERE rowid > %s AND rowid <= %s",
                    start,
                    start + _AT_ONCE,
                )
    finally:
        _execute("DROP TABLE temp.sorted_numbers")


def _execute(sql: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
