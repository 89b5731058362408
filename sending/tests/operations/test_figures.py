"""The figures of operators, from rows as they really come about."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sending.lifecycle import Lane, MessageState, TaskState
from sending.models import Batch, BindSlot, Gateway, Message, ReceiptInbox, Submission
from sending.operations.connection_error_texts import connection_error_text
from sending.operations.queries import failures, queue, traffic
from sending.operations.queries.gateways import gateway_views, overview
from sending.operations.queries.queue import Waiting
from sending.tests.factories import a_number, make_gateway, make_task, move
from sending.tests.operations.rows import bind, receive, submit
from sending.tests.operations.test_gateways import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_moment() -> Iterator[None]:
    """Stop the clock: nine seconds ago are not ten, however slow the machine is."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def test_the_queue_counts_what_is_due_and_what_is_to_be_tried_later(
    gateway: Gateway, messages: list[Message]
) -> None:
    now = timezone.now()
    batch = Batch.objects.get()
    oldest = batch.due_at
    Batch.objects.create(
        organization_id=batch.organization_id,
        gateway=gateway,
        lane=Lane.OTP.value,
        due_at=now + timedelta(minutes=1),
        ids=[1, 2],
    )
    # Checked and not sent, or on the wire: neither waits.
    make_task(state=TaskState.READY, numbers=[a_number(50)], gateway=gateway)
    Batch.objects.create(
        organization_id=1, gateway=gateway, lane="BULK", due_at=now, owner="journal", ids=[3]
    )
    bulk, otp = queue.waiting(now)
    assert bulk == Waiting(gateway.pk, Lane.BULK, 5, 0, oldest)
    assert otp == Waiting(gateway.pk, Lane.OTP, 0, 2, None)
    assert queue.in_hand() == {gateway.pk: 1}


def test_a_lane_waits_for_those_before_it() -> None:
    rows = [Waiting(1, Lane.BULK, 90, 10, None), Waiting(1, Lane.OTP, 20, 0, None)]
    assert queue.seconds_to_empty(rows, 10.0) == {Lane.OTP: 2.0, Lane.BULK: 12.0}
    assert queue.seconds_to_empty(rows, 0.0) == {}


def test_the_rate_is_of_the_last_ten_seconds(gateway: Gateway, messages: list[Message]) -> None:
    for message, age in zip(messages, (1, 2, 9, 11, 300), strict=True):
        submit(message, age)
    submit(messages[0], 1, attempt=2, command_status="ESME_RTHROTTLED", gateway_message_id="")
    rate = traffic.rates(timezone.now())[gateway.pk]
    assert rate == traffic.Rate(a_second=0.4, refused=0.1)


def test_a_rate_beyond_the_tail_is_over_the_time_that_the_tail_covers(
    gateway: Gateway, messages: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "_TAIL", 2)
    now = timezone.now()
    for message, age in zip(messages, (5, 4, 3, 2, 1), strict=True):
        row = submit(message)
        row.submitted_at = now - timedelta(seconds=age)
        row.save()
    assert traffic.rates(now)[gateway.pk].a_second == pytest.approx(2 / 3)


def test_delays_are_from_the_answer_to_the_receipt(
    gateway: Gateway, messages: list[Message]
) -> None:
    for message, delay in zip(messages, (1, 2, 3, 4, 40), strict=True):
        receive(submit(message, 100), delay)
    # Older than an hour: not of now.
    receive(submit(messages[0], 7000, attempt=2, gateway_message_id="old"), 500)
    assert traffic.receipt_delays(timezone.now()) == {gateway.pk: traffic.Delay(3.0, 40.0, 5)}


def test_a_receipt_is_missing_after_five_minutes(gateway: Gateway, messages: list[Message]) -> None:
    for message, age in zip(messages, (5000, 3000, 2000, 1000, 60), strict=True):
        # 5000 s ago is before the hour, 60 s ago too young to be missed.
        row = submit(message, age)
        if age == 2000:
            receive(row, 2)
    assert traffic.missing_receipts(timezone.now()) == {gateway.pk: traffic.Missing(2, 3)}


def test_the_first_five_minutes_do_not_say_that_nothing_was_sent(
    gateway: Gateway, messages: list[Message], operator: Client
) -> None:
    assert "nothing was sent in the hour before" in words(operator)
    submit(messages[0], 60)
    page = words(operator)
    assert "less than five minutes old" in page
    assert "nothing was sent" not in page


@pytest.mark.parametrize("moment", [0, 9, 10, 11, 30, 60, 90, 91, 120, 130])
def test_the_first_submission_since_a_moment_is_found(
    gateway: Gateway, messages: list[Message], moment: int
) -> None:
    now = timezone.now()
    rows = []
    for message, age in zip(messages, (120, 90, 90, 30, 10), strict=True):
        row = submit(message)
        Submission.objects.filter(pk=row.pk).update(submitted_at=now - timedelta(seconds=age))
        rows.append((row.pk, age))
    expected = next((pk for pk, age in rows if age <= moment), rows[-1][0] + 1)
    assert traffic.first_since(now - timedelta(seconds=moment)) == expected


def test_failures_are_by_code_gateway_and_country(
    gateway: Gateway, messages: list[Message]
) -> None:
    move(messages[:2], MessageState.UNDELIVERABLE, code="027")
    move(messages[2:3], MessageState.REJECTED, code="ESME_RINVDSTADR")
    move(messages[3:4], MessageState.IN_DOUBT, code="NO_ANSWER")
    found = failures.failures(timezone.now(), {gateway.pk: gateway.name})
    rows = [(row.code, row.gateway, row.country, row.messages) for row in found.rows]
    assert rows == [("027", "hk-direct-1", "HK", 2), ("ESME_RINVDSTADR", "hk-direct-1", "HK", 1)]
    assert found.complete
    assert failures.failures(timezone.now() + timedelta(hours=25), {}).rows == []
    assert failures.in_doubt().count == 1


def test_failures_say_when_they_are_not_all(
    messages: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "_A_STATE", 1)
    move(messages[:2], MessageState.UNDELIVERABLE, code="027")
    found = failures.failures(timezone.now(), {})
    assert (sum(row.messages for row in found.rows), found.complete) == (1, False)


@pytest.mark.parametrize(
    ("mode", "slot", "condition"),
    [
        ("active", {}, "bound"),
        ("active", {"bound_at": None, "trouble": "refused"}, "unbound"),
        ("active", {"owner": ""}, "silent"),
        ("active", {"heartbeat_at": timezone.now() - timedelta(minutes=5)}, "silent"),
        ("draining", {}, "draining"),
        ("stopped", {}, "stopped"),
    ],
)
def test_the_condition_of_a_gateway(mode: str, slot: dict, condition: str) -> None:
    gateway = make_gateway(mode=mode)
    bind(gateway, **slot)
    (view,) = gateway_views(timezone.now())
    assert view.condition == condition


def test_a_gateway_with_fewer_connections_than_slots_is_partly_bound() -> None:
    gateway = make_gateway(bind_slots=2, window=10)
    bind(gateway, in_window=7)
    BindSlot.objects.create(gateway=gateway, number=2, trouble="ESME_RALYBND")
    (view,) = gateway_views(timezone.now())
    assert (view.condition, view.in_window, view.window) == ("partly", 7, 10)
    assert view.trouble == connection_error_text("ESME_RALYBND")


def test_the_page_says_when_the_queue_is_empty(gateway: Gateway, messages: list[Message]) -> None:
    now = timezone.now()
    assert overview(now).empty_in is None
    bind(gateway)
    # Nothing goes out yet: reckoned with the 50 a second that are allowed.
    assert overview(now).empty_in == pytest.approx(0.1)
    assert overview(now).queued == 5


def test_receipts_that_fit_nothing_are_told_apart(gateway: Gateway) -> None:
    common = {"gateway_id": gateway.pk, "message_state": "DELIVERED", "said_by": "HANDSET"}
    now = timezone.now()
    for name, next_try in (("a", now), ("b", now.replace(year=9999, month=12, day=31))):
        ReceiptInbox.objects.create(
            gateway_message_id=name, received_at=now, next_try_at=next_try, **common
        )
    assert failures.receipts_waiting().count == 1
    assert failures.receipts_without_message() == 1
