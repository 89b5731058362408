"""How the engine talks to the database: durably, and from threads of its own."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection, transaction

from accounts.statements import Rows, Statement, run_together

# SQLite has one writer; threads that queue here do not poll for its lock.
_one_writer = threading.RLock()


_ON_DISK = Statement("SET LOCAL synchronous_commit = on", gives_rows=False)


@contextmanager
def durably(*first: Statement) -> Iterator[list[Rows]]:
    """Run a transaction whose commit is on disk when it returns, whatever the server's default.

    On SQLite the settings ask for synchronous=FULL on every connection. `first` are statements to
    begin with, in the same round trip; their rows are given.
    """
    with ExitStack() as stack:
        if connection.vendor == "sqlite":
            stack.enter_context(_one_writer)
        stack.enter_context(transaction.atomic())
        if connection.vendor == "postgresql":
            yield run_together([_ON_DISK, *first])[1:]
        else:
            yield run_together(first)


def forget_connection() -> None:
    """Close this thread's connection after an error, so that the next query makes a new one."""
    if not connection.in_atomic_block:
        connection.close()
