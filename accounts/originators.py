"""Whether what people enter as an originator can be sent, in words for them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sending.sms import originator

SENTENCES: dict[str, Any] = {
    originator.ORIGINATOR_MISSING: _("Enter an originator."),
    originator.ORIGINATOR_TOO_LONG: _("Use at most 11 letters and digits."),
    originator.ORIGINATOR_CHARACTER: _("Handsets cannot show “%(characters)s” in an originator."),
    originator.ORIGINATOR_NUMBER: _("Enter the whole number with its country code, such as +852."),
}


def read_originator(text: str) -> str:
    """Return an originator as it is kept, empty if there is none; raises ValidationError."""
    if not text.strip():
        return ""
    try:
        return originator.parse(text).address
    except originator.OriginatorError as error:
        raise ValidationError(
            SENTENCES[error.code],
            code=error.code.lower(),
            params={"characters": error.characters[:20]},
        ) from None


def validate_originator(text: str) -> None:
    """Refuse what handsets cannot show as a sender."""
    read_originator(text)
