"""Whether the console is held: nothing leaves until an operator has compared and released.

`sending/delivery/held` compares and releases; docs/decisions/0045 says what is noticed and what
cannot be.
"""

import logging
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts import shared_time
from accounts.models import AuditEntry
from accounts.models.standing import HeldBecause, Standing

log = logging.getLogger(__name__)


def place_of_database() -> str:
    """Return what changes when a database is copied or restored into another one.

    PostgreSQL: the identifier of the server's data and the database's oid in it. SQLite: the inode
    of the file; empty for one in memory, which nobody can copy.
    """
    if connection.vendor == "postgresql":
        return _place_in_postgresql()
    try:
        return f"inode-{Path(connection.settings_dict['NAME']).stat().st_ino}"
    except OSError:
        return ""


def _place_in_postgresql() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid, has_function_privilege('pg_control_system()', 'execute')"
            " FROM pg_database WHERE datname = current_database()"
        )
        oid, may_ask = cursor.fetchone()
        # Where a hosting company forbids to ask, the oid has to do.
        server = "unknown"
        if may_ask:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            (server,) = cursor.fetchone()
    return f"{server}-{oid}"


def look() -> Standing:
    """Return how the console stands; hold it when its database lies elsewhere than it did."""
    standing = Standing.current()
    if standing.is_held:
        return standing
    place = place_of_database()
    if place == standing.place or not place:
        return standing
    if not standing.place:
        Standing.objects.filter(pk=1, place="").update(place=place)
        return standing
    hold(HeldBecause.COPIED)
    return Standing.current()


def is_held() -> bool:
    """Tell whether nothing may leave now."""
    return look().is_held


@transaction.atomic
def hold(because: HeldBecause, actor: Any = None, **details: Any) -> bool:
    """Hold the console from this commit on; False when it is held already.

    `details` are figures and moments that explain it, nothing of a customer.
    """
    Standing.current()
    free = Standing.objects.filter(pk=1, held_since=None)
    now = shared_time.now()
    if not free.update(held_since=now, held_because=because.value, details=details, rest="",
                       progress={}):  # fmt: skip
        return False
    log.error("the console is held, nothing leaves: %s %s", because.value, details)
    AuditEntry.record(
        action="console.held",
        subject=because.value,
        organization=None,
        actor=actor,
        **details,
    )
    return True
