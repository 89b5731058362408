"""Several statements in one round trip, where every microsecond of a request counts."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections

Rows = list[tuple[Any, ...]]


class Statement(NamedTuple):
    """SQL with its parameters; `gives_rows` only if somebody wants to read them.

    With `many`, there is one sequence of parameters for each time it is run (SQLite only).
    """

    sql: str
    parameters: Sequence[Any] = ()
    gives_rows: bool = True
    many: bool = False


@cache
def vendor() -> str:
    """Return what the database is, which nothing changes while a process lives."""
    return connection.vendor


def run_together(statements: Iterable[Statement]) -> list[Rows]:
    """Run statements in their order, and return the rows of each.

    PostgreSQL gets all of them at once: the driver writes the parameters itself, and each
    statement sees what was committed when it begins. SQLite answers within the process anyway.
    """
    wanted = list(statements)
    if not wanted:
        return []
    # Whatever is asked of `connection` finds out first which one this thread has.
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            return _run_at_once(database, cursor, wanted)
        return [_run(cursor, statement) for statement in wanted]


def _run_at_once(database: Any, cursor: Any, wanted: Sequence[Statement]) -> list[Rows]:
    """Run all with one round trip, and look only at the rows that somebody wants."""
    from psycopg.adapt import Transformer  # Not there where there is only SQLite.

    # Django's cursor would wrap each call anew, and the driver's own `mogrify` reads each
    # statement anew: both cost several times what is to be done.
    driver = cursor.cursor
    with database.wrap_database_errors:
        written = Transformer(driver).as_literal
        filled = [
            statement.sql.encode()
            % tuple([b"NULL" if one is None else written(one) for one in statement.parameters])
            for statement in wanted
        ]
    cursor.execute(b"; ".join(filled).decode())
    with database.wrap_database_errors:
        return [
            driver.set_result(place).fetchall() if statement.gives_rows else []
            for place, statement in enumerate(wanted)
        ]


def _run(cursor: Any, statement: Statement) -> Rows:
    if statement.many:
        cursor.executemany(statement.sql, statement.parameters)
        return []
    cursor.execute(statement.sql, statement.parameters)
    return list(cursor.fetchall()) if statement.gives_rows else []
