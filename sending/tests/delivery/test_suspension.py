"""Suspended: nothing new goes to the wire, whatever happens at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from accounts.actions import end_suspension
from accounts.errors import MayNotSend
from accounts.models import AuditEntry, Organization, SmsApplication
from accounts.tests.factories import make_application, make_operator
from sending.acceptance.not_accepted import NotAccepted
from sending.acceptance.send_task import accept
from sending.delivery import in_doubt, pausing
from sending.delivery.queue import cancellation, expiry
from sending.delivery.queue.claims import claim, to_hand_back
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, BindSlot, Message, SendTask, TaskEvent
from sending.models.stepping import step_task
from sending.operations.actions import suspend_sending
from sending.tests.acceptance.test_send_task import waits_for_another
from sending.tests.delivery.fakes import a_sending_task, due_ids
from sending.tests.delivery.test_simulator import (  # noqa: F401 - fixtures.
    WINDOW,
    sender_manager,
    simulator,
    start,
)
from sending.tests.factories import (
    a_number,
    make_gateway,
    make_messages,
    make_sender,
    make_task,
    move,
)
from sending.tests.waiting import wait_until

pytestmark = pytest.mark.django_db
REASON = "Complaints about texts nobody asked for."
REAL_COMMITS = pytest.mark.django_db(transaction=True)
NEEDS_ROW_LOCKS = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time anyway"
)


@pytest.fixture
def gateway():
    return make_gateway(rate=1000)


def suspend(subject, *, cancels: bool = False) -> int:
    return suspend_sending(actor=make_operator(), subject=subject, reason=REASON, cancels=cancels)


def state_of(task: SendTask) -> str:
    return SendTask.objects.values_list("state", flat=True).get(pk=task.pk)


def states(task: SendTask) -> list[str]:
    return [message.state for message in make_messages(task)]


# --- What suspending does -------------------------------------------------------------------------


def test_what_is_sending_waits_and_what_people_paused_stays_so(gateway):
    member = make_sender(daily_segment_limit=1000)
    sending = a_sending_task(2, member=member)
    paused = a_sending_task(2, first=10, member=member)
    other = a_sending_task(2, first=20)
    pausing.pause(paused.pk, member.user_id)
    assert suspend(member.organization) == 1
    assert (state_of(sending), state_of(paused)) == ("PAUSED", "PAUSED")
    assert due_ids() == [message.pk for message in make_messages(other)]
    codes = TaskEvent.objects.order_by("pk").values_list("task", "code")
    assert list(codes) == [(paused.pk, "paused"), (sending.pk, "suspended")]
    trail = AuditEntry.objects.for_organization(member.organization).order_by("pk")
    assert [entry.action for entry in trail] == ["organization.suspended", "send_task.paused"]


def test_or_all_that_is_queued_is_cancelled(gateway):
    member = make_sender(daily_segment_limit=1000)
    sending = a_sending_task(3, member=member)
    paused = a_sending_task(2, first=10, member=member)
    pausing.pause(paused.pk, member.user_id)
    claim(gateway, "journal-1", 1)
    assert suspend(member.organization, cancels=True) == 2
    assert cancellation.finish_cancelling() == 4
    assert states(sending) == ["SUBMITTING", "CANCELLED", "CANCELLED"]
    assert states(paused) == ["CANCELLED", "CANCELLED"]


def test_an_application_is_suspended_alone(gateway):
    member = make_sender(daily_segment_limit=1000)
    second = make_application(member.organization, name="Shop")
    ours = a_sending_task(1, member=member)
    theirs = a_sending_task(1, first=10, member=member, application=second)
    assert suspend(ours.application) == 1
    assert (state_of(ours), state_of(theirs)) == ("PAUSED", "SENDING")
    assert [item.task_id for item in claim(gateway, "journal-1", 10).outgoing] == [theirs.pk]
    with pytest.raises(MayNotSend):
        pausing.resume(ours.pk)


def test_nothing_resumes_by_itself_when_it_ends(gateway):
    task = a_sending_task(2)
    suspend(task.organization)
    with pytest.raises(MayNotSend, match=REASON):
        pausing.resume(task.pk)
    end_suspension(task.organization, actor=make_operator())
    assert state_of(task) == "PAUSED"
    assert not claim(gateway, "journal-1", 10).outgoing
    assert pausing.resume(task.pk)
    assert len(claim(gateway, "journal-1", 10).outgoing) == 2


def test_validity_goes_on_meanwhile(gateway):
    task = a_sending_task(2, validity_minutes=60)
    suspend(task.organization)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert expiry.expire_late() == 2
    assert states(task) == ["EXPIRED", "EXPIRED"]


def test_operators_do_not_send_again_what_is_in_doubt(gateway):
    task = a_sending_task(1)
    (message,) = make_messages(task)
    move([message], MessageState.IN_DOUBT)
    message.refresh_from_db()
    Batch.objects.all().delete()
    suspend(task.organization)
    with pytest.raises(in_doubt.NotDecided, match=REASON):
        in_doubt.send_again(message)
    assert states(task) == ["IN_DOUBT"]


# --- The claim looks for itself -------------------------------------------------------------------


@pytest.mark.parametrize("model", [Organization, SmsApplication])
def test_what_is_due_all_the_same_is_not_claimed(gateway, model):
    """A race, or a release of some kind that nobody has thought of, left batches due."""
    task = a_sending_task(2)
    model.objects.update(suspended_at=timezone.now())
    assert len(due_ids()) == 2
    assert not claim(gateway, "journal-1", 10).outgoing
    assert to_hand_back(gateway, [task.pk]) == ({task.pk}, set())
    model.objects.update(suspended_at=None)
    assert len(claim(gateway, "journal-1", 10).outgoing) == 2


def test_batches_without_a_task_are_not_claimed_either(gateway):
    task = a_sending_task(2)
    Batch.objects.update(task_id=None)
    Organization.objects.update(suspended_at=timezone.now())
    assert not claim(gateway, "journal-1", 10).outgoing
    Organization.objects.update(suspended_at=None)
    assert {item.organization_id for item in claim(gateway, "journal-1", 10).outgoing} == {
        task.organization_id
    }


# --- At the same moment ---------------------------------------------------------------------------


def at_the_same_moment(first: Callable[[], object], second: Callable[[], object]) -> object:
    """Do `second` in another thread while the transaction of `first` is open; return its result."""
    begun = threading.Event()
    backends: list[int] = []

    def other() -> object:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    backends.append(cursor.fetchone()[0])
                begun.set()
                return second()
        except (NotAccepted, MayNotSend) as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            result = pool.submit(other)
            assert begun.wait(timeout=60)
            wait_until(lambda: result.done() or waits_for_another(backends[0]))
        return result.result(timeout=60)


@NEEDS_ROW_LOCKS
@REAL_COMMITS
@pytest.mark.parametrize("who", ["organization", "application"])
def test_send_while_a_suspension_commits_is_refused(who):
    task = make_task(state=TaskState.READY, numbers=[a_number(0)])
    operator, subject = make_operator(), getattr(task, who)

    def suspends() -> None:
        suspend_sending(actor=operator, subject=subject, reason=REASON, cancels=False)

    def sends() -> None:
        assert step_task(TaskState.SENDING, task.pk, sent_at=timezone.now())
        accept(SendTask.objects.get(pk=task.pk))

    assert at_the_same_moment(suspends, sends) == f"{who.upper()}_SUSPENDED"
    assert state_of(task) == "READY"
    assert not due_ids()


@NEEDS_ROW_LOCKS
@REAL_COMMITS
@pytest.mark.parametrize("who", ["organization", "application"])
def test_a_suspension_while_send_commits_finds_the_task(who):
    task = make_task(state=TaskState.READY, numbers=[a_number(0)])
    operator, subject = make_operator(), getattr(task, who)

    def sends() -> None:
        assert step_task(TaskState.SENDING, task.pk, sent_at=timezone.now())
        accept(SendTask.objects.get(pk=task.pk))

    def suspends() -> int:
        return suspend_sending(actor=operator, subject=subject, reason=REASON, cancels=False)

    assert at_the_same_moment(sends, suspends) == 1
    assert state_of(task) == "PAUSED"
    assert not due_ids()


@NEEDS_ROW_LOCKS
@REAL_COMMITS
def test_resume_while_a_suspension_commits_is_refused():
    task = a_sending_task(1)
    pausing.pause(task.pk)
    operator = make_operator()

    def suspends() -> None:
        suspend_sending(actor=operator, subject=task.organization, reason=REASON, cancels=False)

    assert at_the_same_moment(suspends, lambda: pausing.resume(task.pk)) == (
        "ORGANIZATION_SUSPENDED"
    )
    assert state_of(task) == "PAUSED"
    assert not due_ids()


# --- With a real sender and the simulator ---------------------------------------------------------


def settled() -> bool:
    """Tell whether nothing is on its way any more."""
    return not (
        Message.objects.filter(state=MessageState.SUBMITTING.value).exists()
        or Batch.objects.exclude(owner="").exists()
    )


@pytest.mark.slow
@REAL_COMMITS
@pytest.mark.parametrize("cancels", [False, True])
def test_the_wire_falls_silent_within_a_second(simulator, sender_manager, cancels):  # noqa: F811
    rate = 100
    task = start(simulator, sender_manager, numbers=[a_number(n) for n in range(2000)], rate=rate)
    wait_until(lambda: simulator.accepted_count() > 50)
    suspend(task.organization, cancels=cancels)
    at_once = simulator.accepted_count()
    wait_until(settled)
    after = simulator.accepted_count()
    assert after - at_once <= rate + WINDOW, "what one second, and the window, let through"
    # Senders go on looking for work: the lease is renewed while they find none.
    seen = BindSlot.objects.get().heartbeat_at
    wait_until(lambda: BindSlot.objects.get().heartbeat_at > seen)
    assert simulator.accepted_count() == after
    # Receipts of what had gone are applied.
    delivered = Message.objects.filter(task_id=task.pk, state=MessageState.DELIVERED.value)
    wait_until(lambda: delivered.count() == after)
    assert state_of(task) == ("CANCELLED" if cancels else "PAUSED")
