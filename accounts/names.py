"""Names of people and organizations: one line of plain text that carries no link into a mail."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Line ends, other controls, and marks that turn the direction of what follows.
_INVISIBLE = {"Cc", "Cs", "Zl", "Zp"}
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINK = re.compile(r"://|\bwww\.|\w\.\w[\w.-]*[/?#]", re.IGNORECASE)
_DOT_IN_WORD = re.compile(r"(?<=\w)[.\u3002\uff0e](?=\w)")


def validate_name(name: str) -> None:
    """Refuse control characters and links."""
    if _DIRECTIONS.search(name) or any(unicodedata.category(c) in _INVISIBLE for c in name):
        raise ValidationError(
            _("Use one line of plain text. Remove line breaks and hidden characters."),
            code="name_characters",
        )
    if _LINK.search(name):
        raise ValidationError(_("Leave web addresses out of the name."), code="name_link")


def in_mail(name: object) -> str:
    """Return a name as mails show it: no line ends, and nothing that a mail program makes a link.

    "Booking.com" is a name and stays one, with a space that keeps it from being clickable.
    """
    text = "".join(" " if unicodedata.category(c) in _INVISIBLE else c for c in str(name))
    text = _DIRECTIONS.sub("", text).replace("://", " ")
    return " ".join(_DOT_IN_WORD.sub(". ", text).split())
