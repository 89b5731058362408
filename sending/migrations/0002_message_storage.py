"""The one row of the message sequence, and room for updates in place on PostgreSQL."""

from django.db import migrations


def begin_sequence(apps, schema_editor):
    apps.get_model("sending", "MessageSequence").objects.get_or_create(pk=1)


def leave_room(apps, schema_editor):
    # A message is updated three times; with room on its page the update stays there (HOT) and
    # touches no index.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE sending_message SET (fillfactor = 60)")
        for table in ("sending_batch", "sending_receiptinbox", "sending_counter"):
            schema_editor.execute(
                f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.01,"
                " autovacuum_vacuum_threshold = 1000)"
            )


class Migration(migrations.Migration):
    dependencies = [("sending", "0001_initial")]
    operations = [
        migrations.RunPython(begin_sequence, migrations.RunPython.noop),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
    ]
