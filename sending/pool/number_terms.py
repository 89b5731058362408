"""What people enter to look for a number: its beginning, its end, or all of it as said at home."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import phonenumbers
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from sending.models.customer import LAST_DIGITS, LastDigits

_MOST_DIGITS = 15
# What is shorter than a number at home could be anything.
_LEAST_NATIONAL = 6
_ALIKE = re.compile(r"[\d\s+().\-/]+")


@dataclass(frozen=True, slots=True)
class NumberTerms:
    """Numbers that may be meant: those that begin so, these, and those that end so."""

    begins: str
    exact: tuple[str, ...] = ()
    ends: str = ""

    def conditions(self) -> list[Q]:
        """Return one condition for each way; a column of numbers and its last digits have indexes.

        Wants the annotation `last_digits` of `with_last_digits`.
        """
        conditions = [Q(msisdn__begins=self.begins)]
        if self.exact:
            conditions.append(Q(msisdn__in=self.exact))
        if self.ends:
            last = self.ends[-LAST_DIGITS:]
            conditions.append(Q(last_digits=last, msisdn__endswith=self.ends))
        return conditions


def with_last_digits(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Let conditions on rows that have a number name `last_digits`."""
    found: QuerySet[Any] = rows.alias(last_digits=LastDigits("msisdn"))
    return found


def first_of(rows: QuerySet[Any], condition: Q, most: int) -> QuerySet[Any]:
    """Return the first rows, by number, that fulfil one of the conditions."""
    found = with_last_digits(rows).filter(condition)
    # SQLite would rather walk along all numbers than sort the few that end so.
    ends = any(isinstance(each, tuple) and each[0] == "last_digits" for each in condition.children)
    return found.order_by(Concat("msisdn", Value("")) if ends else "msisdn")[:most]


def looks_like_number(text: str) -> bool:
    """Tell whether a text is meant as a number rather than as a name."""
    return _ALIKE.fullmatch(text) is not None and any(map(str.isdecimal, text))


def terms_of(text: str) -> NumberTerms | None:
    """Return what a text may mean; None when it has no digit, or too many."""
    digits = "".join(char for char in text if char.isascii() and char.isdecimal())
    is_whole = text.strip().startswith(("+", "00"))
    digits = digits.removeprefix("00") if is_whole else digits
    if not digits or len(digits) > _MOST_DIGITS + 1:
        return None
    if is_whole:
        return NumberTerms(begins=f"+{digits}")
    ends = digits if len(digits) >= LAST_DIGITS else ""
    return NumberTerms(begins=f"+{digits}", exact=_abroad(digits.lstrip("0")), ends=ends)


def _abroad(national: str) -> tuple[str, ...]:
    """Return the numbers that are so written in their own countries, without the leading zero."""
    if len(national) < _LEAST_NATIONAL:
        return ()
    room = _MOST_DIGITS - len(national)
    return tuple(f"+{code}{national}" for code in _calling_codes() if len(code) <= room)


@cache
def _calling_codes() -> tuple[str, ...]:
    return tuple(map(str, sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)))
