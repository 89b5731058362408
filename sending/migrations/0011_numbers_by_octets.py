"""Numbers are compared octet by octet, whatever the locale of the database."""

from django.db import migrations

import sending.models.msisdn_field
from sending.migrations._storage import compare_by_octets

TABLES = ("sending_message", "sending_messagenumber", "sending_customer", "sending_suppression")


class Migration(migrations.Migration):
    dependencies = [("sending", "0010_message_number")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(compare_by_octets(TABLES), migrations.RunPython.noop)],
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
