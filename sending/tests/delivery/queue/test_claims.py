"""Claims: whose a message is, and which may be claimed."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from sending.delivery import pausing
from sending.delivery.attempt import AttemptKey
from sending.delivery.queue.claims import claim, stopped_tasks
from sending.lifecycle import Lane, MessageState, TaskState
from sending.models import Batch, Gateway, Message, SendTask, Submission
from sending.models.stepping import step
from sending.tests.delivery.fakes import a_sending_task, due_ids
from sending.tests.factories import make_gateway, make_messages, make_sender, make_task
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
LONG = "Harbourline: " + "a longer text than one segment holds, " * 5


@pytest.fixture
def gateway():
    return make_gateway(rate=1000)


def ids_of(claimed):
    return [item.key.message_id for item in claimed.outgoing]


def test_a_claim_names_its_journal_and_steps_to_submitting(gateway):
    task = a_sending_task(3)
    claimed = claim(gateway, "journal-1", 500)
    messages = make_messages(task)
    assert ids_of(claimed) == [message.pk for message in messages]
    assert {message.state for message in messages} == {"SUBMITTING"}
    assert {message.attempt for message in messages} == {1}
    assert claimed.outgoing[0].key == AttemptKey(messages[0].pk, 1)
    assert Batch.objects.get().owner == "journal-1"
    assert not claim(gateway, "journal-2", 500).outgoing


def test_it_makes_requests_ready_for_the_wire(gateway):
    task = a_sending_task(1)
    (item,) = claim(gateway, "journal-1", 500).outgoing
    (request,) = item.requests
    assert request.destination == make_messages(task)[0].msisdn
    assert (request.source_addr, request.source_ton, request.source_npi) == ("Harbourline", 5, 0)
    assert request.short_message.decode() == task.text_template_version.body
    assert (request.segment, request.segments, request.esm_class) == (1, 1, 0)
    assert 0 < request.validity_seconds <= 24 * 3600


def test_a_long_text_has_one_reference_in_all_its_segments_and_attempts(gateway):
    member = make_sender()
    version = approved_template(member.organization, LONG).approved
    a_sending_task(1, member=member, template_version=version)
    (item,) = claim(gateway, "journal-1", 500).outgoing
    assert [request.segment for request in item.requests] == [1, 2]
    assert {request.esm_class for request in item.requests} == {0x40}
    headers = {request.short_message[:5] for request in item.requests}
    assert len(headers) == 1, "the same reference and total"
    joined = b"".join(request.short_message[6:] for request in item.requests)
    assert joined.decode() == LONG

    # Segment 1 was accepted in this attempt, then the connection was lost.
    message = Message.objects.get()
    Submission.objects.create(
        organization_id=message.organization_id,
        message_id=message.pk,
        gateway_id=gateway.pk,
        segment=1,
        attempt=1,
        gateway_message_id="id-1",
        command_status="ESME_ROK",
        submitted_at=timezone.now(),
    )
    step(MessageState.QUEUED, [message.pk])
    Batch.objects.update(owner="")
    (again,) = claim(gateway, "journal-1", 500).outgoing
    assert [request.segment for request in again.requests] == [2]
    assert (again.before, again.segments, again.key.attempt) == (1, 2, 2)
    assert again.requests[0].short_message == item.requests[1].short_message


def test_a_small_limit_splits_a_batch_and_loses_nothing(gateway):
    a_sending_task(7)
    first = claim(gateway, "journal-1", 3)
    second = claim(gateway, "journal-2", 3)
    third = claim(gateway, "journal-3", 3)
    assert [len(c.outgoing) for c in (first, second, third)] == [3, 3, 1]
    together = ids_of(first) + ids_of(second) + ids_of(third)
    assert together == list(Message.objects.order_by("pk").values_list("pk", flat=True))
    assert not due_ids()


def test_urgent_lanes_come_first_and_can_be_asked_for_alone(gateway):
    bulk = a_sending_task(2)
    api = a_sending_task(2, first=10, lane=Lane.API.value)
    otp = a_sending_task(2, first=20, lane=Lane.OTP.value)
    urgent = claim(gateway, "journal-1", 3, (Lane.OTP, Lane.API))
    assert [item.task_id for item in urgent.outgoing] == [otp.pk, otp.pk, api.pk]
    rest = claim(gateway, "journal-1", 10)
    assert [item.task_id for item in rest.outgoing] == [api.pk, bulk.pk, bulk.pk]


def test_it_leaves_other_gateways_and_what_is_not_due_alone(gateway):
    other = make_gateway()
    a_sending_task(2, gateway=other)
    make_task(state=TaskState.READY, numbers=["+85251230100"], gateway=gateway)
    Batch.objects.filter(gateway=other).update(due_at=timezone.now() + timedelta(minutes=1))
    assert not claim(gateway, "journal-1", 500).outgoing
    assert not claim(other, "journal-1", 500).outgoing


def test_paused_and_cancelled_tasks_are_not_claimed(gateway):
    paused, cancelled, sent = (a_sending_task(1, first=first) for first in (0, 10, 20))
    assert pausing.pause(paused.pk)
    assert pausing.cancel(cancelled.pk)
    # A sender that hands back what it held makes a batch due again.
    Batch.objects.update(due_at=timezone.now())
    assert [item.task_id for item in claim(gateway, "journal-1", 500).outgoing] == [sent.pk]
    ids = [paused.pk, cancelled.pk, sent.pk]
    assert stopped_tasks(ids) == {paused.pk, cancelled.pk}


def test_what_was_cancelled_one_by_one_is_left_alone(gateway):
    first, second = make_messages(a_sending_task(2))
    step(MessageState.CANCELLED, [first.pk])
    claimed = claim(gateway, "journal-1", 500)
    assert ids_of(claimed) == [second.pk]
    assert list(claimed.open.values()) == [{second.pk}]


def test_what_is_too_late_expires_instead_of_being_sent(gateway):
    task = a_sending_task(2, validity_minutes=60)
    with time_machine.travel(task.sent_at + timedelta(hours=1, seconds=1)):
        assert not claim(gateway, "journal-1", 500).outgoing
    assert {(m.state, m.code) for m in make_messages(task)} == {("EXPIRED", "VALIDITY_OVER")}
    assert not Batch.objects.exists(), "a batch leaves when nothing in it is open"


def test_what_cannot_be_written_is_rejected_with_the_reason(gateway):
    task = a_sending_task(2, originator="@@@")
    good = a_sending_task(1, first=10)
    claimed = claim(gateway, "journal-1", 500)
    assert [item.task_id for item in claimed.outgoing] == [good.pk]
    assert {(m.state, m.code) for m in make_messages(task)} == {
        ("REJECTED", "ORIGINATOR_CHARACTER")
    }


def test_wrong_variables_reject_only_their_own_message(gateway):
    first, second = make_messages(a_sending_task(2))
    Message.objects.filter(pk=first.pk).update(variables='["one too many"]')
    assert ids_of(claim(gateway, "journal-1", 500)) == [second.pk]
    first.refresh_from_db()
    assert (first.state, first.code) == ("REJECTED", "CANNOT_RENDER")


def test_a_message_remembers_the_gateway_it_really_went_to(gateway):
    other = make_gateway()
    task = a_sending_task(1, gateway=other)
    Batch.objects.update(gateway=gateway)
    claim(gateway, "journal-1", 500)
    assert make_messages(task)[0].gateway_id == gateway.pk


@pytest.mark.django_db(transaction=True)
def test_two_senders_never_claim_the_same_message():
    gateway = make_gateway()
    a_sending_task(400, gateway=gateway)
    claimed: dict[str, list[int]] = {}
    ready = threading.Barrier(4)

    def take(owner: str) -> None:
        try:
            row = Gateway.objects.get(pk=gateway.pk)
            ready.wait(120)
            while ids := ids_of(claim(row, owner, 17)):
                claimed.setdefault(owner, []).extend(ids)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(f"journal-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    everything = [pk for ids in claimed.values() for pk in ids]
    assert sorted(everything) == sorted(Message.objects.values_list("pk", flat=True))
    assert set(Message.objects.values_list("attempt", flat=True)) == {1}
    for owner, ids in claimed.items():
        batches = Batch.objects.filter(owner=owner).values_list("ids", flat=True)
        assert sorted(ids) == sorted(pk for batch in batches for pk in batch)
    assert SendTask.objects.get().state == TaskState.SENDING
