"""All that the rules count, kept in memory: for replays of what was, and for tests.

It counts as the tables do: numbers, blocks of 1,000 and addresses to the second, larger blocks and
countries by the minute, money by the hour and the day.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sending.guard.rules.facts import (
    DAY,
    HOUR,
    NOBODY,
    RIPE,
    SEQUENCE_SECONDS,
    SIX_HOURS,
    ActiveBlock,
    Conversion,
    Facts,
    Spent,
    Subject,
    Usual,
)
from sending.guard.rules.finding import GuardFinding
from sending.guard.rules.judging import judge
from sending.guard.rules.names import Dimension, GuardAction, Rule
from sending.guard.rules.policy import Policy
from sending.guard.rules.verdict import block_until, verdict

TRUST_SECONDS = 90 * DAY
# The longest window, and what is reported as entered a while later.
_KEPT_MINUTES = 2 * SIX_HOURS // 60
_RANGES_CLEARED = frozenset({Rule.THOUSAND, Rule.TEN_THOUSAND, Rule.HUNDRED_THOUSAND})


@dataclass(slots=True)
class Sent:
    """A code that left."""

    subject: Subject
    is_verified: bool = False


@dataclass(slots=True)
class _Minutes:
    """[minute, sent, verified] of one thing, the oldest first."""

    rows: deque[list[int]] = field(default_factory=deque)

    def row(self, minute: int) -> list[int]:
        if not self.rows or self.rows[-1][0] < minute:
            self.rows.append([minute, 0, 0])
            while self.rows[0][0] < minute - _KEPT_MINUTES:
                self.rows.popleft()
        # What is reported as entered, or comes by a clock that was set back, is of an older minute.
        for row in reversed(self.rows):
            if row[0] <= minute:
                return row
        self.rows.appendleft([minute, 0, 0])
        return self.rows[0]

    def ripe(self, now: float, window: int) -> Conversion:
        since, until = first_minute(now, window), ripe_minute(now)
        rows = [row for row in self.rows if since <= row[0] <= until]
        return Conversion(sum(row[1] for row in rows), sum(row[2] for row in rows))

    def sent(self, now: float, window: int) -> int:
        since = first_minute(now, window)
        return sum(row[1] for row in self.rows if row[0] >= since)


def first_minute(now: float, window: int) -> int:
    """Return the first whole minute of a window that ends with the minute of `now`."""
    return int(now // 60) - window // 60 + 1


def ripe_minute(now: float) -> int:
    """Return the newest minute of which every code is old enough to be judged."""
    return int((now - RIPE) // 60) - 1


class Offered(NamedTuple):
    """What became of a message, and all that spoke against it."""

    decided: GuardFinding | None
    findings: list[GuardFinding]


@dataclass(slots=True)
class _Block:
    active: ActiveBlock
    times: int


_Key = tuple[Dimension, str]


class Ledger:
    """The counts of one organization, as messages come in the order of time."""

    def __init__(self, policy: Policy, usual: Usual) -> None:
        self.policy, self.usual = policy, usual
        self._numbers: dict[int, deque[Sent]] = defaultdict(deque)
        self._thousands: dict[int, deque[Sent]] = defaultdict(deque)
        self._addresses: dict[int, deque[Sent]] = defaultdict(deque)
        self._minutes: dict[_Key, _Minutes] = defaultdict(_Minutes)
        self._money: dict[tuple[Dimension, str, int], list[int]] = defaultdict(lambda: [0, 0])
        self._trusted: dict[int, float] = {}
        self._keys: dict[int, float] = {}
        self._blocks: dict[tuple[Rule, Dimension, str], _Block] = {}

    def offer(self, subject: Subject) -> Offered:
        """Judge a message, count it if it leaves, and stop what is to be stopped."""
        findings = judge(subject, self.facts(subject), self.policy)
        decided = verdict(findings, self.policy)
        for finding in findings:
            if finding.makes_block and self.policy.stops(finding.rule):
                self._stop(finding, subject.now)
        if decided is None:
            self.note(subject)
        return Offered(decided, findings)

    def facts(self, subject: Subject) -> Facts:
        """Return what is known before a message."""
        ranges, now = subject.ranges, subject.now
        hour, day = _within(self._numbers[subject.number], now, HOUR, DAY)
        thousand, _all = _within(self._thousands[ranges.thousand], now, HOUR, HOUR)
        at_hour, at_day = _within(self._addresses[subject.address], now, HOUR, DAY)
        lakh = self._minutes[_lakh(ranges.hundred_thousand)]
        return Facts(
            is_trusted=self._trusted.get(subject.number, 0.0) > now,
            number_hour=len(hour),
            number_day=len(day),
            number_hour_since=hour[0].subject.now if hour else 0.0,
            number_day_since=day[0].subject.now if day else 0.0,
            thousand_numbers=_numbers(thousand),
            thousand_verified=_verified(thousand),
            neighbours=_numbers(
                one
                for one in thousand
                if one.subject.ranges.hundred == ranges.hundred
                and one.subject.now > now - SEQUENCE_SECONDS
            ),
            ten_thousand=self._minutes[_ten(ranges.ten_thousand)].ripe(now, SIX_HOURS),
            hundred_thousand=lakh.ripe(now, SIX_HOURS),
            hundred_thousand_hour=lakh.sent(now, HOUR),
            country=self._minutes[Dimension.COUNTRY, subject.country].ripe(now, HOUR),
            address_numbers=_numbers(at_hour),
            address_verified_hour=_verified(at_hour),
            address_countries=len({one.subject.country for one in at_day} | {subject.country}),
            address_verified_day=_verified(at_day),
            organization_spent=self._spent(
                Dimension.ORGANIZATION_HOUR, Dimension.ORGANIZATION_DAY, "", now
            ),
            country_spent=self._spent(
                Dimension.COUNTRY_HOUR, Dimension.COUNTRY_DAY, subject.country, now
            ),
            key_spent=self._spent(Dimension.KEY_HOUR, Dimension.KEY_DAY, str(subject.key), now),
            organization_hour=self._money[Dimension.ORGANIZATION_HOUR, "", int(now // HOUR)][0],
            is_new_key=self._keys.get(subject.key, now) > now - DAY,
            usual=self.usual,
            blocks=self._active(subject),
        )

    def note(self, subject: Subject) -> Sent:
        """Count a message that leaves."""
        sent, ranges = Sent(subject), subject.ranges
        self._numbers[subject.number].append(sent)
        if ranges.thousand:
            self._thousands[ranges.thousand].append(sent)
        if subject.address != NOBODY:
            self._addresses[subject.address].append(sent)
        minute = int(subject.now // 60)
        for key in _minute_keys(subject):
            self._minutes[key].row(minute)[1] += 1
        for dimension, bucket, stretch in _money_keys(subject):
            row = self._money[dimension, bucket, int(subject.now // stretch)]
            row[0] += 1
            row[1] += subject.cost_micro
        self._keys.setdefault(subject.key, subject.now)
        return sent

    def convert(self, number: int, sent_at: float, at: float) -> bool:
        """Note that the code of a message was entered; return whether there was such a message."""
        for sent in self._numbers[number]:
            if sent.subject.now == sent_at and not sent.is_verified:
                sent.is_verified = True
                for key in _minute_keys(sent.subject):
                    self._minutes[key].row(int(sent_at // 60))[2] += 1
                self._trusted[number] = at + TRUST_SECONDS
                for dimension, bucket in _range_keys(sent.subject):
                    for rule in _RANGES_CLEARED:
                        self._blocks.pop((rule, dimension, bucket), None)
                return True
        return False

    def _spent(self, hour: Dimension, day: Dimension, bucket: str, now: float) -> Spent:
        of_hour = self._money[hour, bucket, int(now // HOUR)]
        return Spent(of_hour[1], self._money[day, bucket, int(now // DAY)][1])

    def _active(self, subject: Subject) -> list[ActiveBlock]:
        keys = [(rule, *key) for key in _range_keys(subject) for rule in _RANGES_CLEARED]
        keys.append((Rule.ADDRESS, Dimension.ADDRESS, str(subject.address)))
        keys += [(Rule.MONEY, dimension, of) for dimension, of, _ in _money_keys(subject)]
        found = [self._blocks.get(key) for key in keys]
        return [one.active for one in found if one and one.active.until > subject.now]

    def _stop(self, finding: GuardFinding, now: float) -> None:
        key = (finding.rule, finding.dimension, finding.bucket)
        before = self._blocks.get(key)
        lately = before is not None and before.active.until > now - DAY
        times = before.times + 1 if before and lately else 1
        until = block_until(finding, times, now)
        self._blocks[key] = _Block(
            ActiveBlock(
                *(finding.rule, finding.dimension, finding.bucket, GuardAction(finding.action)),
                *(finding.counted, finding.threshold, until),
            ),
            times,
        )


def _within(rows: deque[Sent], now: float, short: int, long: int) -> tuple[list[Sent], list[Sent]]:
    """Return what was sent in the shorter and the longer window; forget what is older."""
    while rows and rows[0].subject.now <= now - max(long, DAY):
        rows.popleft()
    in_long = [row for row in rows if row.subject.now > now - long]
    return [row for row in in_long if row.subject.now > now - short], in_long


def _numbers(rows: Iterable[Sent]) -> int:
    return len({row.subject.number for row in rows})


def _verified(rows: Iterable[Sent]) -> int:
    return sum(row.is_verified for row in rows)


def _ten(block: int) -> _Key:
    return Dimension.TEN_THOUSAND, str(block)


def _lakh(block: int) -> _Key:
    return Dimension.HUNDRED_THOUSAND, str(block)


def _range_keys(subject: Subject) -> list[_Key]:
    ranges = subject.ranges
    return [
        (Dimension.THOUSAND, str(ranges.thousand)),
        _ten(ranges.ten_thousand),
        _lakh(ranges.hundred_thousand),
    ]


def _minute_keys(subject: Subject) -> list[_Key]:
    ranges = subject.ranges
    keys = [(Dimension.COUNTRY, subject.country)]
    if ranges.ten_thousand:
        keys.append(_ten(ranges.ten_thousand))
    if ranges.hundred_thousand:
        keys.append(_lakh(ranges.hundred_thousand))
    return keys


def _money_keys(subject: Subject) -> list[tuple[Dimension, str, int]]:
    key = str(subject.key)
    return [
        (Dimension.ORGANIZATION_HOUR, "", HOUR),
        (Dimension.ORGANIZATION_DAY, "", DAY),
        (Dimension.COUNTRY_HOUR, subject.country, HOUR),
        (Dimension.COUNTRY_DAY, subject.country, DAY),
        (Dimension.KEY_HOUR, key, HOUR),
        (Dimension.KEY_DAY, key, DAY),
    ]
