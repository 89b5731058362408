"""Several statements in one round trip, where every microsecond of a request counts."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

Rows = list[tuple[Any, ...]]


class Statement(NamedTuple):
    """SQL with its parameters; `many` has one sequence of parameters for each time it is run."""

    sql: str
    parameters: Sequence[Any] = ()
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
            assert not any(statement.many for statement in wanted)
            cursor.execute(
                "; ".join(statement.sql for statement in wanted),
                [value for statement in wanted for value in statement.parameters],
            )
            return [_rows(cursor, first=not place) for place in range(len(wanted))]
        return [_run(cursor, statement) for statement in wanted]


def _rows(cursor: Any, *, first: bool) -> Rows:
    if not first:
        cursor.nextset()
    return list(cursor.fetchall()) if cursor.description else []


def _run(cursor: Any, statement: Statement) -> Rows:
    if statement.many:
        cursor.executemany(statement.sql, statement.parameters)
        return []
    cursor.execute(statement.sql, statement.parameters)
    return list(cursor.fetchall()) if cursor.description else []
