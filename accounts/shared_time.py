"""The time that all hosts share: the database's, since the state they share lies there.

The database is asked every few seconds. In between the time goes on by a clock of this machine
that nobody sets, so the machine's own date never decides anything. On SQLite there is one machine,
whose clock is the shared one. `docs/decisions/0048` says why.
"""

import logging
import socket
import time
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

log = logging.getLogger(__name__)

# Farther from the database's clock than this, and a host is refused, or alarmed about.
MOST_OFFSET_SECONDS = 2.0
_RENEW_SECONDS = 10.0
# An answer that took longer says too little; an earlier one is better.
_SLOW_SECONDS = 1.0
# Unlike CLOCK_MONOTONIC it goes on while the machine sleeps.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class _Reading(NamedTuple):
    """What the database's clock said (seconds since 1970), and our steady clock at that moment."""

    steady: float
    database: float


_last: _Reading | None = None


def steady() -> float:
    """Return seconds of a clock of this machine that nobody sets and nothing stops."""
    return time.clock_gettime(_STEADY)


def now() -> datetime:
    """Return the moment by the shared clock, in UTC.

    The first call of a process asks the database and raises what that raises; later calls ask
    only where this thread is connected anyway, and otherwise reckon from the last answer.
    """
    if not _is_asked_of_the_database():
        return timezone.now()
    return datetime.fromtimestamp(_seconds(), UTC)


def machine_offset() -> float:
    """Return by how many seconds this machine's clock is ahead of the shared one, at most 10 s old.

    Negative when it is behind; zero on SQLite.
    """
    if not _is_asked_of_the_database():
        return 0.0
    return time.time() - _seconds()


def wrong_clock() -> str:
    """Ask the database now, and return a sentence when this machine's clock is wrong, else "".

    Nobody is refused because the database is away: then nothing is known.
    """
    if not _is_asked_of_the_database():
        return ""
    try:
        _ask()
        offset = machine_offset()
    except (DatabaseError, InterfaceError):
        log.warning("the clock cannot be compared: the database is away")
        return ""
    return "" if abs(offset) <= MOST_OFFSET_SECONDS else sentence(socket.gethostname(), offset)


def sentence(host: str, offset: float) -> str:
    """Say that a host's clock is wrong, and what to do."""
    side = "ahead of" if offset > 0 else "behind"
    return (
        f"The clock of {host} is {abs(offset):,.0f} s {side} that of the database; "
        f"{MOST_OFFSET_SECONDS:g} s are allowed. Set the clocks of all hosts by NTP "
        "(docs/deploy.md, Several hosts), then start again."
    )


def _is_asked_of_the_database() -> bool:
    return connection.vendor != "sqlite"


def _seconds() -> float:
    found, here = _last, steady()
    if found is None:
        found = _ask()
    elif here - found.steady > _RENEW_SECONDS and _can_ask():
        found = _renewed(found)
    return found.database + steady() - found.steady


def _can_ask() -> bool:
    """Tell whether this thread has a connection that would take a question."""
    return connection.connection is not None and not connection.needs_rollback


def _renewed(known: _Reading) -> _Reading:
    """Ask again; whatever is wrong with the connection is for those who need it to find."""
    try:
        return _ask()
    except (DatabaseError, InterfaceError):
        return known


def _ask() -> _Reading:
    """Ask the database, and remember what it said.

    Below Django's cursors: it is no query of whoever wants to know the time.
    """
    global _last  # noqa: PLW0603 - one clock for all threads of the process.
    connection.ensure_connection()
    began = steady()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        (said,) = cursor.fetchone()
    took = steady() - began
    reading = _Reading(began + took / 2, said)
    if _last is None or took < _SLOW_SECONDS:
        _last = reading
    return _last
