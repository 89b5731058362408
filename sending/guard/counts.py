"""What the database counted, and what was let through since it was asked: facts, one by one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sending.guard.questions import GuardRead, block_buckets, counter_names, seconds
from sending.guard.rules.facts import (
    DAY,
    NOBODY,
    ActiveBlock,
    Conversion,
    Facts,
    Spent,
    Subject,
    Usual,
)
from sending.guard.rules.finding import GuardFinding
from sending.guard.rules.names import Dimension, GuardAction, Rule
from sending.guard.rules.verdict import block_until


@dataclass(slots=True)
class _Number:
    hour: int = 0
    day: int = 0
    hour_since: float = 0.0
    day_since: float = 0.0


@dataclass(slots=True)
class _Thousand:
    numbers: int = 0
    verified: int = 0
    # By the hundred of the block.
    neighbours: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Address:
    numbers: int = 0
    verified_hour: int = 0
    verified_day: int = 0
    countries: set[str] = field(default_factory=set)
    # Those let through since the database was asked.
    also: set[int] = field(default_factory=set)


# Nobody writes to these.
_NO_NUMBER, _NO_THOUSAND, _NO_ADDRESS = _Number(), _Thousand(), _Address()
# Of a counter: sent in the hour, what is old enough to be judged, entered of that, and the cost.
_Counter = list[int]
_NEVER: _Counter = [0, 0, 0, 0]
_BlockKey = tuple[str, Dimension, str]


class StoppedFor(NamedTuple):
    """A block as it is to be stored: what it is about, until when, and how often by now."""

    finding: GuardFinding
    until: float
    times: int


class Counts:
    """Facts about messages of one organization at one moment."""

    def __init__(self, found: GuardRead, usual: Usual, trusted: Collection[int]) -> None:
        self._usual, self._trusted = usual, trusted
        self._numbers = {
            digest: _Number(hour, day, seconds(hour_since), seconds(day_since))
            for digest, hour, day, hour_since, day_since in found.numbers or ()
        }
        self._thousands = _thousands_of(found.thousands or ())
        self._addresses = _addresses_of(found.addresses or ())
        self._counters: dict[str, _Counter] = found.counters or {}
        self._first_minutes = found.keys
        self._blocks = _blocks_of(found.blocks) if found.blocks else {}

    def facts(self, subject: Subject) -> Facts:
        """Return what is known before a message."""
        counter = self._counters.get
        ten, lakh, country, *of_money = [counter(name, _NEVER) for name in counter_names(subject)]
        organization_hour, organization_day, country_hour, country_day, key_hour, key_day = of_money
        number = self._numbers.get(subject.number) or _NO_NUMBER
        thousand = self._thousands.get(subject.ranges.thousand) or _NO_THOUSAND
        address = self._addresses.get(subject.address) or _NO_ADDRESS
        return Facts(
            is_trusted=subject.number in self._trusted,
            number_hour=number.hour,
            number_day=number.day,
            number_hour_since=number.hour_since,
            number_day_since=number.day_since,
            thousand_numbers=thousand.numbers,
            thousand_verified=thousand.verified,
            neighbours=thousand.neighbours.get(subject.ranges.hundred, 0),
            ten_thousand=Conversion(ten[1], ten[2]),
            hundred_thousand=Conversion(lakh[1], lakh[2]),
            hundred_thousand_hour=lakh[0],
            country=Conversion(country[1], country[2]),
            address_numbers=address.numbers,
            address_verified_hour=address.verified_hour,
            address_countries=len(address.countries | {subject.country}),
            address_verified_day=address.verified_day,
            organization_spent=Spent(organization_hour[3], organization_day[3]),
            country_spent=Spent(country_hour[3], country_day[3]),
            key_spent=Spent(key_hour[3], key_day[3]),
            organization_hour=organization_hour[0],
            is_new_key=self._is_new_key(subject),
            usual=self._usual,
            blocks=self._active(subject) if self._blocks else (),
        )

    def note(self, subject: Subject) -> None:
        """Count a message that is let through."""
        number = self._numbers.setdefault(subject.number, _Number())
        if not number.hour:
            hundred = subject.ranges.hundred
            thousand = self._thousands.setdefault(subject.ranges.thousand, _Thousand())
            thousand.numbers += 1
            thousand.neighbours[hundred] = thousand.neighbours.get(hundred, 0) + 1
            number.hour_since = subject.now
        number.day_since = number.day_since or subject.now
        number.hour += 1
        number.day += 1
        if subject.address != NOBODY:
            address = self._addresses.setdefault(subject.address, _Address())
            address.countries.add(subject.country)
            if subject.number not in address.also:
                address.also.add(subject.number)
                address.numbers += 1
        for name in counter_names(subject):
            counter = self._counters.setdefault(name, [0, 0, 0, 0])
            counter[0] += 1
            counter[3] += subject.cost_micro

    def stop(self, finding: GuardFinding, subject: Subject) -> StoppedFor:
        """Stop what a finding is about; twice as long as the last time within a day."""
        key = (finding.rule, finding.dimension, finding.bucket)
        times = self._blocks[key][1] + 1 if key in self._blocks else 1
        until = block_until(finding, times, subject.now)
        active = ActiveBlock(
            *(finding.rule, finding.dimension, finding.bucket, finding.action),
            *(finding.counted, finding.threshold, until),
        )
        self._blocks[key] = active, times
        return StoppedFor(finding, until, times)

    def _is_new_key(self, subject: Subject) -> bool:
        first = self._first_minutes.get(str(subject.key))
        return first is None or first * 60 > subject.now - DAY

    def _active(self, subject: Subject) -> list[ActiveBlock]:
        keys = set(block_buckets(subject))
        return [
            block
            for (_rule, dimension, bucket), (block, _times) in self._blocks.items()
            if (dimension, bucket) in keys and block.until > subject.now
        ]


def _thousands_of(rows: Iterable[Sequence[Any]]) -> dict[int, _Thousand]:
    found: dict[int, _Thousand] = {}
    for block, hundred, numbers, neighbours, verified in rows:
        thousand = found.setdefault(block, _Thousand())
        thousand.numbers += numbers
        thousand.verified += verified
        thousand.neighbours[hundred] = neighbours
    return found


def _addresses_of(rows: Iterable[Sequence[Any]]) -> dict[int, _Address]:
    found: dict[int, _Address] = {}
    for digest, numbers, verified_hour, country, verified_day in rows:
        address = found.setdefault(digest, _Address())
        address.numbers += numbers
        address.verified_hour += verified_hour
        address.verified_day += verified_day
        address.countries.add(country)
    return found


def _blocks_of(rows: Iterable[Sequence[Any]]) -> dict[_BlockKey, tuple[ActiveBlock, int]]:
    """Return what is stopped and how often it was; what people stopped, and the longest, first."""
    found: dict[_BlockKey, tuple[ActiveBlock, int]] = {}
    for rule, dimension, bucket, action, counted, threshold, until, times, by_person in rows:
        active = ActiveBlock(
            *(Rule(rule), Dimension(dimension), bucket, GuardAction(action)),
            *(counted, threshold, seconds(until), bool(by_person)),
        )
        found[rule, active.dimension, bucket] = active, times
    return dict(sorted(found.items(), key=lambda one: _place(one[1][0])))


def _place(block: ActiveBlock) -> tuple[bool, float]:
    return not block.by_person, -block.until
