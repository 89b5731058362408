"""What the rules are told of one message: who it is for, and what was counted before it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sending.guard.rules.names import Dimension, GuardAction, Rule
from sending.guard.rules.ranges import Ranges

HOUR = 3_600
DAY = 24 * HOUR
SIX_HOURS = 6 * HOUR
RIPE = 300
"""Seconds after which a code that was not entered counts as not entered."""
SEQUENCE_SECONDS = 600
NOBODY = 0


class Subject(NamedTuple):
    """A message that is to be judged at `now`, seconds since 1970. Digests; 0 where there is none.

    `has_proved`: the program asked its user to prove that there is a person.
    """

    now: float
    number: int
    ranges: Ranges
    country: str
    key: int
    cost_micro: int
    address: int = NOBODY
    has_proved: bool = False


class Conversion(NamedTuple):
    """Codes that were old enough to be judged, and how many of them were entered."""

    ripe: int = 0
    verified: int = 0


class Spent(NamedTuple):
    """What was spent in the current hour and day, in millionths."""

    hour: int = 0
    day: int = 0


class ActiveBlock(NamedTuple):
    """What was stopped before and is still, with what was counted then."""

    rule: Rule
    dimension: Dimension
    bucket: str
    action: GuardAction
    counted: int
    threshold: int
    until: float
    # Then it holds whatever the mode of the rule is.
    by_person: bool = False


class Usual(NamedTuple):
    """What is usual for the organization, by the hours of 14 days that are over.

    `conversion` is None until enough of it is known. The hours are the busiest: all that was sent
    by the organization, and what was verified by country.
    """

    conversion: float | None = None
    busiest_sent: int = 0
    busiest_verified: dict[str, int] = {}


_NONE, _NOTHING_SPENT, _UNKNOWN = Conversion(), Spent(), Usual()


@dataclass(slots=True)
class Facts:
    """Everything counted before a message, in windows that end with it."""

    is_trusted: bool = False
    number_hour: int = 0
    number_day: int = 0
    # When the oldest message of each window was sent.
    number_hour_since: float = 0.0
    number_day_since: float = 0.0
    # In an hour: different numbers of the block, and those verified.
    thousand_numbers: int = 0
    thousand_verified: int = 0
    # Different numbers of the hundred in ten minutes.
    neighbours: int = 0
    ten_thousand: Conversion = _NONE
    hundred_thousand: Conversion = _NONE
    # All of the range in an hour, ripe or not.
    hundred_thousand_hour: int = 0
    country: Conversion = _NONE
    address_numbers: int = 0
    address_verified_hour: int = 0
    address_countries: int = 0
    address_verified_day: int = 0
    organization_spent: Spent = _NOTHING_SPENT
    country_spent: Spent = _NOTHING_SPENT
    key_spent: Spent = _NOTHING_SPENT
    organization_hour: int = 0
    is_new_key: bool = False
    usual: Usual = _UNKNOWN
    blocks: Sequence[ActiveBlock] = field(default_factory=list)
