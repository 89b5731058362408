"""What is held leaves only when somebody releases it, and is blocked at the end, once."""

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import make_user
from sending.guard import holds, permitting
from sending.lifecycle import MessageState
from sending.message_history import histories_of
from sending.models import (
    Batch,
    DailyUse,
    GuardBlock,
    GuardCounter,
    GuardEvent,
    GuardHold,
    GuardTrust,
    Message,
)
from sending.models.stepping import step
from sending.tests.acceptance.program import AT
from sending.tests.factories import a_number
from sending.tests.guard.guarded_program import GuardedProgram, converted_of

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def held_after(program: GuardedProgram, held: int = 2) -> tuple[list[int], list[int]]:
    """Five codes to neighbours that leave, and some that wait; return their ids."""
    ids = [program.ask(a_number(nth)).message_id for nth in range(5 + held)]
    return ids[:5], ids[5:]


def due() -> dict[int, object]:
    return {pk: batch.due_at for batch in Batch.objects.all() for pk in batch.ids}


def test_a_code_that_is_entered_releases_its_block_at_once(clock):
    program = GuardedProgram()
    sent, held = held_after(program)
    clock.shift(MINUTE)
    assert program.enter(sent[0], AT + MINUTE) == 1
    assert {due()[pk] for pk in held} == {AT + MINUTE}
    assert set(GuardHold.objects.values_list("is_released", "over_at")) == {(True, AT + MINUTE)}
    assert not GuardBlock.objects.exists()
    assert not GuardEvent.objects.filter(is_held=True).exists()
    assert GuardCounter.objects.get(dimension="OD").sent == 7
    # Now it is known that people live there.
    assert program.ask(a_number(8), AT + 2 * MINUTE).message_id
    assert GuardHold.objects.count() == 2


def test_a_code_entered_elsewhere_releases_nothing(clock):
    program = GuardedProgram()
    _sent, held = held_after(program)
    elsewhere = program.ask(a_number(50_000)).message_id
    program.enter(elsewhere)
    assert GuardHold.objects.filter(over_at=None).count() == len(held)
    assert GuardBlock.objects.count() == 1


def test_at_the_end_it_is_blocked_and_taken_back_from_the_limits(clock):
    program = GuardedProgram()
    _sent, held = held_after(program)
    clock.shift(HOUR - MINUTE)
    assert holds.end_due() == 0
    clock.shift(MINUTE)
    assert holds.end_due() == 2
    assert holds.end_due() == 0
    messages = Message.objects.filter(pk__in=held)
    assert {(one.state, one.code) for one in messages} == {("BLOCKED", "GUARD_HELD")}
    assert not set(held) & set(due())
    assert DailyUse.objects.get(application_id=0).segments == 5
    # Too late to release.
    assert holds.release(program.organization.pk, held) == 0
    assert Message.objects.filter(state="BLOCKED").count() == 2


def test_a_person_releases_what_waits_and_it_is_recorded(clock):
    program = GuardedProgram()
    _sent, held = held_after(program)
    actor = make_user()
    assert permitting.release(program.organization, held, actor=actor) == 2
    assert {due()[pk] for pk in held} == {AT}
    assert AuditEntry.objects.filter(action="guard.released", actor=actor).exists()
    clock.shift(2 * HOUR)
    assert holds.end_due() == 0


def test_nobody_releases_what_belongs_to_others(clock):
    program = GuardedProgram()
    _sent, held = held_after(program)
    other = GuardedProgram()
    assert holds.release(other.organization.pk, held) == 0
    assert other.enter(held[0]) == 0
    assert GuardHold.objects.filter(over_at=None).count() == 2


def test_what_was_cancelled_while_it_waited_stays_so(clock):
    program = GuardedProgram()
    _sent, held = held_after(program)
    step(MessageState.CANCELLED, held[:1])
    clock.shift(HOUR)
    assert holds.end_due() == 1
    assert Message.objects.get(pk=held[0]).state == "CANCELLED"


def test_a_message_that_was_to_leave_later_still_does(clock):
    program = GuardedProgram()
    sent, _held = held_after(program, 0)
    later = program.ask(a_number(6), due_at=AT + 5 * HOUR).message_id
    program.enter(sent[0])
    assert due()[later] == AT + 5 * HOUR


def test_reporting_twice_changes_no_count(clock):
    program = GuardedProgram()
    pk = program.ask(a_number(0)).message_id
    program.enter(pk, AT + MINUTE)
    program.enter(pk, AT + 2 * MINUTE)
    assert GuardCounter.objects.get(dimension="CD").verified == 1
    assert converted_of(pk) == AT + 2 * MINUTE


def test_a_moment_in_the_future_is_trusted_for_no_longer(clock):
    program = GuardedProgram()
    pk = program.ask(a_number(0)).message_id
    program.enter(pk, AT + timedelta(days=4_000))
    assert GuardTrust.objects.get().until == AT + timedelta(days=90)


def test_the_history_of_a_message_says_what_the_guard_did(clock):
    program = GuardedProgram()
    _sent, held = held_after(program, 1)
    (history,) = histories_of(Message.objects.filter(pk__in=held))
    line = history.lines[1]
    assert "F4" in line.sentence
    assert "5 numbers of +85251230xxx got codes in an hour" in line.sentence
    clock.shift(HOUR)
    holds.end_due()
    (history,) = histories_of(Message.objects.filter(pk__in=held))
    assert history.lines[-1].state is MessageState.BLOCKED


def test_what_is_stopped_by_hand_holds_whatever_the_mode(clock):
    from sending.guard.rules.names import Dimension, GuardAction, GuardMode, Rule

    program = GuardedProgram()
    program.sets(Rule.TEN_THOUSAND, GuardMode.OFF)
    with pytest.raises(ValueError, match="30 days"):
        permitting.stop(
            program.organization,
            Dimension.TEN_THOUSAND,
            "8525123",
            action=GuardAction.HOLD,
            reason="seen",
            until=AT + timedelta(days=31),
            actor=None,
        )
    made = permitting.stop(
        program.organization,
        Dimension.TEN_THOUSAND,
        "8525123",
        action=GuardAction.HOLD,
        reason="seen",
        until=AT + timedelta(days=30),
        actor=None,
    )
    program.ask(a_number(0))
    assert GuardHold.objects.get().rule == "F5"
    permitting.end_block(made, program.organization, actor=None)
    program.ask(a_number(1))
    assert GuardHold.objects.count() == 1
