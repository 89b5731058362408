"""Numbers with +1, or of the Chinese mainland without 86? 13122345678 alone does not tell.

Mobile numbers of the mainland have eleven digits and begin with 1. Written without 86, four in ten
of them are valid numbers of North America, and a text to them reaches a stranger there; the other
six are refused, which is how a list of them can be told from a list of North American numbers.
"""

import re

from sending.sms.mobile_ranges import mainland_mobile
from sending.spreadsheets.problems import FileCode, FileRefused

# Of all numbers that begin with 1, as many must be of the mainland and of nowhere else.
_SHARE = 10
# As many that could be either, without any that could only be one: chance explains that they are
# all valid in North America, so people are asked. More of them are North American (0.43 ** 10).
_BY_CHANCE = 10
_WITH_PREFIX = re.compile(r"\D*(?:\+|00|011)")
_CELL_CHARS = 32
_NO_DECIMALS = re.compile(r"(?<=[0-9]{7})[.,]0+\s*\Z")
_NOT_DIGITS = re.compile(r"\D")


class PlusOne:
    """Counts numbers that begin with 1 until it is clear whose they are; asks where it is not.

    `confirmed` says that people have answered that they are numbers with +1.
    """

    def __init__(self, *, confirmed: bool) -> None:
        self._confirmed = confirmed
        self._may_be_mainland = mainland_mobile().fullmatch
        self._either = 0
        self._first = 0
        self._only_plus_one = 0
        self._only_mainland = 0

    def accepted(self, row: int, digits: str) -> None:
        """Count a number with +1 that is written in digits alone: called for every row."""
        if not self._may_be_mainland(digits):
            self._only_plus_one += 1
            return
        self._either += 1
        if not self._first:
            self._first = row

    def accepted_cell(self, row: int, digits: str, cell: object) -> None:
        """Count a number with +1 that was read from a cell, however it is written."""
        if has_prefix(cell):
            self._only_plus_one += 1
        else:
            self.accepted(row, digits)

    def refused(self, cell: object) -> None:
        """Count a cell that is no number, if the mainland has that number."""
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        elif isinstance(cell, str) and cell.isdecimal() and cell[0] != "1":
            return
        digits = _NOT_DIGITS.sub("", _NO_DECIMALS.sub("", str(cell)[:_CELL_CHARS]))
        if self._may_be_mainland(digits) and not has_prefix(cell):
            self._only_mainland += 1

    def check(self, *, at_end: bool) -> None:
        """Raise FileRefused COUNTRY_CODE_UNCLEAR where people must say whose the numbers are."""
        if self._confirmed or not self._either:
            return
        total = self._either + self._only_plus_one + self._only_mainland
        looks_mainland = self._only_mainland * _SHARE >= total
        few = self._either == total < _BY_CHANCE
        if looks_mainland or (at_end and few):
            count = self._either + self._only_mainland
            raise FileRefused(FileCode.COUNTRY_CODE_UNCLEAR, count=count, row=self._first)


def has_prefix(cell: object) -> bool:
    """Tell whether a number is written with its country code, or the way to dial one."""
    return isinstance(cell, str) and _WITH_PREFIX.match(cell) is not None
