"""From what a clock on the wall shows to a moment: some times come twice a year, some never."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Occurrence(StrEnum):
    """How often a clock on the wall shows a time: clocks go forward in spring, and back later."""

    ONCE = "ONCE"
    TWICE = "TWICE"
    NEVER = "NEVER"


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """A moment, and how often the clock shows it.

    Of a time that is there twice it is the first, of one that is skipped it is when the clock has
    gone forward by as much.
    """

    at: datetime
    occurrence: Occurrence


def moment_of(shown: datetime, zone: ZoneInfo) -> LocalMoment:
    """Return the moment at which a clock in a zone shows a time (without a zone)."""
    first = shown.replace(tzinfo=zone, fold=0)
    second = shown.replace(tzinfo=zone, fold=1)
    at = first.astimezone(UTC)
    if first.utcoffset() == second.utcoffset():
        return LocalMoment(at, Occurrence.ONCE)
    # Only a time that is skipped does not come back as it was.
    comes_back = at.astimezone(zone).replace(tzinfo=None) == shown
    return LocalMoment(at, Occurrence.TWICE if comes_back else Occurrence.NEVER)


def utc_offset(local: datetime) -> str:
    """Return how far an aware time's zone is from UTC just then: UTC+8, UTC-3:30."""
    offset = local.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
