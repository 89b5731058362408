"""The one row of the message sequence, and room for updates in place on PostgreSQL."""

from django.db import migrations

from sending.migrations._storage import begin_sequence, leave_room


class Migration(migrations.Migration):
    dependencies = [("sending", "0001_initial")]
    operations = [
        migrations.RunPython(begin_sequence, migrations.RunPython.noop),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
    ]
