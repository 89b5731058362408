"""Masks the numbers that the trail holds, then seals every entry to the one before it."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from accounts.append_only import drop_triggers
from accounts.masking import mask_numbers
from accounts.sealing import NOTHING_BEFORE, seal

CHUNK = 1_000
UPDATE = "UPDATE accounts_auditentry SET subject = %s, position = %s, seal = %s WHERE id = %s"


def seal_entries(apps, schema_editor):
    """Walk the chains one after the other, in constant memory."""
    connection = schema_editor.connection
    # Every migrate makes them, also one that ended before this.
    drop_triggers(connection)
    entries = apps.get_model("accounts", "AuditEntry").objects.using(connection.alias)
    chains = apps.get_model("accounts", "AuditChain").objects.using(connection.alias)
    organizations = entries.order_by("organization_id").values_list("organization_id", flat=True)
    for organization in list(organizations.distinct()):
        position, last_seal, last_id = 0, NOTHING_BEFORE, 0
        own = entries.filter(organization_id=organization).order_by("id")
        while chunk := list(own.filter(id__gt=last_id)[:CHUNK]):
            for entry in chunk:
                position, last_id = position + 1, entry.id
                if not entry.subject.isdigit():
                    entry.subject = mask_numbers(entry.subject)
                entry.position = position
                # What AuditEntry.sealed_facts() covers.
                facts = [
                    organization or 0,
                    position,
                    entry.at.isoformat(),
                    entry.action,
                    entry.subject,
                    entry.actor_id,
                    entry.person_id,
                    entry.details,
                ]
                entry.seal = last_seal = seal(facts, last_seal)
            rows = [(each.subject, each.position, each.seal, each.id) for each in chunk]
            with connection.cursor() as cursor:
                cursor.executemany(UPDATE, rows)
        chains.create(id=organization or 0, length=position, seal=last_seal)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_suspension"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditChain",
            fields=[
                ("id", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("length", models.PositiveBigIntegerField(default=0)),
                ("seal", models.CharField(default="0" * 64, max_length=64)),
            ],
            options={
                "verbose_name": "chain of the audit trail",
                "verbose_name_plural": "chains of the audit trail",
            },
        ),
        migrations.AddField(
            model_name="auditentry",
            name="position",
            field=models.PositiveBigIntegerField(editable=False, default=0, verbose_name="position"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditentry",
            name="seal",
            field=models.CharField(editable=False, default="", max_length=64, verbose_name="seal"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="at"
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.RunPython(seal_entries, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "actor", "-id"], name="audit_of_actor"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "at"], name="audit_by_time"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["person", "-id"], name="audit_of_person"),
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.UniqueConstraint(
                fields=("organization", "position"), name="audit_one_chain"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organization", None)),
                fields=("position",),
                name="audit_one_console_chain",
            ),
        ),
    ]
