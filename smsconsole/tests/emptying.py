"""Between tests that commit, tables get the rows again that they had after the migrations.

Django would empty all of them and have its migrate signal make content types, permissions and
groups anew: a tenth of a second after each of a thousand tests.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from accounts.append_only import drop_triggers, make_triggers
from sending.partitions.making import make_ahead

# No test makes one or takes one away, and there are hundreds.
_AS_THEY_ARE = {"django_content_type", "auth_permission"}


@dataclass(frozen=True)
class KeptRows:
    """{table: its rows} of tables, which are empty but for a few; PostgreSQL's as JSON."""

    of_tables: dict[str, Any]

    def put_back(self) -> None:
        """Give the tables these rows and no others, and make what a test may have dropped."""
        with transaction.atomic():
            # The trail may only grow.
            drop_triggers(connection)
            self._empty()
            for table, rows in self.of_tables.items():
                if rows:
                    _insert(table, rows)
        make_triggers(apps.get_app_config("accounts"), using="default")
        make_ahead()

    def _empty(self) -> None:
        """Delete the few rows of a test: to truncate a hundred tables takes PostgreSQL seconds."""
        asked = [f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {_quoted(t)})" for t in self.of_tables]
        with connection.cursor() as cursor:
            # To delete nothing from a hundred tables takes a while as well.
            cursor.execute(" UNION ALL ".join(asked))
            for (table,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {_quoted(table)}")


def commit_without_waiting() -> None:
    """Let commits on PostgreSQL not wait for the disk, but for those that ask for it themselves.

    The machine does not lose its power in a test, and the server is none of ours to kill.
    """
    if connection.vendor == "postgresql":
        name = _quoted(connection.settings_dict["NAME"])
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        # Whoever connects from now on, in this process or another, has it.
        connection.close()


def kept_rows() -> KeptRows:
    """Return what the tables hold now."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return KeptRows({table: _read(table) for table in names if table not in _AS_THEY_ARE})


def _read(table: str) -> Any:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT json_agg(t) FROM {_quoted(table)} AS t")
            (rows,) = cursor.fetchone()
            return json.dumps(rows) if rows else ""
        cursor.execute(f"SELECT * FROM {_quoted(table)}")
        return cursor.fetchall()


def _insert(table: str, rows: Any) -> None:
    name = _quoted(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            given = f"json_populate_recordset(NULL::{name}, %s)"
            cursor.execute(f"INSERT INTO {name} SELECT * FROM {given}", [rows])
            return
        places = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {name} VALUES ({places})", rows)


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)
