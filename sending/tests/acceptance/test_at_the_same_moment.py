"""Many requests at the same moment: limits are exact, and nobody waits in a circle."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.actions.suspension import suspend
from accounts.errors import MayNotSend
from accounts.models import Organization
from accounts.models.application import ApplicationCountry
from accounts.tests.factories import make_application, make_operator
from sending.acceptance import messages
from sending.acceptance.messages import accept_messages
from sending.acceptance.not_accepted import NotAccepted
from sending.acceptance.request import WantedMessage
from sending.acceptance.send_task import accept
from sending.acceptance.together import Together
from sending.delivery import suspension
from sending.delivery.queue.cancellation import finish_cancelling
from sending.lifecycle import MessageState, TaskState
from sending.models import ApiMessage, Counter, DailyUse, Message, NumberUse, Suppression
from sending.models.stepping import step
from sending.tests.acceptance.program import AT, HOUR, Program, codes, recounted, uses
from sending.tests.factories import a_number, make_task
from sending.tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Do all of it in threads that begin together."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=60)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, c) for c in calls]]


def sends(program: Program, wanted: list[WantedMessage]) -> Callable[[], list[str]]:
    return lambda: codes(accept_messages(program.door, wanted, at=AT))


def test_no_limit_of_a_day_is_passed_and_nothing_that_fits_is_refused():
    program = Program(daily_segment_limit=30)
    wanted = [
        [program.wants(a_number(request * 10 + at)) for at in range(7)] for request in range(8)
    ]
    answers = at_once(*(sends(program, one) for one in wanted))
    accepted = sum(each.count("ACCEPTED") for each in answers)
    assert accepted == Message.objects.count() == 30
    assert {code for each in answers for code in each} == {"ACCEPTED", "DAILY_LIMIT"}
    assert uses() == recounted()
    # What was undone left nothing behind.
    assert NumberUse.objects.count() == 30


def test_limits_of_an_application_and_of_its_countries_are_exact_too():
    program = Program()
    program.limit(daily_segment_limit=20)
    for country, limit in (("HK", 9), ("GB", None)):
        ApplicationCountry.objects.create(
            application=program.application, country=country, daily_segment_limit=limit
        )
    wanted = [
        [program.wants(a_number(request * 10 + at, place)) for at in range(4)]
        for request in range(4)
        for place in ("HK", "GB")
    ]
    answers = at_once(*(sends(program, one) for one in wanted))
    assert sum(each.count("ACCEPTED") for each in answers) == 20
    assert Message.objects.filter(country="HK").count() <= 9
    assert uses() == recounted()


def test_the_same_text_to_the_same_number_is_sent_once():
    program = Program()
    answers = at_once(*[sends(program, [program.wants()])] * 8)
    assert sorted(each[0] for each in answers) == ["ACCEPTED"] + ["REPEATED_TEXT"] * 7


def test_a_number_gets_exactly_its_messages_of_an_hour():
    program = Program()
    program.limit(number_hourly_limit=3, repeat_seconds=0)
    wanted = [[program.wants_code(code=str(100_000 + at))] for at in range(8)]
    answers = at_once(*(sends(program, one) for one in wanted))
    assert sorted(each[0] for each in answers) == ["ACCEPTED"] * 3 + ["NUMBER_HOURLY_LIMIT"] * 5


def test_requests_that_share_a_transaction_are_answered_each_for_itself(monkeypatch):
    program = Program(daily_segment_limit=4)
    Suppression.objects.create(organization=program.organization, msisdn=a_number(3))
    asked = [[0], [1], [1], [2, 3], [4], [5]]
    held = HeldTransactions(monkeypatch)

    def send(place: int) -> list[str]:
        door = replace(program.door, request_id=f"request-{place}", api_key_id=place + 1)
        wanted = [program.wants(a_number(at), session_context=str(at)) for at in asked[place]]
        try:
            return codes(accept_messages(door, wanted, at=AT))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asked)) as pool:
        answers = [pool.submit(send, 0)]
        wait_until(lambda: held.requests)
        for place in range(1, len(asked)):
            answers.append(pool.submit(send, place))
            wait_until(lambda place=place: held.waiting() == place)
        held.go_on.set()
    assert [one.result() for one in answers] == [
        ["ACCEPTED"],
        ["ACCEPTED"],
        ["REPEATED_TEXT"],
        ["ACCEPTED", "SUPPRESSED"],
        ["ACCEPTED"],
        ["DAILY_LIMIT"],
    ]
    assert held.requests == [1, 5]
    stored = ApiMessage.objects.values_list("request_id", "api_key_id", "session_context")
    assert sorted(stored) == [
        ("request-0", 1, "0"),
        ("request-1", 2, "1"),
        ("request-3", 4, "2"),
        ("request-4", 5, "4"),
    ]
    assert uses() == recounted()


class HeldTransactions:
    """How many requests each transaction had; the first one waits until others have come."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.requests: list[int] = []
        self.go_on = threading.Event()
        self._together: Together[Any, Any] = Together(self._accept)
        self._accept_all = messages._accept_all
        monkeypatch.setattr(messages, "_together", self._together)

    def _accept(self, requests: Sequence[Any]) -> list[Any]:
        self.requests.append(len(requests))
        if len(self.requests) == 1:
            assert self.go_on.wait(timeout=60)
        return self._accept_all(requests)

    def waiting(self) -> int:
        return sum(map(len, self._together._lines.values()))


def test_requests_that_share_numbers_in_other_orders_all_come_to_an_end():
    program = Program(daily_segment_limit=20)
    numbers = [a_number(at) for at in range(12)]
    wanted = [
        [program.wants(number) for number in (numbers if request % 2 else reversed(numbers))]
        for request in range(8)
    ]
    answers = at_once(*(sends(program, one) for one in wanted))
    assert sum(each.count("ACCEPTED") for each in answers) == 12
    assert uses() == recounted()


def test_a_task_and_programs_never_take_the_same_segments():
    program = Program(daily_segment_limit=10)
    tasks = [
        make_task(program.member, TaskState.READY, numbers=[a_number(at) for at in range(4)])
        for _ in range(2)
    ]

    def send_task(task: Any) -> Callable[[], list[str]]:
        def call() -> list[str]:
            try:
                with transaction.atomic():
                    accept(type(task).objects.get(pk=task.pk), AT)
            except NotAccepted as refused:
                return [refused.code]
            return ["ACCEPTED"] * 4

        return call

    wanted = [[program.wants(a_number(at))] for at in range(20, 28)]
    answers = at_once(*map(send_task, tasks), *(sends(program, one) for one in wanted))
    accepted = sum(each.count("ACCEPTED") for each in answers)
    # A task goes as a whole or not at all.
    assert 8 <= accepted <= 10
    assert Counter.objects.of_day(HOUR).segments_taken() == accepted
    assert uses() == recounted()


def test_taking_back_meets_acceptance_without_waiting_in_a_circle():
    program = Program(daily_segment_limit=1_000)
    other = make_application(program.organization, name="Other")
    accept_messages(program.door, [program.wants(a_number(at)) for at in range(40)], at=AT)
    ids = list(Message.objects.order_by("pk").values_list("pk", flat=True))

    def cancels(own: list[int]) -> Callable[[], list[str]]:
        return lambda: [str(len(step(MessageState.CANCELLED, own)))]

    door = program.door
    second = type(door)(door.organization_id, other.pk, door.api_key_id, door.request_id)
    wanted = [program.wants(a_number(at)) for at in range(100, 110)]
    at_once(
        *(cancels(ids[at::4]) for at in range(4)),
        *(sends(program, [program.wants(a_number(200 + at))]) for at in range(3)),
        lambda: accept_messages(second, wanted, at=AT),
    )
    assert uses() == recounted()
    total = DailyUse.objects.get(application_id=0, country="")
    assert total.segments == 13


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time anyway")
@pytest.mark.parametrize("cancels", [True, False])
def test_a_suspension_finds_what_was_released_or_keeps_it_from_being_released(cancels):
    program = Program()
    operator = make_operator()
    inside = threading.Event()
    go_on = threading.Event()

    def hold(_answers: Any) -> None:
        inside.set()
        assert go_on.wait(timeout=60)

    def send() -> list[str]:
        try:
            return codes(
                accept_messages(program.door, [program.wants()], at=AT, before_commit=hold)
            )
        finally:
            connection.close()

    def stop() -> None:
        try:
            organization = Organization.objects.get(pk=program.organization.pk)
            suspend(
                organization,
                actor=operator,
                reason="Complaints",
                cancels=cancels,
                stop=lambda: suspension.stop(organization, operator.pk, cancels=cancels),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sent = pool.submit(send)
        assert inside.wait(timeout=60)
        stopped = pool.submit(stop)
        wait_until(lambda: stopped.done() or somebody_waits_for_an_advisory_lock())
        assert not stopped.done()
        go_on.set()
        assert sent.result(timeout=60) == ["ACCEPTED"]
        stopped.result(timeout=60)
    finish_cancelling()
    expected = MessageState.CANCELLED if cancels else MessageState.QUEUED
    assert Message.objects.get().state == expected.value
    with pytest.raises(MayNotSend):
        program.send(program.wants(a_number(1)))


def somebody_waits_for_an_advisory_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone() is not None
