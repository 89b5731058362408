"""The database counts what the ledger in memory counts: what is replayed is what happened."""

import random
from datetime import timedelta

import pytest

from sending.guard.replay import replay
from sending.guard.rules.facts import Subject
from sending.guard.rules.ledger import Ledger
from sending.guard.rules.names import GuardMode, Rule
from sending.guard.rules.ranges import ranges_of
from sending.guard.terms import read_policy, read_usual
from sending.models import GuardDecision, GuardHold
from sending.models.guard_digest import guard_digest
from sending.tests.acceptance.program import AT
from sending.tests.factories import a_number
from sending.tests.guard.guarded_program import GuardedProgram

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SECOND = timedelta(seconds=1)


def strict() -> GuardedProgram:
    """A program with every rule enforced, and thresholds that a test can reach."""
    program = GuardedProgram()
    program.is_small()
    for rule, numbers in {
        Rule.NUMBER: {"number_hour": 3, "number_day": 4},
        Rule.THOUSAND: {},
        Rule.TEN_THOUSAND: {"ten_codes": 6},
        Rule.HUNDRED_THOUSAND: {"hundred_codes": 9},
        Rule.COUNTRY_BUDGET: {"country_unverified": 12},
        Rule.COUNTRY_CONVERSION: {"country_codes": 14},
        Rule.ADDRESS: {"address_numbers": 4, "address_countries": 1},
    }.items():
        program.sets(rule, GuardMode.ENFORCE, **numbers)
    program.sets(Rule.NEW_KEY, GuardMode.OFF)
    program.caps(hour_micro=40 * 48_000, day_micro=60 * 48_000)
    return program


@pytest.mark.parametrize("seed", range(3))
def test_every_message_is_decided_alike(seed: int):
    chance, program = random.Random(seed), strict()
    owner = program.organization.pk
    ledger = Ledger(read_policy(owner), read_usual(owner))
    at = AT
    left: list[tuple[int, int, float]] = []
    for _each in range(70):
        at += chance.choice((0, 1, 20, 60, 299, 300, 700, 3_599)) * SECOND
        if left and chance.random() < 0.3:
            message_id, number, sent_at = left.pop(chance.randrange(len(left)))
            program.enter(message_id, at)
            ledger.convert(number, sent_at, at.timestamp())
        place = chance.choice(("HK", "HK", "GB"))
        number = a_number(chance.choice((0, 1, 2, 3, 40, 1_500, 11_000, 70_000)), place)
        address = chance.choice(("", "192.0.2.1", "2001:db8::1"))
        answer = program.ask(number, at, client_ip=address)
        subject = Subject(
            *(at.timestamp(), guard_digest(number, owner), ranges_of(number), place),
            *(program.key.pk, answer_cost(place)),
            guard_digest(address, owner) if address else 0,
        )
        decided = ledger.offer(subject).decided
        assert stopped_by(answer) == (decided.rule.value if decided else "")
        if decided is None:
            left.append((answer.message_id, subject.number, subject.now))
    assert GuardDecision.objects.filter(is_enforced=True).count() > 5


def answer_cost(place: str) -> int:
    return {"HK": 48_000, "GB": 39_500}[place]


def stopped_by(answer) -> str:
    """The rule that refused or holds a message; empty where it left."""
    if hasattr(answer, "rule"):
        return answer.rule
    hold = GuardHold.objects.filter(pk=answer.message_id, over_at=None).first()
    return hold.rule if hold else ""


def test_a_replay_tells_what_other_thresholds_would_have_stopped(clock):
    program = GuardedProgram()
    program.sets(Rule.NUMBER, GuardMode.MONITOR)
    sent = [program.ask(a_number(0), AT + nth * SECOND).message_id for nth in range(6)]
    program.enter(sent[5], AT + 10 * SECOND)
    clock.shift(60)
    owner = program.organization.pk
    nothing = replay(owner, read_policy(owner))
    assert (nothing.messages, nothing.stopped, nothing.saved_micro) == (6, 0, 0)
    program.sets(Rule.NUMBER, GuardMode.ENFORCE, number_hour=4)
    found = replay(owner, read_policy(owner))
    assert (found.stopped, found.stopped_honest, found.saved_micro) == (2, 1, 2 * 48_000)
    assert found.stopped_by == {"F3": 2}
    assert not found.is_cut


def test_a_replay_knows_of_those_that_were_refused(clock):
    program = GuardedProgram()
    for nth in range(7):
        program.ask(a_number(0), AT + nth * SECOND)
    clock.shift(60)
    owner = program.organization.pk
    assert replay(owner, read_policy(owner)).messages == 7
    program.sets(Rule.NUMBER, GuardMode.OFF)
    assert replay(owner, read_policy(owner)).stopped == 0
