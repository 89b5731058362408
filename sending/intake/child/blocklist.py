"""Who must not be sent to: suppressed numbers in a compact file, and countries not allowed."""

import datetime
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

from sending.spreadsheets.problems import RowCode, RowRefused

# Numbers without plus, ascending; then the day of each, counted from 1970-01-01.
_NUMBERS, _DAYS = "Q", "I"
_EPOCH = datetime.date(1970, 1, 1)


def write(path: Path, suppressed: Iterable[tuple[str, datetime.date]]) -> int:
    """Write (E.164 number, since) pairs, ascending by number as a figure; return how many."""
    numbers, days = array(_NUMBERS), array(_DAYS)
    for number, since in suppressed:
        numbers.append(int(number))
        days.append((since - _EPOCH).days)
    path.write_bytes(numbers.tobytes() + days.tobytes())
    return len(numbers)


class Blocklist:
    """Refuses rows to suppressed numbers and to countries that are not allowed."""

    def __init__(self, suppressed: str, countries: Iterable[str]) -> None:
        """`suppressed` is a file of `write`, or empty; no `countries` allow all."""
        self._countries = frozenset(countries)
        self._numbers, self._days = array(_NUMBERS), array(_DAYS)
        if suppressed:
            content = Path(suppressed).read_bytes()
            count = len(content) // (self._numbers.itemsize + self._days.itemsize)
            split = count * self._numbers.itemsize
            self._numbers.frombytes(content[:split])
            self._days.frombytes(content[split:])

    def __bool__(self) -> bool:
        """Tell whether anything is blocked."""
        return bool(self._countries or self._numbers)

    def refuse(self, digits: str, country: str) -> None:
        """Raise RowRefused COUNTRY_NOT_ALLOWED, or SUPPRESSED with `since` (an ISO date)."""
        if self._countries and country not in self._countries:
            raise RowRefused(RowCode.COUNTRY_NOT_ALLOWED, country=country)
        number = int(digits)
        at = bisect_left(self._numbers, number)
        if at < len(self._numbers) and self._numbers[at] == number:
            since = _EPOCH + datetime.timedelta(days=self._days[at])
            raise RowRefused(RowCode.SUPPRESSED, since=since.isoformat())
