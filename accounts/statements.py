"""Several statements in one round trip, where every microsecond of a request counts."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

Rows = list[tuple[Any, ...]]


class Statement(NamedTuple):
    """SQL with its parameters; `gives_rows` only if somebody wants to read them.

    With `many`, there is one sequence of parameters for each time it is run (SQLite only).
    """

    sql: str
    parameters: Sequence[Any] = ()
    gives_rows: bool = True
    many: bool = False


def run_together(statements: Iterable[Statement]) -> list[Rows]:
    """Run statements in their order, and return the rows of each.

    PostgreSQL gets all of them at once: the driver fills in the parameters itself, and each
    statement sees what was committed when it begins. SQLite answers within the process anyway.
    """
    wanted = list(statements)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One by one, because the driver remembers how it has read short statements.
            filled = [cursor.mogrify(statement.sql, statement.parameters) for statement in wanted]
            cursor.execute("; ".join(filled))
            return [_rows(cursor, statement, place) for place, statement in enumerate(wanted)]
        return [_run(cursor, statement) for statement in wanted]


def _rows(cursor: Any, statement: Statement, place: int) -> Rows:
    if place:
        cursor.nextset()
    return list(cursor.fetchall()) if statement.gives_rows else []


def _run(cursor: Any, statement: Statement) -> Rows:
    if statement.many:
        cursor.executemany(statement.sql, statement.parameters)
        return []
    cursor.execute(statement.sql, statement.parameters)
    return list(cursor.fetchall()) if statement.gives_rows else []
