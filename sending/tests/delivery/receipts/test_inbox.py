"""Receipts: stored, matched, combined, waited for, and never believed too much."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from sending.delivery.attempt import Answer, Attempt, SegmentAnswer
from sending.delivery.queue.claims import claim
from sending.delivery.receipts import inbox
from sending.delivery.sender import results
from sending.delivery.sender.results import Finished
from sending.lifecycle import MessageState
from sending.models import (
    Attention,
    Batch,
    DeliveryReceipt,
    Message,
    ReceiptInbox,
    Submission,
)
from sending.models.stepping import step
from sending.tests.delivery.fakes import a_sending_task, due_ids, receipt
from sending.tests.delivery.receipts.submitted import a_long_task, states, submit
from sending.tests.factories import a_number, counted, make_gateway, make_sender
from sending.tests.partitions.rows import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway():
    return make_gateway(rate=1000)


def apply_later(seconds=0.0):
    """Apply what is due so many seconds from now."""
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
        return inbox.apply_due()


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("DELIVERED", "DELIVERED"),
        ("EXPIRED", "EXPIRED"),
        ("DELETED", "UNDELIVERABLE"),
        ("UNDELIVERABLE", "UNDELIVERABLE"),
        ("REJECTED", "REJECTED"),
        ("UNKNOWN", "UNKNOWN"),
        ("ENROUTE", "SUBMITTED"),
        ("ACCEPTED", "SUBMITTED"),
        ("SOMETHING", "SUBMITTED"),
    ],
)
def test_the_networks_words_become_states(gateway, said, state):
    a_sending_task(1)
    submit(gateway, [["id-1"]])
    inbox.store(gateway, [receipt("id-1", state=said, error="027")])
    assert inbox.apply_due() == 1
    message = Message.objects.get()
    assert message.state == state
    if state != "SUBMITTED":
        assert message.code == "027"
        assert message.said_by == ("HANDSET" if said == "DELIVERED" else "NETWORK")
    assert DeliveryReceipt.objects.get().message_state == said
    assert not ReceiptInbox.objects.exists()


@pytest.mark.parametrize("days", [0, 40, 100])
def test_however_long_a_message_waited_its_receipt_finds_it(gateway, days):
    a_sending_task(1)
    (message,) = at(timezone.now() - timedelta(days=days), Message.objects.get())
    Batch.objects.update(ids=[message.pk])
    submit(gateway, [["id-1"]])
    inbox.store(gateway, [receipt("id-1")])
    assert inbox.apply_due() == 1
    assert states() == ["DELIVERED"]


def test_a_receipt_twice_and_a_worse_one_later_change_nothing(gateway):
    a_sending_task(1)
    submit(gateway, [["id-1"]])
    inbox.store(gateway, [receipt("id-1"), receipt("id-1")])
    inbox.store(gateway, [receipt("id-1", state="UNDELIVERABLE", error="001")])
    inbox.apply_due()
    assert states() == ["DELIVERED"]
    assert DeliveryReceipt.objects.count() == 3, "all that was said is kept"
    assert counted() == {"DELIVERED": 1}


def test_a_receipt_that_overtakes_its_answer_waits_for_it(gateway):
    a_sending_task(1)
    with time_machine.travel(timezone.now(), tick=False):
        inbox.store(gateway, [receipt("id-1")])
        assert inbox.apply_due() == 1
        assert inbox.apply_due() == 0, "not again at once"
    submit(gateway, [["id-1"]])
    apply_later(1)
    assert states() == ["DELIVERED"]


def test_a_late_receipt_settles_what_was_given_up(gateway):
    a_sending_task(1)
    submit(gateway, [["id-1"]])
    step(MessageState.UNKNOWN, [Message.objects.get().pk])
    inbox.store(gateway, [receipt("id-1")])
    inbox.apply_due()
    assert states() == ["DELIVERED"]
    assert not Attention.objects.exists()


def test_ids_belong_to_their_gateway_and_the_newest_wins(gateway):
    a_sending_task(2)
    submit(gateway, [["same"], ["same"]])
    other = make_gateway()
    inbox.store(other, [receipt("same")])
    inbox.apply_due()
    assert states() == ["SUBMITTED", "SUBMITTED"]
    inbox.store(gateway, [receipt("same")])
    inbox.apply_due()
    assert states() == ["SUBMITTED", "DELIVERED"]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (["DELIVERED"], "SUBMITTED"),
        (["DELIVERED", "DELIVERED"], "DELIVERED"),
        (["DELIVERED", "UNDELIVERABLE"], "UNDELIVERABLE"),
        (["EXPIRED"], "EXPIRED"),
        (["UNKNOWN", "DELIVERED"], "UNKNOWN"),
        (["ENROUTE", "DELIVERED"], "SUBMITTED"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_long_message_is_delivered_when_every_segment_is(gateway, said, state, together):
    a_long_task()
    submit(gateway, [["id-1", "id-2"]])
    heard = [receipt(f"id-{at}", state=word) for at, word in enumerate(said, 1)]
    for part in [heard] if together else [[one] for one in heard]:
        inbox.store(gateway, part)
        inbox.apply_due()
    assert states() == [state]


def test_a_segment_twice_is_not_two_segments(gateway):
    a_long_task()
    submit(gateway, [["id-1", "id-2"]])
    inbox.store(gateway, [receipt("id-1"), receipt("id-1")])
    inbox.apply_due()
    assert states() == ["SUBMITTED"]


def test_some_gateways_send_one_receipt_for_the_whole(gateway):
    gateway.receipts_per_segment = False
    gateway.save()
    a_long_task()
    submit(gateway, [["id-1", "id-2"]])
    inbox.store(gateway, [receipt("id-2")])
    inbox.apply_due()
    assert states() == ["DELIVERED"]


def wait_for_doubt():
    """Let the receipt try often enough to be matched by what it says."""
    for seconds in (0, 1, 5, 20, 60, 120):
        apply_later(seconds)


def test_a_receipt_settles_the_only_message_it_can_mean(gateway):
    task = a_sending_task(2)
    submit(gateway, [[], []], unanswered=True)
    assert states() == ["IN_DOUBT", "IN_DOUBT"]
    inbox.store(gateway, [receipt("id-9", a_number(0))])
    inbox.apply_due()
    assert states() == ["IN_DOUBT", "IN_DOUBT"], "its submission may still be on its way here"
    wait_for_doubt()
    assert states() == ["DELIVERED", "IN_DOUBT"]
    assert Attention.objects.get().task_id == task.pk
    submission = Submission.objects.get()
    assert (submission.gateway_message_id, submission.command_status) == ("id-9", "NO_ANSWER")
    assert not ReceiptInbox.objects.exists()


def test_a_receipt_on_the_way_proves_that_it_was_accepted(gateway):
    a_sending_task(1)
    submit(gateway, [[]], unanswered=True)
    inbox.store(gateway, [receipt("id-9", a_number(0), state="ENROUTE")])
    wait_for_doubt()
    assert states() == ["SUBMITTED"]
    inbox.store(gateway, [receipt("id-9", a_number(0))])
    inbox.apply_due()
    assert states() == ["DELIVERED"]


def test_with_two_in_doubt_nothing_is_guessed(gateway):
    a_sending_task(1)
    a_sending_task(1)
    submit(gateway, [[], []], unanswered=True)
    inbox.store(gateway, [receipt("id-9", a_number(0))])
    wait_for_doubt()
    assert set(Message.objects.values_list("state", flat=True)) == {"IN_DOUBT"}
    assert ReceiptInbox.objects.count() == 1


def test_with_two_receipts_for_one_in_doubt_nothing_is_guessed(gateway):
    a_sending_task(1)
    submit(gateway, [[]], unanswered=True)
    inbox.store(gateway, [receipt("id-8", a_number(0)), receipt("id-9", a_number(0))])
    wait_for_doubt()
    assert states() == ["IN_DOUBT"]


def test_another_message_to_the_number_that_awaits_a_receipt_forbids_guessing(gateway):
    member = make_sender(daily_segment_limit=1000)
    a_sending_task(1, member=member)
    submit(gateway, [[]], unanswered=True)
    a_sending_task(1, member=member)
    submit(gateway, [["id-2"]])
    inbox.store(gateway, [receipt("id-9", a_number(0))])
    wait_for_doubt()
    assert sorted(Message.objects.values_list("state", flat=True)) == ["IN_DOUBT", "SUBMITTED"]
    inbox.store(gateway, [receipt("id-2", a_number(0))])
    for minutes in range(1, 12):
        apply_later(minutes * 60)
    assert set(Message.objects.values_list("state", flat=True)) == {"DELIVERED"}


def test_a_segment_nobody_answered_for_forbids_guessing_whatever_became_of_its_message(gateway):
    """The second segment of a failed message may have arrived; its receipt is not the other's."""
    a_long_task()
    submit(gateway, [["id-1"]], unanswered=True)
    inbox.store(gateway, [receipt("id-1", a_number(0), state="UNDELIVERABLE")])
    inbox.apply_due()
    assert states() == ["UNDELIVERABLE"]
    other = a_sending_task(1)
    submit(gateway, [[]], unanswered=True)
    inbox.store(gateway, [receipt("id-2", a_number(0))])
    wait_for_doubt()
    assert Message.objects.get(task_id=other.pk).state == "IN_DOUBT", "of any organization"


def test_an_accounted_message_to_the_number_does_not_stand_in_the_way(gateway):
    a_sending_task(1)
    submit(gateway, [["id-1"]])
    inbox.store(gateway, [receipt("id-1", a_number(0))])
    inbox.apply_due()
    other = a_sending_task(1)
    submit(gateway, [[]], unanswered=True)
    inbox.store(gateway, [receipt("id-2", a_number(0))])
    wait_for_doubt()
    assert Message.objects.get(task_id=other.pk).state == "DELIVERED"


@pytest.mark.parametrize("number", [a_number(5), None])
def test_a_receipt_of_another_number_or_none_settles_nothing(gateway, number):
    a_sending_task(1)
    submit(gateway, [[]], unanswered=True)
    inbox.store(gateway, [receipt("id-9", number)])
    wait_for_doubt()
    assert states() == ["IN_DOUBT"]


def test_a_long_message_goes_on_behind_the_segment_in_doubt(gateway):
    task = a_long_task()
    submit(gateway, [[]], unanswered=True)
    assert not Batch.objects.exists()
    inbox.store(gateway, [receipt("id-1", a_number(0))])
    wait_for_doubt()
    assert states() == ["QUEUED"]
    assert due_ids() == [Message.objects.get().pk]
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        (item,) = claim(gateway, "journal-1", 500).outgoing
    assert [request.segment for request in item.requests] == [2]
    answered = (SegmentAnswer(2, Answer.ACCEPTED, "id-2"),)
    results.write(
        gateway,
        [
            Finished(
                item.organization_id,
                task.pk,
                item.lane,
                item.batch_id,
                Attempt(item.key, item.segments, item.before, answered),
                timezone.now(),
            )
        ],
    )
    inbox.store(gateway, [receipt("id-2", a_number(0))])
    inbox.apply_due()
    assert states() == ["DELIVERED"]


@pytest.mark.parametrize("per_segment", [True, False])
def test_of_a_message_that_is_gone_the_receipt_is_kept_and_the_others_count(per_segment):
    gateway = make_gateway(rate=1000, receipts_per_segment=per_segment)
    a_sending_task(2)
    submit(gateway, [["id-1"], ["id-2"]])
    gone, left = Message.objects.order_by("pk").values_list("pk", flat=True)
    Message.objects.filter(pk=gone).delete()
    inbox.store(gateway, [receipt("id-1"), receipt("id-2", a_number(1))])
    inbox.apply_due()
    assert states() == ["DELIVERED"]
    assert not ReceiptInbox.objects.exists()
    kept = DeliveryReceipt.objects.order_by("message_id").values_list("message_id", flat=True)
    assert list(kept) == [gone, left]


def test_what_fits_nothing_is_kept_and_no_longer_tried(gateway):
    inbox.store(gateway, [receipt("id-9", a_number(0))])
    hours = settings.RECEIPT_WAIT_HOURS
    apply_later(hours * 3600 + 60)
    row = ReceiptInbox.objects.get()
    assert row.next_try_at.year == 9999
    assert apply_later(10 * hours * 3600) == 0


def test_what_a_column_cannot_hold_does_not_stop_the_others(gateway):
    a_sending_task(1)
    submit(gateway, [["id-1"]])
    strange = receipt("x\x00" * 60, "+" + "1" * 40, state="A" * 40, error="e\x00" * 40)
    inbox.store(gateway, [strange, receipt("id-1")])
    inbox.apply_due()
    assert states() == ["DELIVERED"]
