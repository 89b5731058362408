"""Dates as the SDKs parse them, and no other way: one of them ignores offsets. Pure."""

from datetime import UTC, datetime
from email.utils import format_datetime


def rfc2822(moment: datetime | None) -> str | None:
    """Return a date of the API of 2010, such as Thu, 24 Aug 2023 05:01:45 +0000."""
    return None if moment is None else format_datetime(moment.astimezone(UTC))


def iso8601(moment: datetime | None) -> str | None:
    """Return a date of the newer APIs, such as 2023-08-24T05:01:45Z; fractions would not parse."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> datetime | None:
    """Return a moment as SDKs write them, or None; a day alone begins at midnight, in UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None
