"""A number as somebody types it behind a command."""

from django.core.management import CommandError

from sending.number_form import read_digits


def msisdn_of(written: str) -> str:
    """Return the number as E.164, however it is spaced; raise CommandError."""
    try:
        return read_digits(written)
    except ValueError:
        message = "Give a number of 7 to 15 digits, starting with a country code."
        raise CommandError(message) from None
