"""A number as somebody types it behind a command."""

import re

from django.core.management import CommandError


def msisdn_of(written: str) -> str:
    """Return the number as E.164, however it is spaced; raise CommandError."""
    digits = re.sub(r"[^0-9]", "", written).removeprefix("00")
    if not 7 <= len(digits) <= 15:
        raise CommandError("Give a number of 7 to 15 digits, starting with a country code.")
    return f"+{digits}"
