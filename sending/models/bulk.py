"""Many rows with one statement: into the hot tables without a model instance, and out by a list."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import Field, Lookup

from accounts.statements import Statement


@Field.register_lookup
class Among(Lookup):
    """`pk__among=[1, 2, …]` finds what `pk__in` finds, with one parameter instead of thousands.

    The values must be as the database has them: whole numbers, or text.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition for SQLite, whose parameters are no lists."""
        column, parameters = self.process_lhs(compiler, connection)
        condition = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - our own names.
        return condition, (*parameters, json.dumps(list(self.rhs)))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition for PostgreSQL."""
        column, parameters = self.process_lhs(compiler, connection)
        is_text = isinstance(self.lhs.output_field, models.CharField)
        kind, literal = ("text", texts(self.rhs)) if is_text else ("bigint", bigints(self.rhs))
        return f"{column} = ANY(%s::{kind}[])", (*parameters, literal)


class Seconds(models.Func):
    """A moment as seconds since 1970, as `datetime.timestamp` has it: quicker to read by far."""

    output_field = models.FloatField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Return it for SQLite, which keeps a moment as text, mostly with its microseconds."""
        # Without its microseconds, which strftime would round.
        seconds = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)"
        part = "CAST(substr(%(expressions)s, 21) AS INTEGER)"
        template = f"({seconds} * 1000000 + {part}) / 1000000.0"
        sql, parameters = self.as_sql(compiler, connection, template=template, **context)
        return str(sql), parameters

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Return it for PostgreSQL."""
        template = "EXTRACT(EPOCH FROM %(expressions)s)::float8"
        sql, parameters = self.as_sql(compiler, connection, template=template, **context)
        return str(sql), parameters


# Arrays as PostgreSQL writes them: the driver would look at every element for its type.
def bigints(values: Iterable[int]) -> str:
    """Return an array of whole numbers as PostgreSQL writes it."""
    return "{" + ",".join(map(str, values)) + "}"


def texts(values: Iterable[str | None]) -> str:
    """Return an array of text as PostgreSQL writes it."""
    written = [
        "NULL" if value is None else '"' + value.replace("\\", r"\\").replace('"', r"\"") + '"'
        for value in values
    ]
    return "{" + ",".join(written) + "}"


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    ignore_conflicts: bool = False,
) -> int:
    """Insert rows given as values in the order of `columns` (names of fields, ids with `_id`).

    Return how many are new: with `ignore_conflicts` those that are there stay as they are. Every
    column without a database default must be given. Values are numbers, text, None, aware datetimes
    and dictionaries for JSON. At most a few thousand rows a call.
    """
    values = [tuple(row) for row in rows]
    if not values:
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(*_from_json(model, columns, values, ignore_conflicts=ignore_conflicts))
            return int(cursor.rowcount)
        head = "INSERT OR IGNORE" if ignore_conflicts else "INSERT"
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"{head} INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({places})",
            _for_sqlite(values),
        )
        return int(cursor.rowcount)


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Give rows, named by their id first, other values in `columns`; otherwise as insert_rows."""
    values = [tuple(row) for row in rows]
    if not values:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ("id", *columns)
            types = ", ".join(f"{name} {_kind(model, name)}" for name in names)
            given = ", ".join(f"{name} = v.{name}" for name in columns)
            cursor.execute(
                f"UPDATE {table} SET {given}"  # noqa: S608 - our own names.
                f" FROM json_to_recordset(%s::json) AS v({types}) WHERE {table}.id = v.id",
                [_as_json(names, values)],
            )
            return
        given = ", ".join(f"{name} = %s" for name in columns)
        cursor.executemany(
            f"UPDATE {table} SET {given} WHERE id = %s",  # noqa: S608 - our own names.
            _for_sqlite([(*row[1:], row[0]) for row in values]),
        )


def _as_json(columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> str:
    return json.dumps([dict(zip(columns, row, strict=True)) for row in values], default=str)


def insertion(
    model: type[models.Model],
    shared: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    ignore_conflicts: bool = False,
) -> Statement:
    """Return what inserts rows of which some columns are `shared`, without running it.

    The others are in the order of `columns`: numbers, text, None and aware datetimes. Otherwise as
    insert_rows.
    """
    if connection.vendor == "postgresql":
        sql = _from_arrays(model, tuple(shared), tuple(columns), ignore_conflicts=ignore_conflicts)
        arrays = [array(column) for column in zip(*rows, strict=True)]
        return Statement(sql, [*shared.values(), *arrays], gives_rows=False)
    names = [*shared, *columns]
    places = ", ".join(["%s"] * len(names))
    head = "INSERT OR IGNORE" if ignore_conflicts else "INSERT"
    sql = f"{head} INTO {model._meta.db_table} ({', '.join(names)}) VALUES ({places})"
    alike = tuple(shared.values())
    values = _for_sqlite([(*alike, *row) for row in rows])
    return Statement(sql, values, gives_rows=False, many=True)


@cache
def _from_arrays(
    model: type[models.Model],
    shared: tuple[str, ...],
    columns: tuple[str, ...],
    *,
    ignore_conflicts: bool,
) -> str:
    """Return the statement with a parameter for each shared value, and an array for each column."""
    names = ", ".join((*shared, *columns))
    alike = "".join(f"%s::{_kind(model, name)}, " for name in shared)
    arrays = ", ".join(f"%s::{_kind(model, name)}[]" for name in columns)
    return (
        f"INSERT INTO {model._meta.db_table} ({names})"  # noqa: S608 - our own names.
        f" SELECT {alike}v.* FROM unnest({arrays}) AS v"
        f"{' ON CONFLICT DO NOTHING' if ignore_conflicts else ''}"
    )


def _kind(model: type[models.Model], name: str) -> str:
    return str(_field(model, name).db_type(connection))


def array(values: Sequence[Any]) -> str:
    """Return an array as PostgreSQL writes it."""
    kinds = set(map(type, values))
    if any(issubclass(kind, str) for kind in kinds):
        return texts(values)
    if datetime in kinds:
        return texts(None if value is None else str(value) for value in values)
    if None in values:
        return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"
    return bigints(values)


def _from_json(
    model: type[models.Model],
    columns: Sequence[str],
    values: Sequence[tuple[Any, ...]],
    *,
    ignore_conflicts: bool,
) -> tuple[str, list[str]]:
    """Return the statement and its one parameter: quoting thousands of them costs more."""
    types = (f"{name} {_kind(model, name)}" for name in columns)
    names = ", ".join(columns)
    tail = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    sql = (
        f"INSERT INTO {model._meta.db_table} ({names})"  # noqa: S608 - our own names.
        f" SELECT {names} FROM json_to_recordset(%s::json) AS v({', '.join(types)}){tail}"
    )
    return sql, [_as_json(columns, values)]


def _field(model: type[models.Model], column: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == column)


def _for_sqlite(values: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    # Rows of one statement mostly share their moments, which are slow to write out.
    written = cache(connection.ops.adapt_datetimefield_value)
    return [
        tuple(
            written(cell)
            if isinstance(cell, datetime)
            else json.dumps(cell)
            if isinstance(cell, dict)
            else cell
            for cell in row
        )
        for row in values
    ]
