"""Recovery: what the journal of a dead sender proves, and what it does not."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sending.delivery.attempt import Answer, Attempt, AttemptKey, SegmentAnswer
from sending.delivery.queue.claims import claim
from sending.delivery.sender import bind_slots, results
from sending.delivery.sender import journal as journals
from sending.delivery.sender.bind_session import BindSession
from sending.delivery.sender.journal import Journal
from sending.delivery.sender.recovery import recover_dead
from sending.delivery.sender.results import Finished
from sending.lifecycle import MessageState, TaskState
from sending.models import (
    Batch,
    BindSlot,
    Message,
    SendTask,
    Submission,
    TaskEvent,
)
from sending.models.stepping import step
from sending.tests.delivery.fakes import a_sending_task, due_ids
from sending.tests.factories import counted, make_gateway, make_sender
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
LONG = "Harbourline: " + "a longer text than one segment holds, " * 5


@pytest.fixture
def gateway():
    gateway = make_gateway(rate=1000)
    bind_slots.make_slots(gateway.pk, 1)
    return gateway


@pytest.fixture
def bind_session(tmp_path, gateway):
    bind_session = BindSession.take(tmp_path, gateway.pk, 1)
    assert bind_session
    return bind_session


def claimed(gateway, bind_session):
    return claim(gateway, bind_session.journal.name, 500).outgoing


def states():
    return list(Message.objects.order_by("row").values_list("state", flat=True))


def write(journal, item, *answers):
    """Send the segments that have an answer, and one more when the last is None."""
    for request, answer in zip(item.requests, answers, strict=False):
        journal.sent(item.key, request.segment, request.segments)
        if answer:
            journal.answered(item.key, SegmentAnswer(request.segment, *answer))


def test_each_message_becomes_what_the_journal_proves(tmp_path, gateway, bind_session):
    task = a_sending_task(5)
    unsent, accepted, refused, throttled, doubtful = claimed(gateway, bind_session)
    journal = bind_session.journal
    write(journal, accepted, (Answer.ACCEPTED, "id-1"))
    write(journal, refused, (Answer.REFUSED, "ESME_RINVDSTADR"))
    write(journal, throttled, (Answer.REFUSED_TEMPORARILY, "ESME_RTHROTTLED"))
    write(journal, doubtful, None)
    journal.close()
    assert recover_dead(tmp_path) == 1
    assert states() == ["QUEUED", "SUBMITTED", "REJECTED", "QUEUED", "IN_DOUBT"]
    assert Submission.objects.get(command_status="ESME_ROK").gateway_message_id == "id-1"
    assert due_ids() == sorted(item.key.message_id for item in (unsent, throttled))
    assert not Batch.objects.exclude(owner="").exists()
    assert TaskEvent.objects.get(task=task).params == {"count": 1}
    assert not list(tmp_path.glob("*.journal")), "the journal has said everything"
    assert BindSlot.objects.get().owner == "", "a new sender need not wait for the lease"
    assert recover_dead(tmp_path) == 0


def test_a_living_sender_is_left_alone_even_when_its_lease_is_over(tmp_path, gateway, bind_session):
    a_sending_task(1)
    claimed(gateway, bind_session)
    BindSlot.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert recover_dead(tmp_path) == 0
    assert states() == ["SUBMITTING"]
    bind_session.journal.close()


def test_after_a_new_start_of_the_machine_nothing_is_proven(
    tmp_path, gateway, bind_session, monkeypatch
):
    a_sending_task(2)
    _, answered = claimed(gateway, bind_session)
    write(bind_session.journal, answered, (Answer.ACCEPTED, "id-1"))
    bind_session.journal.close()
    monkeypatch.setattr(journals, "boot_id", lambda: "another")
    BindSlot.objects.update(lease_until=timezone.now() + timedelta(hours=1))
    assert recover_dead(tmp_path) == 0, "the lock may be unknown to this machine: the lease counts"
    BindSlot.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert recover_dead(tmp_path) == 1
    assert states() == ["IN_DOUBT", "IN_DOUBT"]
    assert not Batch.objects.exists()


def test_a_damaged_journal_proves_nothing(tmp_path, gateway, bind_session):
    a_sending_task(2)
    claimed(gateway, bind_session)
    with bind_session.journal.path.open("a") as file:
        file.write("S 1\n")
    bind_session.journal.close()
    assert recover_dead(tmp_path) == 1
    assert states() == ["IN_DOUBT", "IN_DOUBT"]


def test_a_journal_that_is_not_here_is_waited_for(tmp_path, gateway, bind_session):
    """It may lie on another machine, whose sender may come back."""
    a_sending_task(1)
    claimed(gateway, bind_session)
    bind_session.journal.remove()
    assert recover_dead(tmp_path) == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=50)):
        assert recover_dead(tmp_path) == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=80)):
        assert recover_dead(tmp_path) == 1
    assert states() == ["IN_DOUBT"]


def test_an_older_attempt_in_the_journal_says_nothing_about_the_newest(
    tmp_path, gateway, bind_session
):
    a_sending_task(1)
    (first,) = claimed(gateway, bind_session)
    write(bind_session.journal, first, (Answer.REFUSED_TEMPORARILY, "ESME_RTHROTTLED"))
    Batch.objects.update(owner="")
    step(MessageState.QUEUED, [first.key.message_id])
    (second,) = claimed(gateway, bind_session)
    assert second.key == AttemptKey(first.key.message_id, 2)
    bind_session.journal.close()
    recover_dead(tmp_path)
    message = Message.objects.get()
    assert (message.state, message.code) == ("QUEUED", "SENDER_DIED")


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ([], ("QUEUED", [1, 2])),
        ([None], ("IN_DOUBT", None)),
        ([(Answer.ACCEPTED, "id-1")], ("QUEUED", [2])),
        ([(Answer.ACCEPTED, "id-1"), None], ("IN_DOUBT", None)),
        ([(Answer.ACCEPTED, "id-1"), (Answer.ACCEPTED, "id-2")], ("SUBMITTED", None)),
        ([(Answer.ACCEPTED, "id-1"), (Answer.REFUSED, "ESME_RSUBMITFAIL")], ("REJECTED", None)),
    ],
)
def test_a_long_message_goes_on_where_it_was_proven_to_stop(
    tmp_path, gateway, bind_session, answers, end
):
    state, left = end
    member = make_sender(daily_segment_limit=1000)
    version = approved_template(member.organization, LONG).approved
    a_sending_task(1, member=member, template_version=version)
    (item,) = claimed(gateway, bind_session)
    write(bind_session.journal, item, *answers)
    bind_session.journal.close()
    recover_dead(tmp_path)
    assert states() == [state]
    if left:
        (again,) = claim(gateway, "journal-2", 500).outgoing
        assert [request.segment for request in again.requests] == left


def test_a_message_that_another_sender_has_by_now_is_not_ours_to_settle(
    tmp_path, gateway, bind_session
):
    """One of two messages was handed back and claimed by somebody else; then the first dies."""
    a_sending_task(2)
    first, _ = claimed(gateway, bind_session)
    handed_back = Finished(
        first.organization_id,
        first.task_id,
        first.lane,
        first.batch_id,
        Attempt(first.key, 1, 0, ()),
        timezone.now(),
    )
    results.write(gateway, [handed_back])
    (again,) = claim(gateway, "journal-of-the-living", 500).outgoing
    assert again.key == AttemptKey(first.key.message_id, 2)
    bind_session.journal.close()
    recover_dead(tmp_path)
    assert states() == ["SUBMITTING", "QUEUED"]


def test_the_counters_agree_and_the_task_finishes(tmp_path, gateway, bind_session):
    a_sending_task(2)
    for item, answer in zip(claimed(gateway, bind_session), ("id-1", None), strict=True):
        write(bind_session.journal, item, answer and (Answer.ACCEPTED, answer))
    bind_session.journal.close()
    recover_dead(tmp_path)
    assert counted() == {
        "SUBMITTED": 1,
        "IN_DOUBT": 1,
    }
    assert SendTask.objects.get().state == TaskState.FINISHED


def test_journals_that_no_batch_names_are_tidied_away(tmp_path, gateway, bind_session):
    dead = Journal.create(tmp_path, gateway_id=gateway.pk, slot=2)
    dead.close()
    recover_dead(tmp_path)
    assert journals.names(tmp_path) == [bind_session.journal.name]
    bind_session.journal.close()
