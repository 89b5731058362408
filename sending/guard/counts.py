"""What the database counted, and what was let through since it was asked: facts, one by one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from accounts.statements import Rows
from sending.guard.questions import Window, block_buckets, seconds, windows_of
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
from sending.guard.rules.verdict import block_seconds


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
    neighbours: dict[int, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(slots=True)
class _Address:
    numbers: int = 0
    verified_hour: int = 0
    verified_day: int = 0
    countries: set[str] = field(default_factory=set)
    # Those let through since the database was asked.
    also: set[int] = field(default_factory=set)


class _Counted(NamedTuple):
    sent: int = 0
    ripe: int = 0
    verified: int = 0
    cost_micro: int = 0
    first_minute: int | None = None


_BlockKey = tuple[str, Dimension, str]


class StoppedFor(NamedTuple):
    """A block as it is to be stored: what it is about, until when, and how often by now."""

    finding: GuardFinding
    until: float
    times: int


class Counts:
    """Facts about messages of one organization at one moment."""

    def __init__(
        self,
        rows: Sequence[Rows],
        windows: Sequence[Window],
        usual: Usual,
        trusted: Collection[int],
    ) -> None:
        _lock, _trust, numbers, thousands, addresses, counters, blocks = rows
        self._usual, self._trusted = usual, trusted
        self._numbers = {
            digest: _Number(hour, day, seconds(hour_since), seconds(day_since))
            for digest, hour, day, hour_since, day_since in numbers
        }
        self._thousands: dict[int, _Thousand] = defaultdict(_Thousand)
        for block, hundred, found, neighbours, verified in thousands:
            self._thousands[block].numbers += found
            self._thousands[block].verified += verified
            self._thousands[block].neighbours[hundred] = neighbours
        self._addresses = _addresses_of(addresses)
        self._counters: dict[Window, _Counted] = {
            windows[place]: _Counted(int(sent), int(ripe), int(verified), int(cost), first)
            for place, sent, ripe, verified, cost, first in counters
        }
        self._blocks: dict[_BlockKey, tuple[ActiveBlock, int]] = {}
        for rule, dimension, bucket, action, counted, threshold, until, times, by_person in blocks:
            key = (rule, Dimension(dimension), bucket)
            active = ActiveBlock(
                *(Rule(rule), Dimension(dimension), bucket, GuardAction(action)),
                *(counted, threshold, seconds(until), bool(by_person)),
            )
            self._blocks[key] = active, times

    def facts(self, subject: Subject) -> Facts:
        """Return what is known before a message."""
        number = self._numbers.get(subject.number) or _Number()
        thousand, address = self._thousands[subject.ranges.thousand], self._address(subject)
        found = {
            name: self._counters.get(window, _Counted())
            for name, window in windows_of(subject).items()
        }
        ten, lakh, country = found["ten_thousand"], found["hundred_thousand"], found["country"]
        first = found["key_ever"].first_minute
        return Facts(
            is_trusted=subject.number in self._trusted,
            number_hour=number.hour,
            number_day=number.day,
            number_hour_since=number.hour_since,
            number_day_since=number.day_since,
            thousand_numbers=thousand.numbers,
            thousand_verified=thousand.verified,
            neighbours=thousand.neighbours[subject.ranges.hundred],
            ten_thousand=Conversion(ten.ripe, ten.verified),
            hundred_thousand=Conversion(lakh.ripe, lakh.verified),
            hundred_thousand_hour=found["hundred_thousand_hour"].sent,
            country=Conversion(country.ripe, country.verified),
            address_numbers=address.numbers,
            address_verified_hour=address.verified_hour,
            address_countries=len(address.countries | {subject.country}),
            address_verified_day=address.verified_day,
            organization_spent=_spent(found, "organization"),
            country_spent=_spent(found, "country"),
            key_spent=_spent(found, "key"),
            organization_hour=found["organization_hour"].sent,
            is_new_key=first is None or first * 60 > subject.now - DAY,
            usual=self._usual,
            blocks=self._active(subject),
        )

    def note(self, subject: Subject) -> None:
        """Count a message that is let through."""
        number = self._numbers.setdefault(subject.number, _Number())
        if not number.hour:
            self._thousands[subject.ranges.thousand].numbers += 1
            self._thousands[subject.ranges.thousand].neighbours[subject.ranges.hundred] += 1
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
        for window in set(windows_of(subject).values()):
            before = self._counters.get(window, _Counted())
            self._counters[window] = before._replace(
                sent=before.sent + 1, cost_micro=before.cost_micro + subject.cost_micro
            )

    def stop(self, finding: GuardFinding, subject: Subject) -> StoppedFor:
        """Stop what a finding is about; twice as long as the last time within a day."""
        key = (finding.rule.value, finding.dimension, finding.bucket)
        times = self._blocks[key][1] + 1 if key in self._blocks else 1
        wanted = (finding.until or subject.now) - subject.now
        until = subject.now + block_seconds(wanted, times)
        active = ActiveBlock(
            *(finding.rule, finding.dimension, finding.bucket, finding.action),
            *(finding.counted, finding.threshold, until),
        )
        self._blocks[key] = active, times
        return StoppedFor(finding, until, times)

    def _address(self, subject: Subject) -> _Address:
        return self._addresses.get(subject.address) or _Address()

    def _active(self, subject: Subject) -> list[ActiveBlock]:
        keys = set(block_buckets(subject))
        return [
            block
            for (_rule, dimension, bucket), (block, _times) in self._blocks.items()
            if (dimension, bucket) in keys and block.until > subject.now
        ]


def _addresses_of(rows: Rows) -> dict[int, _Address]:
    found: dict[int, _Address] = {}
    for digest, numbers, verified_hour, country, verified_day in rows:
        address = found.setdefault(digest, _Address())
        address.numbers += numbers
        address.verified_hour += verified_hour
        address.verified_day += verified_day
        address.countries.add(country)
    return found


def _spent(found: dict[str, _Counted], of: str) -> Spent:
    return Spent(found[f"{of}_hour"].cost_micro, found[f"{of}_day"].cost_micro)
