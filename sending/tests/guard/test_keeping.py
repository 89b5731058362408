"""What the guard keeps, for how long, and what stays of a number that is erased."""

from datetime import timedelta

import pytest

from sending.guard.looking_up import look_up
from sending.guard.permitting import allow
from sending.guard.rules.names import AllowKind, GuardMode, Rule
from sending.models import (
    GuardAllow,
    GuardCounter,
    GuardDecision,
    GuardEvent,
    GuardHold,
    GuardTrust,
    Message,
)
from sending.replies import answered
from sending.retention import guard_rows, number_erasure
from sending.retention.number_export import export
from sending.tests.acceptance.program import AT
from sending.tests.factories import a_number, make_reply
from sending.tests.guard.guarded_program import GuardedProgram

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def judged() -> GuardedProgram:
    """A number that entered a code, and was refused before."""
    program = GuardedProgram()
    for _nth in range(6):
        program.ask(a_number(0), client_ip="192.0.2.1")
    own = GuardEvent.objects.filter(organization_id=program.organization.pk)
    program.enter(own.order_by("pk")[0].pk)
    return program


def test_rows_go_when_nothing_asks_for_them(clock):
    judged()
    assert guard_rows.delete_due() == 0
    clock.shift(2 * DAY)
    # What was counted by the minute, and "usual" is of the hour.
    assert guard_rows.delete_due() == 3
    assert set(GuardCounter.objects.values_list("dimension", flat=True)) <= {
        *("CH", "CD", "OH", "OD", "KH", "KD"),
    }
    clock.shift(14 * DAY)
    guard_rows.delete_due()
    assert not GuardEvent.objects.exists()
    assert not GuardCounter.objects.exists()
    assert GuardDecision.objects.get().client_ip == ""
    assert GuardTrust.objects.exists()
    clock.shift(76 * DAY)
    guard_rows.delete_due()
    assert not GuardTrust.objects.exists()
    assert not GuardDecision.objects.exists()


def test_of_a_number_that_is_erased_nothing_is_known_again(clock):
    program = judged()
    other = judged()
    allow(
        program.organization,
        AllowKind.NUMBER,
        a_number(0),
        reason="known",
        until=AT + DAY,
        actor=None,
    )
    found = export(a_number(0), program.organization)["guard"]
    assert [(one["rule"], one["client_ip"]) for one in found] == [("F3", "192.0.2.1")]
    erasure = number_erasure.request(
        msisdn=a_number(0), organization=program.organization, actor=None
    )
    number_erasure.run(erasure.pk)
    own = {"organization_id": program.organization.pk}
    for model in (GuardTrust, GuardEvent, GuardAllow):
        assert not model.objects.filter(**own).exists()
    decision = GuardDecision.objects.get(**own)
    assert (decision.number_digest, decision.number_shown, decision.client_ip) == (0, "", "")
    assert decision.subject == ""
    # Another organization knows what it knows.
    assert GuardTrust.objects.get().organization_id == other.organization.pk


def test_all_that_is_known_of_a_number_is_found(clock):
    program = judged()
    known = look_up(program.organization, a_number(0), "HK")
    assert [one.rule for one in known.decisions] == ["F3"]
    assert (known.blocks, known.trusted_until) == ([], AT + 90 * DAY)
    for nth in range(100, 107):
        program.ask(a_number(9_000 + nth))
    near = look_up(program.organization, a_number(9_150), "HK")
    assert [one.shown for one in near.blocks] == ["+85251239xxx"]
    assert look_up(judged().organization, a_number(9_150), "HK").blocks == []


@pytest.mark.parametrize(("text", "trusted"), [("thanks", True), ("STOP", False)])
def test_who_answers_a_code_is_somebody(clock, text, trusted):
    program = GuardedProgram()
    message = Message.objects.get(pk=program.ask(a_number(0)).message_id)
    answered.note(message, make_reply(message, text, received_at=AT + timedelta(minutes=3)))
    assert GuardTrust.objects.exists() is trusted


def test_a_late_answer_says_nothing(clock):
    program = GuardedProgram()
    message = Message.objects.get(pk=program.ask(a_number(0)).message_id)
    answered.note(message, make_reply(message, "thanks", received_at=AT + 2 * DAY))
    assert not GuardTrust.objects.exists()


def test_holds_that_are_over_go_too(clock):
    program = GuardedProgram()
    for nth in range(6):
        program.ask(a_number(nth))
    program.enter(GuardEvent.objects.order_by("pk")[0].pk)
    clock.shift(16 * DAY)
    guard_rows.delete_due()
    assert not GuardHold.objects.exists()


def test_a_rule_that_nobody_chose_is_that_of_a_new_organization():
    from sending.guard.terms import read_policy

    program = GuardedProgram()
    policy = read_policy(program.organization.pk)
    assert policy.mode(Rule.MONEY) is GuardMode.ENFORCE
    assert policy.mode(Rule.ADDRESS) is GuardMode.MONITOR
