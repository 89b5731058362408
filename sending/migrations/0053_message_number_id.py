"""PostgreSQL finds the numbers of messages that were stored together by where they lie."""

from django.db import migrations

from sending.migrations._storage import find_numbers_by_message, forget_where_numbers_lie


class Migration(migrations.Migration):
    dependencies = [("sending", "0052_guard_keep")]

    operations = [migrations.RunPython(find_numbers_by_message, forget_where_numbers_lie)]
