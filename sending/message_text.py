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
    return text_with(version, signature, values_of(message, hides_codes=hides_codes))


def values_of(message: Message, *, hides_codes: bool) -> list[str]:
    """Return the values of the variables, or stars for those of a one-time password."""
    values: list[str] = json.loads(message.variables or "[]")
    if hides_codes and message.lane == Lane.OTP.value:
        return [_HIDDEN] * len(values)
    return values


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
