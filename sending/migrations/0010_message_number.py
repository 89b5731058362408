"""The index of messages by number becomes a table, in which intake can write sorted rows."""

from django.db import migrations, models

TABLE = "sending_messagenumber"


def create(apps, schema_editor):
    # SQLite keeps the rows in the primary key itself when told so.
    only_key = " WITHOUT ROWID" if schema_editor.connection.vendor == "sqlite" else ""
    schema_editor.execute(
        f"CREATE TABLE {TABLE} (organization_id bigint NOT NULL, msisdn varchar(16) NOT NULL,"
        " message_id bigint NOT NULL, PRIMARY KEY (organization_id, msisdn, message_id))" + only_key
    )
    schema_editor.execute(
        f"INSERT INTO {TABLE} SELECT organization_id, msisdn, id FROM sending_message"  # noqa: S608
        " ORDER BY organization_id, msisdn, id"
    )
    if schema_editor.connection.vendor == "postgresql":
        # Until it knows the size of the table, PostgreSQL would sort all numbers that begin alike.
        schema_editor.execute(f"ANALYZE {TABLE}")


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("sending", "0009_gateway_connections")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(create, drop)],
            state_operations=[
                migrations.CreateModel(
                    name="MessageNumber",
                    fields=[
                        ("pk", models.CompositePrimaryKey("organization_id", "msisdn", "message_id", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("organization_id", models.BigIntegerField()),
                        ("msisdn", models.CharField(max_length=16)),
                        ("message_id", models.BigIntegerField()),
                    ],
                    options={
                        "verbose_name": "number of a message",
                        "verbose_name_plural": "numbers of messages",
                    },
                ),
            ],
        ),
        migrations.RemoveIndex(model_name="message", name="message_by_msisdn"),
    ]
