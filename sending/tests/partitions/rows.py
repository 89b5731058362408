"""Messages of another time, and how the database looks for what is asked."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from sending.models import Message
from sending.models.message import first_id_at

_numbers = itertools.count()


def at(moment: datetime, *messages: Message) -> list[Message]:
    """Make messages anew, as if they had been made at a moment."""
    own = Message.objects.filter(pk__in=[message.pk for message in messages])
    own.delete()
    for message in messages:
        message.pk = first_id_at(moment) + next(_numbers)
        message.created_at = moment
    return Message.objects.bulk_create(messages)


def table_of(message: Message) -> str:
    """Return the partition that a message lies in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM sending_message WHERE id = %s", [message.pk]
        )
        return str(cursor.fetchone()[0])


@contextmanager
def plans(begins: str) -> Iterator[list[str]]:
    """Give the plans of the statements that begin so, while they run."""
    found: list[str] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(begins):
            with context["connection"].connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                found.append("\n".join(line for (line,) in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        yield found
