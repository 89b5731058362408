"""Of a release and a suspension, one waits for the other.

Send and resume lock the organization's row, one after the other. Programs release hundreds of
times a second: they hold this lock together, which costs no write, and only a suspension, which
holds it alone, waits for them and keeps them waiting. On SQLite there is one writer anyway.
"""

from django.db import connection

# Advisory locks of the database have numbers: this one in the upper half, the organization below.
_RELEASES = 0x534D53 << 32


def share(organization_id: int) -> None:
    """Keep suspensions away until the transaction ends; ask in a later statement if there is one.

    A statement sees what was committed before it began, not while it waited.
    """
    _lock("pg_advisory_xact_lock_shared", organization_id)


def exclude(organization_id: int) -> None:
    """Wait for releases of programs, and keep them waiting until the transaction ends."""
    _lock("pg_advisory_xact_lock", organization_id)


def _lock(function: str, organization_id: int) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_RELEASES | organization_id])
