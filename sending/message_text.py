"""The exact text of a message, as its handset shows it."""

import json

from sending.lifecycle import Lane
from sending.models import Message
from sending.sms.preview import Preview, preview
from templates_app import wording
from templates_app.models import SignatureVersion, TextTemplateVersion

_HIDDEN = "***"


def text_of(
    message: Message,
    version: TextTemplateVersion,
    signature: SignatureVersion | None,
    *,
    hides_codes: bool = False,
) -> Preview | None:
    """Return the text of a message, or None when its variables were erased.

    With `hides_codes` stars stand for the variables of a one-time password.
    """
    values = json.loads(message.variables or "[]")
    if hides_codes and message.lane == Lane.OTP.value:
        values = [_HIDDEN] * len(values)
    return text_with(version, signature, values)


def text_with(
    version: TextTemplateVersion, signature: SignatureVersion | None, values: list[str]
) -> Preview | None:
    """Return a text with these values, or None when there are not as many as it needs."""
    content = signature.content if signature else None
    try:
        spans = list(wording.parse(version.body).spans(values, content))
    except wording.ValueCountError:
        return None
    return preview(spans)
