"""schedule_delivery_time and validity_period as SMPP 3.4 clause 7.1.1 writes them, both ways."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_TIME = re.compile(r"([0-9]{12})([0-9])([0-9]{2})([+\-R])")
_QUARTER = timedelta(minutes=15)
MOST_QUARTERS = 48


class BadTime(ValueError):
    """No time of SMPP: sixteen characters, or none."""


def moment(written: str, now: datetime) -> datetime | None:
    """Return what a client wrote as a moment, None where it wrote nothing; raise BadTime.

    Absolute with its distance from UTC in quarters of an hour, or from `now` on. Years and months
    of a relative time have 365 and 30 days.
    """
    if not written:
        return None
    found = _TIME.fullmatch(written)
    if found is None:
        raise BadTime(written)
    digits, tenths, quarters, kind = found.groups()
    pairs = [int(digits[at : at + 2]) for at in range(0, 12, 2)]
    try:
        if kind == "R":
            return now + _length(pairs)
        if int(quarters) > MOST_QUARTERS:
            raise BadTime(written)
        year, *rest = pairs
        local = datetime(2000 + year, *rest, int(tenths) * 100_000, tzinfo=UTC)  # type: ignore[misc, arg-type]
        ahead = int(quarters) * _QUARTER
        return local - ahead if kind == "+" else local + ahead
    except (ValueError, OverflowError) as error:
        raise BadTime(written) from error


def _length(pairs: list[int]) -> timedelta:
    years, months, days, hours, minutes, seconds = pairs
    return timedelta(
        days=365 * years + 30 * months + days, hours=hours, minutes=minutes, seconds=seconds
    )


def absolute(at: datetime) -> str:
    """Return a moment as `final_date` of query_sm_resp says it, in UTC."""
    at = at.astimezone(UTC)
    return f"{at:%y%m%d%H%M%S}{at.microsecond // 100_000}00+"
