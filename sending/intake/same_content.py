"""Recognises that the same text goes to the same recipients, without keeping who they are."""

from django.utils.crypto import salted_hmac

from sending.models import SendTask


def digest_of(task: SendTask, fingerprint: int) -> str:
    """Return what tasks have in common whose messages are all the same; empty without any.

    `fingerprint` is what the child makes of numbers and values. The key keeps people from finding
    out a few numbers by trying.
    """
    if not fingerprint:
        return ""
    signature = task.signature_version.content if task.signature_version else ""
    said = f"{task.organization_id}\n{signature}\n{task.text_template_version.body}\n{fingerprint}"
    return salted_hmac(__name__, said, algorithm="sha256").hexdigest()
