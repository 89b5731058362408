"""Of a release and a suspension, one waits for the other.

Send and resume lock the organization's row, one after the other. Programs release hundreds of
times a second: they hold this lock together, which costs no write, and only a suspension, which
holds it alone, waits for them and keeps them waiting. On SQLite there is one writer anyway.
"""

from django.db import connection

from accounts.statements import Statement, run_together

# Advisory locks of the database have numbers: this one in the upper half, the organization below.
_RELEASES = 0x534D53 << 32


def sharing(organization_id: int) -> list[Statement]:
    """Return what keeps suspensions away until the transaction ends.

    Ask in a later statement whether there is one: what was committed while this one waited is not
    seen by itself.
    """
    return _lock("pg_advisory_xact_lock_shared", organization_id)


def exclude(organization_id: int) -> None:
    """Wait for releases of programs, and keep them waiting until the transaction ends."""
    run_together(_lock("pg_advisory_xact_lock", organization_id))


def _lock(function: str, organization_id: int) -> list[Statement]:
    if connection.vendor != "postgresql":
        return []
    return [Statement(f"SELECT {function}(%s)", [_RELEASES | organization_id])]
