"""The security log: one JSON object a line, for people and programs that watch the console.

A line holds the moment, the event, the client's address and ids. It never holds a number, an
e-mail address, a password, a code, a session key or an address (URL) asked for; what was changed
exactly stands in the audit trail under `entry`.
"""

import json
import logging
from datetime import UTC, datetime
from functools import partial

from allauth.core import context
from django.db import transaction

log = logging.getLogger("security")
LONGEST_TEXT = 100
"""Characters; nothing longer is written of any value."""

Fact = str | int | bool | None


def write(event: str, *, at: datetime | None = None, **facts: Fact) -> None:
    """Write one line now; `at` is the moment of the event, by default this one."""
    log.info(_line(event, at, facts))


def write_on_commit(event: str, *, at: datetime, **facts: Fact) -> None:
    """Write one line once the transaction is committed; what is rolled back never happened."""
    transaction.on_commit(partial(log.info, _line(event, at, facts)), robust=True)


def client_address() -> str:
    """Return the address of whoever asked for what is being done; empty outside of requests."""
    request = context.request
    return str(request.META.get("REMOTE_ADDR", "")) if request else ""


def _line(event: str, at: datetime | None, facts: dict[str, Fact]) -> str:
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    line = {
        "at": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event": event,
        "address": client_address(),
        **facts,
    }
    # Escaped to ASCII, a value can neither end the line nor move a terminal's cursor.
    return json.dumps({name: _bounded(value) for name, value in line.items() if value is not None})


def _bounded(value: Fact) -> Fact:
    return value[:LONGEST_TEXT] if isinstance(value, str) else value
