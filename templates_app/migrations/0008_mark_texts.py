from django.db import migrations

from templates_app.likeness import digest, marks

KINDS = (("signature", "SignatureVersion", "content"), ("template", "TextTemplateVersion", "body"))


def mark_texts(apps, schema_editor):
    """Mark what was submitted before there were marks, some hundred texts at a time."""
    TextMark = apps.get_model("templates_app", "TextMark")
    for kind, name, field in KINDS:
        Version = apps.get_model("templates_app", name)
        rows = Version.objects.exclude(submitted_at=None).filter(digest="").order_by("pk")
        after = 0
        while chunk := list(rows.filter(pk__gt=after)[:300]):
            after = chunk[-1].pk
            for version in chunk:
                version.digest = digest(getattr(version, field))
            Version.objects.bulk_update(chunk, ["digest"])
            TextMark.objects.bulk_create(
                TextMark(
                    organization_id=version.organization_id,
                    kind=kind,
                    version_id=version.pk,
                    mark=mark,
                )
                for version in chunk
                for mark in marks(getattr(version, field))
            )


class Migration(migrations.Migration):
    dependencies = [("templates_app", "0007_review_desk")]

    operations = [migrations.RunPython(mark_texts, migrations.RunPython.noop)]
