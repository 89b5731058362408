"""Keeps the marks of a submitted text, by which the review desk finds similar ones."""

from templates_app.likeness import marks
from templates_app.models import SignatureVersion, TextMark, TextTemplateVersion


def mark_text(version: SignatureVersion | TextTemplateVersion) -> None:
    """Write the marks of a version; call it once, when its text is frozen."""
    kind = "signature" if isinstance(version, SignatureVersion) else "template"
    own = {"organization": version.organization, "kind": kind, "version_id": version.pk}
    TextMark.objects.bulk_create(TextMark(**own, mark=mark) for mark in marks(version.text))
