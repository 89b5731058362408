"""Every rule at the door: what is refused or held, what is recorded, and what is let pass."""

from datetime import timedelta

import pytest

from sending.acceptance.request import AcceptedMessage, RefusedMessage
from sending.guard.permitting import allow, end_block
from sending.guard.rules.names import AllowKind, GuardMode, Rule
from sending.models import (
    Batch,
    GuardAllow,
    GuardBlock,
    GuardCounter,
    GuardDecision,
    GuardEvent,
    GuardHold,
    GuardSettings,
    GuardTrust,
    Message,
)
from sending.tests.acceptance.program import AT, Program, codes
from sending.tests.factories import a_number
from sending.tests.guard.guarded_program import GuardedProgram, events

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = timedelta(days=1)


def decisions() -> list[tuple[str, str, bool, int, int]]:
    rows = GuardDecision.objects.order_by("pk")
    return list(rows.values_list("rule", "action", "is_enforced", "counted", "threshold"))


def test_the_sixth_code_to_a_number_in_an_hour_is_refused():
    program = GuardedProgram()
    for nth in range(5):
        assert isinstance(program.ask(a_number(0), AT + nth * MINUTE), AcceptedMessage)
    answer = program.ask(a_number(0), AT + 5 * MINUTE)
    assert isinstance(answer, RefusedMessage)
    assert (answer.code, answer.rule, answer.retry_after) == ("GUARD_BLOCKED", "F3", 55 * 60)
    assert "F3" in answer.sentence
    assert decisions() == [("F3", "BLOCK", True, 5, 5)]
    decision = GuardDecision.objects.get()
    assert (decision.message_id, decision.expires_at) == (None, AT + HOUR)
    assert a_number(0)[4:-2] not in decision.subject + decision.number_shown
    assert Message.objects.count() == len(events()) == 5


@pytest.mark.parametrize(
    ("after", "code"), [(59 * MINUTE + 59 * SECOND, "GUARD_BLOCKED"), (HOUR, "ACCEPTED")]
)
def test_a_window_ends_to_the_second(after, code):
    program = GuardedProgram()
    for _nth in range(5):
        program.ask(a_number(0))
    assert codes([program.ask(a_number(0), AT + after)]) == [code]


def test_six_codes_in_one_request_are_five():
    program = GuardedProgram()
    wanted = [program.wants_code(a_number(0), f"{nth:06d}") for nth in range(6)]
    assert codes(program.send(*wanted)) == ["ACCEPTED"] * 5 + ["GUARD_BLOCKED"]
    assert len(events()) == 5


def test_what_is_no_one_time_password_is_never_judged():
    program = GuardedProgram()
    for nth in range(12):
        program.send(program.wants(), at=AT + nth * MINUTE)
    assert Message.objects.count() == 12
    assert not GuardEvent.objects.exists()
    assert not GuardDecision.objects.exists()


def test_neighbours_of_whom_nobody_enters_a_code_wait():
    program = GuardedProgram()
    for nth in range(5):
        assert program.ask(a_number(nth)).message_id
    answer = program.ask(a_number(5))
    assert isinstance(answer, AcceptedMessage)
    hold = GuardHold.objects.get()
    assert (hold.message_id, hold.rule, hold.until) == (answer.message_id, "F4", AT + HOUR)
    (batch,) = [one for one in Batch.objects.all() if answer.message_id in one.ids]
    assert (batch.ids, batch.due_at) == ([answer.message_id], AT + HOUR + timedelta(days=1))
    block = GuardBlock.objects.get()
    assert (block.shown, block.until, block.times) == ("+85251230xxx", AT + HOUR, 1)
    # What waits is not counted, and the next one does not prolong the block.
    program.ask(a_number(6), AT + 30 * MINUTE)
    assert GuardBlock.objects.get().until == AT + HOUR
    assert [one.is_held for one in events()] == [False] * 5 + [True] * 2
    assert GuardCounter.objects.get(dimension="OD").sent == 5
    # Ten thousand numbers further nobody waits.
    assert program.ask(a_number(20_000)).message_id
    assert GuardHold.objects.count() == 2


def test_a_block_that_comes_again_lasts_twice_as_long():
    program = GuardedProgram()
    for at in (AT, AT + 2 * HOUR):
        for nth in range(6):
            program.ask(a_number(nth), at)
    block = GuardBlock.objects.get()
    assert (block.times, block.until) == (2, AT + 4 * HOUR)


def test_without_conversions_neighbours_are_only_recorded():
    program = Program()
    program.limit(repeat_seconds=0)
    program.send(*(program.wants_code(a_number(nth)) for nth in range(10)))
    assert Message.objects.count() == 10
    assert not GuardHold.objects.exists()
    assert {row[0] for row in decisions()} == {"F4S"}
    assert {row[2] for row in decisions()} == {False}


def test_a_country_that_is_not_home_is_refused():
    program = GuardedProgram(country="HK")
    answer = program.ask(a_number(0, "GB"))
    assert (answer.code, answer.rule, answer.retry_after) == ("GUARD_BLOCKED", "F2", 0)
    GuardSettings.objects.update(home_countries=["HK", "GB"])
    assert program.ask(a_number(0, "GB")).message_id


def test_countries_that_are_allowed_are_home():
    program = GuardedProgram(country="HK", allowed_countries=["GB"])
    assert program.ask(a_number(0, "GB")).message_id


def test_a_cap_of_money_is_never_passed():
    program = GuardedProgram()
    program.caps(hour_micro=100_000)
    wanted = [program.wants_code(a_number(nth * 3_000)) for nth in range(4)]
    assert codes(program.send(*wanted)) == ["ACCEPTED"] * 2 + ["GUARD_BLOCKED"] * 2
    answer = program.ask(a_number(50_000))
    assert (answer.rule, answer.retry_after) == ("F10", 0)
    assert GuardCounter.objects.get(dimension="OH", sent=2).cost_micro == 96_000


def used_up(**caps: int) -> GuardedProgram:
    """A program that has just been told that its cap is used up."""
    program = GuardedProgram()
    program.caps(**caps)
    program.ask(a_number(0))
    assert program.ask(a_number(3_000)).rule == "F10"
    return program


@pytest.mark.parametrize(
    ("cap", "after"), [("hour_micro", HOUR), ("country_hour_micro", HOUR), ("key_day_micro", DAY)]
)
def test_a_cap_that_is_used_up_waits_for_a_person(cap, after, clock):
    program = used_up(**{cap: 48_000})
    # Nobody looked, so the next hour and the next day have nothing of their own.
    for later in (AT + after, AT + 20 * DAY):
        assert program.ask(a_number(6_000), later).rule == "F10"
    assert program.ask(a_number(6_000), AT + 30 * DAY).message_id
    of_cap = GuardDecision.objects.filter(rule="F10")
    assert set(of_cap.values_list("expires_at", flat=True)) == {None}


def test_who_has_looked_lets_codes_go_with_the_next_hour(clock):
    program = used_up(hour_micro=48_000)
    end_block(GuardBlock.objects.get(), program.organization, actor=None)
    answer = program.ask(a_number(6_000))
    assert (answer.rule, answer.retry_after) == ("F10", 30 * 60)
    assert program.ask(a_number(6_000), AT + 30 * MINUTE).message_id
    # What is used up again waits again.
    assert program.ask(a_number(9_000), AT + 31 * MINUTE).rule == "F10"
    assert program.ask(a_number(9_000), AT + 2 * DAY).rule == "F10"


def test_a_new_key_that_spends_much_has_to_wait():
    program = GuardedProgram()
    program.sets(Rule.NEW_KEY, GuardMode.ENFORCE)
    program.caps(day_micro=10 * 48_000)
    # A tenth of the cap is one code.
    assert program.ask(a_number(0)).message_id
    held = program.ask(a_number(3_000))
    assert GuardHold.objects.get().message_id == held.message_id
    assert decisions() == [("F11", "HOLD", True, 48_000, 48_000)]
    # On its second day it is no new key any more.
    assert program.ask(a_number(6_000), AT + 25 * HOUR).message_id
    assert GuardHold.objects.count() == 1


def test_an_hour_ten_times_as_busy_as_any_before_has_to_wait():
    program = GuardedProgram()
    program.sets(Rule.NEW_KEY, GuardMode.ENFORCE)
    program.is_small()
    hour = GuardCounter.objects.create(
        organization_id=program.organization.pk,
        dimension="OH",
        bucket="",
        minute=int(AT.timestamp() // 3600) * 60,
        sent=99,
    )
    assert program.ask(a_number(0)).message_id
    assert not GuardHold.objects.exists()
    program.ask(a_number(3_000))
    assert (GuardHold.objects.get().rule, GuardHold.objects.get().until) == ("F11", AT + HOUR / 2)
    hour.refresh_from_db()
    assert hour.sent == 100


@pytest.mark.parametrize(
    "cap", ["country_day_micro", "key_day_micro", "day_micro", "key_hour_micro"]
)
def test_each_cap_stops(cap):
    program = GuardedProgram()
    program.caps(**{cap: 48_000})
    assert program.ask(a_number(0)).message_id
    assert program.ask(a_number(9_000)).rule == "F10"


def test_one_address_that_asks_for_many_is_refused_when_enforced():
    program = GuardedProgram()
    program.sets(Rule.ADDRESS, GuardMode.ENFORCE)
    for nth in range(10):
        assert program.ask(a_number(nth * 2_000), client_ip="192.0.2.7").message_id
    answer = program.ask(a_number(90_000), client_ip="192.0.2.7")
    assert (answer.code, answer.rule) == ("GUARD_BLOCKED", "F9")
    assert program.ask(a_number(92_000), client_ip="192.0.2.8").message_id
    assert GuardDecision.objects.get().client_ip == "192.0.2.7"


def test_more_codes_not_entered_than_usual_are_challenged():
    program = GuardedProgram()
    program.sets(Rule.COUNTRY_BUDGET, GuardMode.ENFORCE, country_unverified=3)
    program.is_small()
    for nth in range(4):
        program.ask(a_number(nth * 3_000))
    later = AT + 7 * MINUTE
    answer = program.ask(a_number(80_000), later)
    assert (answer.code, answer.rule) == ("GUARD_CHALLENGE", "F7")
    assert program.ask(a_number(80_000), later, has_proved=True).message_id


def test_a_rule_that_records_stops_nothing():
    program = GuardedProgram()
    program.sets(Rule.NUMBER, GuardMode.MONITOR)
    for _nth in range(7):
        assert program.ask(a_number(0)).message_id
    assert decisions() == [("F3", "BLOCK", False, 5, 5), ("F3", "BLOCK", False, 6, 5)]
    assert None not in GuardDecision.objects.values_list("message_id", flat=True)


def test_a_rule_that_is_off_says_nothing():
    program = GuardedProgram()
    program.sets(Rule.NUMBER, GuardMode.OFF)
    for _nth in range(7):
        program.ask(a_number(0))
    assert decisions() == []


def test_an_organization_from_before_the_guard_is_only_watched():
    program = GuardedProgram(country="GB")
    GuardSettings.objects.all().delete()
    for nth in range(12):
        assert program.ask(a_number(nth % 6)).message_id
    assert {row[2] for row in decisions()} == {False}
    assert not GuardBlock.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (AllowKind.NUMBER, a_number(0)),
        (AllowKind.RANGE, a_number(7)),
        (AllowKind.COUNTRY, "HK"),
        (AllowKind.NETWORK, "192.0.2.0/24"),
    ],
)
def test_what_a_person_allows_passes(kind, value):
    program = GuardedProgram()
    allow(
        program.organization,
        kind,
        value,
        reason="known",
        until=AT + timedelta(days=1),
        actor=None,
    )
    assert a_number(0) not in str(list(GuardAllow.objects.values_list("value", "shown")))
    for _nth in range(12):
        assert program.ask(a_number(0), client_ip="192.0.2.9").message_id


def test_money_stops_those_who_are_trusted_too():
    program = GuardedProgram()
    program.caps(day_micro=48_000)
    first = program.ask(a_number(0))
    program.enter(first.message_id)
    assert GuardTrust.objects.get().until == AT + timedelta(days=90)
    assert program.ask(a_number(0)).rule == "F10"


def test_a_dry_run_says_the_same_and_writes_nothing():
    program = GuardedProgram()
    for _nth in range(5):
        program.ask(a_number(0))
    (answer,) = program.send(program.wants_code(a_number(0)), dry_run=True)
    assert answer.code == "GUARD_BLOCKED"
    assert not GuardDecision.objects.exists()


def test_refused_and_accepted_of_one_request_are_told_apart():
    program = GuardedProgram()
    for _nth in range(5):
        program.ask(a_number(0))
    answers = program.send(
        program.wants_code(a_number(0)), program.wants(), program.wants_code(a_number(9_000))
    )
    assert codes(answers) == ["GUARD_BLOCKED", "ACCEPTED", "ACCEPTED"]
    assert events()[-1].message_id == answers[2].message_id
    assert GuardDecision.objects.get().message_id is None


def test_nothing_that_is_kept_has_the_number():
    program = GuardedProgram()
    for _nth in range(7):
        program.ask(a_number(0))
    for model in (GuardEvent, GuardDecision, GuardCounter, GuardBlock, GuardHold):
        kept = str(list(model.objects.values()))
        assert a_number(0)[1:] not in kept
