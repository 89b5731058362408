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
