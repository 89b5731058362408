"""Which row is sent when several have the same number: as people chose, the first if they did not.

All but the first need to know what comes later, so that the file is read twice.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from sending.spreadsheets.problems import RowCode, RowRefused


class Duplicates(StrEnum):
    """What is kept of rows with the same number."""

    FIRST = "first"
    LAST = "last"
    # None of them when their values differ; equal ones are sent once.
    NONE = "none"


class Keep(Protocol):
    """Decides about a row that nothing else refuses; raises RowRefused."""

    def __call__(self, number: int, msisdn: int, values: Sequence[str], /) -> None:
        """`number` is the row's."""
        ...


class First:
    """Keeps the first row of each number."""

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}

    def __call__(self, number: int, msisdn: int, _values: Sequence[str] = (), /) -> None:
        """Refuse a number that an earlier accepted row has."""
        first = self._rows.setdefault(msisdn, number)
        if first != number:
            raise RowRefused(RowCode.DUPLICATE, first=first)


class Last:
    """Keeps the last row of each number."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._last_rows: dict[int, int] = {}

    def look(self, number: int, msisdn: int, _values: Sequence[str], /) -> None:
        """Take in a row of the first reading."""
        if msisdn in self._seen:
            self._last_rows[msisdn] = number
        self._seen.add(msisdn)

    def __call__(self, number: int, msisdn: int, _values: Sequence[str], /) -> None:
        """Refuse a number that a later accepted row has."""
        last = self._last_rows.get(msisdn, number)
        if last != number:
            raise RowRefused(RowCode.DUPLICATE_EARLIER, last=last)


class Unanimous(First):
    """Keeps the first row of each number whose rows all have the same values."""

    def __init__(self) -> None:
        super().__init__()
        # A hash for each: the values of a million rows would not fit.
        self._hashes: dict[int, int] = {}
        self._differing: set[int] = set()

    def look(self, _number: int, msisdn: int, values: Sequence[str], /) -> None:
        """Take in a row of the first reading."""
        found = hash(tuple(values))
        if self._hashes.setdefault(msisdn, found) != found:
            self._differing.add(msisdn)

    def __call__(self, number: int, msisdn: int, _values: Sequence[str] = (), /) -> None:
        """Refuse a number whose rows differ, and one that an earlier accepted row has."""
        if msisdn in self._differing:
            raise RowRefused(RowCode.DUPLICATE_DIFFERS)
        super().__call__(number, msisdn)


class Differing:
    """Notes the numbers whose rows have different values, and asks another what is kept.

    Of one-time passwords a handset must get the right one, so people are told which rows differ.
    """

    # Pairs of rows that are named; the rest is counted.
    SHOWN = 20

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        # Of each number: its first row, and a hash of the values there.
        self._seen: dict[int, tuple[int, int]] = {}
        self._numbers: set[int] = set()
        self.rows: list[list[int]] = []

    @property
    def numbers(self) -> int:
        """Return how many numbers have rows that differ."""
        return len(self._numbers)

    def __call__(self, number: int, msisdn: int, values: Sequence[str], /) -> None:
        """Look at the row, and let the other decide."""
        found = hash(tuple(values))
        first, known = self._seen.setdefault(msisdn, (number, found))
        if known != found:
            self._numbers.add(msisdn)
            if len(self.rows) < self.SHOWN:
                self.rows.append([first, number])
        self._keep(number, msisdn, values)


class AfterRow:
    """Refuses the rows up to one whose messages were sent as the first part of a task.

    Another decides before which of them were kept, so that a number stays with the row it had.
    """

    def __init__(self, keep: Keep, last_sent: int) -> None:
        self._keep = keep
        self._last_sent = last_sent

    def __call__(self, number: int, msisdn: int, values: Sequence[str], /) -> None:
        """Refuse a row that was sent."""
        self._keep(number, msisdn, values)
        if number <= self._last_sent:
            raise RowRefused(RowCode.SENT_BEFORE)
