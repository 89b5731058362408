"""The database of a backup: copied as of one moment while others write, and put back held."""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from accounts.models import HeldBecause, Standing
from accounts.models.standing import new_instance
from smsconsole.backup.manifest import CannotBackUp, CannotRestore

SQLITE_NAME = "database.sqlite3"
POSTGRESQL_NAME = "database.pgdump"
Rows = dict[str, int]
Migrations = list[tuple[str, str]]


def file_name() -> str:
    """Return how the file of the database is called in a backup."""
    return SQLITE_NAME if connection.vendor == "sqlite" else POSTGRESQL_NAME


def save(folder: Path) -> tuple[Rows, Migrations, str]:
    """Copy the database into a folder; return rows by table, migrations, and its history."""
    save_it = _save_sqlite if connection.vendor == "sqlite" else _save_postgresql
    return save_it(folder / file_name())


def load(path: Path, details: dict[str, Any], *, replace: bool) -> None:
    """Put a database back, held; raise CannotRestore when there is one that may not be replaced."""
    connection.close()
    load_it = _load_sqlite if connection.vendor == "sqlite" else _load_postgresql
    load_it(path, details, replace=replace)


# --- SQLite --------------------------------------------------------------------------------------


def _save_sqlite(path: Path) -> tuple[Rows, Migrations, str]:
    with (
        closing(sqlite3.connect(_sqlite_file())) as source,
        closing(sqlite3.connect(path)) as copy,
    ):
        # All at once: in pieces it begins anew whenever somebody writes.
        source.backup(copy)
        # A file alone, which may lie on a disk that nobody can write to.
        copy.execute("PRAGMA journal_mode=DELETE")
        tables = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return _facts(lambda sql: copy.execute(sql).fetchall(), [name for (name,) in tables])


def _facts(
    ask: Callable[[str], Sequence[Any]], tables: Sequence[str]
) -> tuple[Rows, Migrations, str]:
    ours = sorted(name for name in tables if not name.startswith("sqlite_"))
    rows = {name: int(ask(f'SELECT count(*) FROM "{name}"')[0][0]) for name in ours}  # noqa: S608
    migrations = [(app, name) for app, name in ask("SELECT app, name FROM django_migrations")]
    standing = ask(f"SELECT instance FROM {Standing._meta.db_table}")  # noqa: S608
    return rows, migrations, str(standing[0][0]) if standing else ""


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _load_sqlite(path: Path, details: dict[str, Any], *, replace: bool) -> None:
    target = _sqlite_file()
    if target.exists() and not replace and _has_tables(target):
        raise CannotRestore(
            f"There is a database already: {target}. Set VAR_DIR to an empty folder, or add "
            "--replace: the present one is then kept beside it."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    hidden = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(path, hidden)
    with closing(sqlite3.connect(hidden)) as copy:
        _hold(lambda sql, given: copy.execute(sql.replace("%s", "?"), given).rowcount, details)
        copy.commit()
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    # What a log beside the file says is of the old database alone.
    for suffix in ("", "-wal", "-shm"):
        old = target.with_name(target.name + suffix)
        if old.exists():
            old.rename(target.with_name(f"{target.name}.before-{moment}{suffix}"))
    # Whoever opens it finds it held.
    hidden.rename(target)


def _has_tables(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as there:
        return bool(there.execute("SELECT 1 FROM sqlite_master").fetchone())


# --- PostgreSQL ----------------------------------------------------------------------------------


def _save_postgresql(path: Path) -> tuple[Rows, Migrations, str]:
    """Dump and count in one snapshot."""
    import psycopg

    with psycopg.connect(**connection.get_connection_params()) as session:
        session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        ((snapshot,),) = session.execute("SELECT pg_export_snapshot()").fetchall()
        facts = _facts(lambda sql: session.execute(sql).fetchall(), _tables(session))
        done = _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                    f"--snapshot={snapshot}", f"--file={path}", _database_name())  # fmt: skip
    if done:
        raise CannotBackUp(f"The database could not be copied. {done}")
    return facts


def _tables(session: Any) -> list[str]:
    found = session.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    ).fetchall()
    return [name for (name,) in found]


def _load_postgresql(path: Path, details: dict[str, Any], *, replace: bool) -> None:
    import psycopg

    with psycopg.connect(**connection.get_connection_params()) as session:
        _refuse_others(session)
        if _tables(session):
            if not replace:
                raise CannotRestore(
                    f"The database {_database_name()} is not empty. Create an empty one and name "
                    "it in DATABASE_URL, or add --replace: what is in it is then lost."
                )
            _empty(session)
    done = _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner",
                "--no-privileges", f"--dbname={_database_name()}", str(path))  # fmt: skip
    if done:
        raise CannotRestore(f"The database could not be restored, and is empty now. {done}")
    with psycopg.connect(**connection.get_connection_params()) as session:
        _hold(lambda sql, given: session.execute(sql, given).rowcount, details)


def _refuse_others(session: Any) -> None:
    ((others,),) = session.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    ).fetchall()
    if others:
        raise CannotRestore(
            f"{others} connections use the database {_database_name()}. Stop all processes of the "
            "console (and PgBouncer), then restore."
        )


def _empty(session: Any) -> None:
    import psycopg

    try:
        ((schema,),) = session.execute("SELECT quote_ident(current_schema())").fetchall()
        session.execute(f"DROP SCHEMA {schema} CASCADE")
        session.execute(f"CREATE SCHEMA {schema}")
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotRestore(
            f"This user may not empty the database {_database_name()} "
            f"({error.diag.message_primary}). Drop it and create it again as its owner, then "
            "restore without --replace."
        ) from error


def _database_name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> str:
    """Run a program of PostgreSQL; return why it failed, empty when it did not."""
    named = connection.settings_dict
    given = {"PGHOST": named["HOST"], "PGPORT": named["PORT"], "PGUSER": named["USER"],
             "PGPASSWORD": named["PASSWORD"]}  # fmt: skip
    environment = {**os.environ, **{name: str(said) for name, said in given.items() if said}}
    if shutil.which(program) is None:
        return (
            f"{program} is not on this machine: install the client programs of PostgreSQL, of the "
            "server's version or newer (Debian and Ubuntu: apt-get install postgresql-client)."
        )
    done = subprocess.run(
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stderr.strip()[-600:]


# --- Both ----------------------------------------------------------------------------------------


def _hold(execute: Callable[[str, list[Any]], int], details: dict[str, Any]) -> None:
    """Hold a database that no process has seen yet, whatever release it is of."""
    table = Standing._meta.db_table
    now = datetime.now(UTC).isoformat(sep=" ")
    changed = execute(
        f"UPDATE {table} SET held_since = %s, held_because = %s, details = %s,"  # noqa: S608
        " rest = '', progress = '{}'",
        [now, HeldBecause.RESTORED.value, json.dumps(details)],
    )
    if not changed:
        execute(
            f"INSERT INTO {table} (id, instance, earlier, place, generation, held_since,"  # noqa: S608
            " held_because, details, rest, progress)"
            " VALUES (1, %s, '[]', '', 0, %s, %s, %s, '', '{}')",
            [new_instance(), now, HeldBecause.RESTORED.value, json.dumps(details)],
        )
