"""What Django cannot say of tables: rows that must be there, room for updates, one key only."""

from django.db import migrations

NUMBERS = "sending_messagenumber"


def begin_sequence(apps, schema_editor):
    """Make the one row of the message sequence."""
    apps.get_model("sending", "MessageSequence").objects.get_or_create(pk=1)


def leave_room(apps, schema_editor):
    """Make room on PostgreSQL for updates in place."""
    # A message is updated three times; with room on its page the update stays there (HOT) and
    # touches no index.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE sending_message SET (fillfactor = 60)")
        for table in ("sending_batch", "sending_receiptinbox", "sending_counter"):
            schema_editor.execute(
                f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.01,"
                " autovacuum_vacuum_threshold = 1000)"
            )


def create_numbers(apps, schema_editor):
    """Make the index of messages by number, a table in which intake can write sorted rows."""
    # SQLite keeps the rows in the primary key itself when told so.
    only_key = " WITHOUT ROWID" if schema_editor.connection.vendor == "sqlite" else ""
    schema_editor.execute(
        f"CREATE TABLE {NUMBERS} (organization_id bigint NOT NULL, msisdn varchar(16) NOT NULL,"
        " message_id bigint NOT NULL, PRIMARY KEY (organization_id, msisdn, message_id))" + only_key
    )


def find_numbers_by_message(apps, schema_editor):
    """Make an index on PostgreSQL of which messages each stretch of the numbers has."""
    # Numbers are stored in the order of their messages: to know what lies where is enough, and takes
    # a thousandth of the room.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX message_number_id ON {NUMBERS} USING brin (message_id)"
            " WITH (pages_per_range = 32, autosummarize = on)"
        )


def forget_where_numbers_lie(apps, schema_editor):
    """Take it away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX message_number_id")


def drop_numbers(apps, schema_editor):
    """Take it away."""
    schema_editor.execute(f"DROP TABLE {NUMBERS}")


def compare_by_octets(tables):
    """Return an operation that compares the numbers of these tables whatever the locale."""

    def collate(apps, schema_editor):
        # SQLite compares so anyway, and would copy the tables.
        if schema_editor.connection.vendor == "postgresql":
            for table in tables:
                schema_editor.execute(
                    f'ALTER TABLE {table} ALTER COLUMN msisdn TYPE varchar(16) COLLATE "C"'
                )

    return collate


def make_indexes_now(apps, schema_editor):
    """Make what waits for the end of a migration, for a step that needs it."""
    waiting, schema_editor.deferred_sql = schema_editor.deferred_sql, []
    for statement in waiting:
        schema_editor.execute(statement)


def function_of_postgresql(name, text):
    """Return an operation that makes a function on PostgreSQL."""

    def make(_apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(text)

    def drop(_apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {name}")

    return migrations.RunPython(make, drop)
