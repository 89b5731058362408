"""Recognises that the same text goes to the same recipients, without keeping who they are."""

from django.utils.crypto import salted_hmac

from sending.models import SendTask
from templates_app.models import TextTemplateVersion


def digest_of(task: SendTask, accepted: int, fingerprint: int) -> str:
    """Return what tasks have in common whose messages are all the same; empty without any.

    `fingerprint` is what the child makes of the numbers and values of so many messages. The key
    keeps people from finding out a few numbers by trying.
    """
    if not accepted:
        return ""
    signature = task.signature_version.content if task.signature_version else ""
    said = [task.organization_id, accepted, fingerprint, signature, task.text_template_version.body]
    said += _other_languages(task)
    return salted_hmac(__name__, "\n".join(map(str, said)), algorithm="sha256").hexdigest()


def _other_languages(task: SendTask) -> list[str]:
    versions = TextTemplateVersion.objects.for_organization(task.organization)
    bodies = dict(versions.filter(pk__in=task.language_versions.values()).values_list("pk", "body"))
    return [f"{tag} {bodies[pk]}" for tag, pk in sorted(task.language_versions.items())]
