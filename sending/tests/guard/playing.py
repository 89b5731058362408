"""Plays rows of events to the rules, as the door would, with conversions as they are reported."""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from sending.guard.rules.facts import Subject, Usual
from sending.guard.rules.ledger import Ledger
from sending.guard.rules.names import GuardMode, Rule
from sending.guard.rules.policy import Policy, policy_of_modes
from sending.guard.rules.ranges import ranges_of
from sending.tests.guard.golden.cases import ATTACK, HONEST, Row

BEGIN = 1_800_000_000
ALL_ENFORCED = policy_of_modes(
    is_new=True, chosen={rule: GuardMode.ENFORCE for rule in Rule if rule is not Rule.NEW_KEY}
)
COST = 48_000


def usual(an_hour: int = 100) -> Usual:
    """What is usual where so many codes are asked for in a busy hour."""
    return Usual(0.7, int(an_hour * 1.2), {"GB": int(an_hour * 1.2 * 0.7)})


@dataclass
class Played:
    """What became of rows: how many of each label left, and what stopped the others."""

    offered: Tally = field(default_factory=Tally)
    left: Tally = field(default_factory=Tally)
    stopped_by: Tally = field(default_factory=Tally)
    first_stop: float | None = None
    spent_micro: int = 0

    @property
    def honest_stopped(self) -> int:
        return self.offered[HONEST] - self.left[HONEST]


def subject_of(row: Row) -> Subject:
    """A row as the rules see it: numbers stand for their digests."""
    address = int("".join(f"{int(part):03d}" for part in row.ip.split("."))) + 1 if row.ip else 0
    number = int(row.number.removeprefix("+"))
    return Subject(BEGIN + row.t, number, ranges_of(row.number), "GB", 1, COST, address)


def play(rows: Iterable[Row], policy: Policy = ALL_ENFORCED, known: Usual | None = None) -> Played:
    """Offer rows in their order; a code is entered only if it left."""
    ledger, played = Ledger(policy, known or usual()), Played()
    entered: list[tuple[float, int, float]] = []
    for row in rows:
        subject = subject_of(row)
        while entered and entered[0][0] <= subject.now:
            at, number, sent_at = heappop(entered)
            ledger.convert(number, sent_at, at)
        decided = ledger.offer(subject).decided
        played.offered[row.label] += 1
        if decided is None:
            played.left[row.label] += 1
            played.spent_micro += COST
            if row.converted_at:
                heappush(entered, (BEGIN + float(row.converted_at), subject.number, subject.now))
            continue
        played.stopped_by[f"{row.label} {decided.rule.value}"] += 1
        if row.label == ATTACK and played.first_stop is None:
            played.first_stop = row.t
    return played
