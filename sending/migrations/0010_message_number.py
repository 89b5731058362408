"""The index of messages by number becomes a table, in which intake can write sorted rows."""

from django.db import migrations, models

from sending.migrations._storage import NUMBERS, create_numbers, drop_numbers


def fill(apps, schema_editor):
    schema_editor.execute(
        f"INSERT INTO {NUMBERS} SELECT organization_id, msisdn, id FROM sending_message"  # noqa: S608
        " ORDER BY organization_id, msisdn, id"
    )
    if schema_editor.connection.vendor == "postgresql":
        # Until it knows the size of the table, PostgreSQL would sort all numbers that begin alike.
        schema_editor.execute(f"ANALYZE {NUMBERS}")


class Migration(migrations.Migration):
    dependencies = [("sending", "0009_gateway_connections")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(create_numbers, drop_numbers),
                migrations.RunPython(fill, migrations.RunPython.noop),
            ],
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
