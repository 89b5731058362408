"""Takes the triggers of the audit trail away, as only an owner of the database can."""

from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.append_only import TABLE


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Leave the trail without its guard, until the next migrate signal."""
    names = ["audit_no_update", "audit_no_delete"]
    if connection.vendor == "postgresql":
        names = [f"{name} ON {TABLE}" for name in ("audit_no_change", "audit_no_truncate")]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
