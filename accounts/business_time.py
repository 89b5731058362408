"""Business time: moments and lengths counted in opening hours only. Knows no framework."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_DAYS = 400
"""No length is counted further than this: a calendar that never opens must end too."""
_DAY = timedelta(days=1)
_RULE = re.compile(
    rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))? (\d\d):(\d\d)-(\d\d):(\d\d)", re.IGNORECASE
)

# Minutes after midnight by weekday (Monday is 0): when it opens and closes, 1440 at the latest.
Opening = Mapping[int, tuple[int, int]]


def read_opening(text: str) -> Opening:
    """Read `Mon-Fri 09:00-18:00, Sat 10:00-14:00`; raises ValueError with what is wrong."""
    opening: dict[int, tuple[int, int]] = {}
    for part in text.split(","):
        found = _RULE.fullmatch(" ".join(part.split()))
        if found is None:
            raise ValueError(f"“{part.strip()}” is not written like Mon-Fri 09:00-18:00")
        first = DAYS.index(found[1].lower())
        last = DAYS.index((found[2] or found[1]).lower())
        opens, closes = (60 * int(found[n]) + int(found[n + 1]) for n in (3, 5))
        if not (first <= last and opens < closes <= 24 * 60):
            raise ValueError(
                f"“{part.strip()}” must go from an earlier day and time to a later one"
            )
        opening |= dict.fromkeys(range(first, last + 1), (opens, closes))
    return opening


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """Opening hours in one zone, without holidays."""

    zone: ZoneInfo
    opening: Opening
    holidays: Container[date] = field(default=frozenset())

    def after(self, start: datetime, length: timedelta) -> datetime:
        """Return the moment when so much business time has passed since `start` (aware), in UTC."""
        left, end = length, start
        for opens, closes in self._spans(start):
            end = closes
            begins = max(opens, start)
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        return end.astimezone(UTC)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the business time from `start` to `end`; nothing if `end` is not later."""
        passed = timedelta()
        for opens, closes in self._spans(start):
            if opens >= end:
                break
            passed += min(closes, end) - max(opens, start)
        return passed

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield (opens, closes) in UTC of each day that ends after `start`."""
        first = start.astimezone(self.zone).date()
        for number in range(MOST_DAYS):
            day = first + number * _DAY
            if day in self.holidays or day.weekday() not in self.opening:
                continue
            opens, closes = (self._at(day, minutes) for minutes in self.opening[day.weekday()])
            if closes > start:
                yield opens, closes

    def _at(self, day: date, minutes: int) -> datetime:
        """Return when the clock of the zone shows so many minutes after midnight."""
        days, rest = divmod(minutes, 24 * 60)
        shown = datetime.combine(day + days * _DAY, time(*divmod(rest, 60)), self.zone)
        return shown.astimezone(UTC)
