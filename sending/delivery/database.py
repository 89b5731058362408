"""How the engine talks to the database: durably, and from threads of its own."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection, transaction

# SQLite has one writer; threads that queue here do not poll for its lock.
_one_writer = threading.RLock()


@contextmanager
def durably() -> Iterator[None]:
    """Run a transaction whose commit is on disk when it returns, whatever the server's default.

    On SQLite the settings ask for synchronous=FULL on every connection.
    """
    with ExitStack() as stack:
        if connection.vendor == "sqlite":
            stack.enter_context(_one_writer)
        stack.enter_context(transaction.atomic())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = on")
        yield


def forget_connection() -> None:
    """Close this thread's connection after an error, so that the next query makes a new one."""
    if not connection.in_atomic_block:
        connection.close()
