"""Triggers by which the database itself refuses to change or delete the audit trail.

They are made after every migrate rather than in a migration: SQLite drops a table's triggers when
a later migration rebuilds the table.
"""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "accounts_auditentry"
REFUSAL = "The audit trail is append-only."

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$;
CREATE OR REPLACE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""
SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS audit_no_{act.lower()} BEFORE {act} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for act in ("UPDATE", "DELETE")
]


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take the guard away until the end of this migrate; only a migration may need that."""
    names = ["audit_no_update", "audit_no_delete"]
    if connection.vendor == "postgresql":
        names = [f"{name} ON {TABLE}" for name in ("audit_no_change", "audit_no_truncate")]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def make_triggers(sender: AppConfig, using: str, **_: Any) -> None:
    """Make the triggers where they are missing; run after each migrate."""
    del sender
    connection: BaseDatabaseWrapper = connections[using]
    statements = [POSTGRESQL] if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        # Migrated back to the beginning, there is no trail.
        if TABLE in connection.introspection.table_names(cursor):
            for statement in statements:
                cursor.execute(statement)
