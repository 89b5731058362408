"""The fields of a form or of a query: names may stand several times, and all values are text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import INVALID
from sending.dialects.twilio.routing import MOST_FIELDS

# PostgreSQL keeps no NUL.
_NO_CHARACTER = re.compile("\0")
_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Fields:
    """Values by name, in their order; a field that is there and empty is not one that is absent."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, encoded: str) -> "Fields":
        """Return what stands in an encoded form; raise TwilioError."""
        try:
            pairs = parse_qsl(
                encoded, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
            )
        except ValueError as error:
            raise TwilioError(
                INVALID,
                _("The fields cannot be read. Send a form in UTF-8 with at most %(most)s fields.")
                % {"most": MOST_FIELDS},
            ) from error
        if any(_NO_CHARACTER.search(value) for _name, value in pairs):
            raise TwilioError(INVALID, _("A field has a character that is none, U+0000."))
        return cls(tuple(pairs))

    def __contains__(self, name: str) -> bool:
        return any(one == name for one, _value in self.pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def all(self, name: str) -> list[str]:
        """Return every value of a field."""
        return [value for one, value in self.pairs if one == name]

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of a field."""
        return next((value for one, value in self.pairs if one == name), default)

    def text(self, name: str, most: int, default: str = "") -> str:
        """Return a value of so many characters at most; raise TwilioError 21658."""
        value = self.get(name, default)
        if len(value) > most:
            raise TwilioError(
                21658,
                _("%(name)s is longer than %(most)s characters.") % {"name": name, "most": most},
            )
        return value

    def whole(self, name: str, default: int, least: int, most: int, code: int = INVALID) -> int:
        """Return a whole number within its bounds; raise TwilioError."""
        text = self.get(name).strip()
        if not text:
            return default
        is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
        if not (is_number and least <= int(text) <= most):
            raise TwilioError(
                code,
                _("%(name)s must be a whole number from %(least)s to %(most)s.")
                % {"name": name, "least": least, "most": most},
            )
        return int(text)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return true or false as SDKs write them; raise TwilioError."""
        text = self.get(name).strip().lower()
        if text in {"true", "false"}:
            return text == "true"
        if text:
            raise TwilioError(INVALID, _("%(name)s must be true or false.") % {"name": name})
        return default


def is_vouched_for(form: Fields) -> bool:
    """Tell whether the program says that its user proved to be a person (RiskCheck=disable)."""
    return form.get("RiskCheck").strip().lower() == "disable"
