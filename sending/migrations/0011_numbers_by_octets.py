"""Numbers are compared octet by octet, whatever the locale of the database."""

from django.db import migrations

import sending.models.msisdn_field

TABLES = ("sending_message", "sending_messagenumber", "sending_customer", "sending_suppression")


def collate(apps, schema_editor):
    # SQLite compares so anyway, and would copy the tables.
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(
                f'ALTER TABLE {table} ALTER COLUMN msisdn TYPE varchar(16) COLLATE "C"'
            )


class Migration(migrations.Migration):
    dependencies = [("sending", "0010_message_number")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(collate, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name=name,
                    name="msisdn",
                    field=sending.models.msisdn_field.MsisdnField(max_length=16, **label),
                )
                for name, label in (
                    ("message", {"verbose_name": "mobile number"}),
                    ("messagenumber", {}),
                    ("customer", {"verbose_name": "mobile number"}),
                    ("suppression", {"verbose_name": "mobile number"}),
                )
            ],
        ),
    ]
