"""A database of its own for one measurement, on the server of DATABASE_URL or of SQLite."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit


@contextmanager
def own_database(url: str, name: str, *, keep: bool = False) -> Iterator[str]:
    """Create a database, give its URL, and drop it afterwards.

    With `keep` it is found again under its plain name, and stays.
    """
    import psycopg
    from psycopg import sql

    name = name if keep else f"{name}_{os.getpid()}"
    own = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        if keep:
            yield own
            return
        try:
            yield own
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


@contextmanager
def empty_console(url: str) -> Iterator[dict[str, str]]:
    """Give the environment of a console with a folder and an empty database of its own.

    `url` is of a database of the PostgreSQL server; empty takes SQLite.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        ours = {"VAR_DIR": folder, "TMPDIR": folder, "SMSCONSOLE_MODE": "test", "DATABASE_URL": ""}
        if not url:
            yield {**os.environ, **ours}
            return
        with own_database(url, "bench_console") as own:
            yield {**os.environ, **ours, "DATABASE_URL": own}
