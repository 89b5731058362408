"""Messages and what lies beside them become partitioned by month, on PostgreSQL."""

from django.db import migrations

from sending.migrations._by_month import partition


class Migration(migrations.Migration):
    # Between its steps others go on with their work.
    atomic = False
    dependencies = [("sending", "0033_originators_and_languages")]
    operations = [migrations.RunPython(partition)]
