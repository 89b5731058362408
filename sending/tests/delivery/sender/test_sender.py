"""Senders as they run: threads, an event loop each, and a carrier in memory."""

import threading

import pytest
from django.db import OperationalError

from sending.delivery import pausing
from sending.delivery.queue import cancellation
from sending.delivery.sender import bind_slots
from sending.delivery.sender import sender as senders
from sending.delivery.sender.bind_session import BindSession
from sending.delivery.sender.manager import SenderManager
from sending.gateways.base import BindRefused
from sending.lifecycle import Lane, MessageState, TaskState
from sending.models import Batch, BindSlot, Gateway, Message, SendTask, Submission
from sending.models.stepping import step_task
from sending.tests.delivery.fakes import FakeCarrier, a_sending_task, due_ids, refused
from sending.tests.factories import a_number, make_gateway, make_messages, make_sender, make_task
from sending.tests.waiting import wait_until
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Harbourline: " + "a longer text than one segment holds, " * 5
# Seconds that nothing reaches when all goes well, however slow the machine is.
PATIENCE = 120.0
LEASE = 600.0


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Start a fleet on a carrier; all are stopped in the end."""
    monkeypatch.setattr(senders, "backoff", lambda failures: 0.01)
    # A process that stands still for a while on a busy machine keeps its lease.
    monkeypatch.setattr(bind_slots, "LEASE_SECONDS", LEASE)
    fleets = []

    def start(carrier):
        sender_manager = SenderManager(tmp_path / "journal", build=carrier.build)
        fleets.append((sender_manager, carrier))
        sender_manager.start()
        return sender_manager

    yield start
    for sender_manager, carrier in fleets:
        carrier.hold.set()
        sender_manager.stop()
        carrier.cut()
        assert sender_manager.join(PATIENCE)


def tally():
    found: dict[str, int] = {}
    for state in Message.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def state_of(task):
    return SendTask.objects.get(pk=task.pk).state


def finished(task):
    return lambda: state_of(task) == TaskState.FINISHED


def test_it_sends_a_task_and_applies_the_receipts(run):
    carrier = FakeCarrier(receipts=True)
    gateway = make_gateway(rate=100_000, window=7)
    task = a_sending_task(1200, gateway=gateway)
    run(carrier)
    wait_until(finished(task))
    wait_until(lambda: tally() == {"DELIVERED": 1200})
    assert sorted(carrier.numbers()) == sorted(a_number(n) for n in range(1200))
    assert carrier.gateways[0].most_in_window == 7, "a full window, and never more"
    assert Submission.objects.count() == 1200
    assert not Batch.objects.exists()


def test_draining_hands_back_what_was_not_sent_and_waits_for_answers(run, tmp_path, monkeypatch):
    monkeypatch.setattr(senders, "DRAIN_SECONDS", PATIENCE)
    carrier = FakeCarrier()
    carrier.hold.clear()
    a_sending_task(50, gateway=make_gateway(rate=1000, window=5))
    sender_manager = run(carrier)
    wait_until(lambda: len(carrier.arrived) == 5)
    sender_manager.stop()
    wait_until(lambda: tally() == {"SUBMITTING": 5, "QUEUED": 45})
    carrier.hold.set()
    assert sender_manager.join(PATIENCE)
    assert tally() == {"SUBMITTED": 5, "QUEUED": 45}
    assert len(due_ids()) == 45
    assert BindSlot.objects.get().owner == ""
    assert not list((tmp_path / "journal").glob("*.journal"))


def test_what_is_never_answered_is_in_doubt_when_it_drains(run, monkeypatch):
    # However late it is, what became of the messages is written down.
    monkeypatch.setattr(senders, "DRAIN_SECONDS", 0.0)
    carrier = FakeCarrier(lambda request: None)
    a_sending_task(3, gateway=make_gateway(rate=1000, window=2))
    sender_manager = run(carrier)
    wait_until(lambda: len(carrier.arrived) == 2)
    sender_manager.stop()
    assert sender_manager.join(PATIENCE)
    assert tally() == {"IN_DOUBT": 2, "QUEUED": 1}


def test_a_cut_connection_is_made_again_and_nothing_is_sent_twice(run):
    carrier = FakeCarrier()
    carrier.hold.clear()
    task = a_sending_task(40, gateway=make_gateway(rate=1000, window=4))
    run(carrier)
    wait_until(lambda: len(carrier.arrived) == 4)
    carrier.cut()
    wait_until(lambda: carrier.opened == 2)
    carrier.hold.set()
    wait_until(finished(task))
    assert tally() == {"IN_DOUBT": 4, "SUBMITTED": 36}
    assert len(set(carrier.numbers())) == len(carrier.numbers()) == 40


def test_a_gateway_that_cannot_be_reached_shows_why_and_is_tried_again(run):
    carrier = FakeCarrier()
    carrier.refuse_open = BindRefused("ESME_RINVPASWD")
    task = a_sending_task(2, gateway=make_gateway())
    run(carrier)
    wait_until(BindSlot.objects.filter(trouble__contains="ESME_RINVPASWD").exists)
    assert tally() == {"QUEUED": 2}, "nothing is claimed without a connection"
    carrier.refuse_open = None
    wait_until(finished(task))
    assert BindSlot.objects.get().trouble == ""


def test_a_connection_is_told_again_when_the_database_was_away_at_first(run, monkeypatch):
    monkeypatch.setattr(senders, "_RENEW_SECONDS", 0.05)
    record_bound, failures = (
        BindSession.record_bound,
        [OperationalError("the server is starting up")],
    )

    def say(bind_session):
        if failures:
            raise failures.pop()
        record_bound(bind_session)

    monkeypatch.setattr(BindSession, "record_bound", say)
    make_gateway()
    run(FakeCarrier())
    wait_until(BindSlot.objects.exclude(bound_at=None).exists)
    assert not failures


def test_throttled_messages_go_later_and_permanent_refusals_do_not(run, monkeypatch):
    monkeypatch.setattr(
        "sending.delivery.sender.results.retry_delay", lambda code, attempt: _moment()
    )
    carrier = FakeCarrier()
    seen = set()

    def behave(request):
        if request.destination == a_number(1):
            return refused()
        if request.destination not in seen:
            seen.add(request.destination)
            return refused("ESME_RTHROTTLED", temporary=True, throttled=True)
        return f"id-{next(carrier.ids)}"

    carrier.behaviour = behave
    task = a_sending_task(6, gateway=make_gateway(rate=1000))
    run(carrier)
    wait_until(finished(task))
    assert tally() == {"SUBMITTED": 5, "REJECTED": 1}
    assert carrier.numbers().count(a_number(1)) == 1
    statuses = Submission.objects.values_list("command_status", flat=True)
    assert sorted(set(statuses)) == ["ESME_RINVDSTADR", "ESME_ROK", "ESME_RTHROTTLED"]


def _moment():
    from datetime import timedelta

    return timedelta(milliseconds=20)


def test_an_otp_overtakes_a_bulk_task_that_is_being_sent(run):
    carrier = FakeCarrier()
    carrier.hold.clear()
    gateway = make_gateway(rate=300, window=3)
    a_sending_task(300, gateway=gateway)
    sender_manager = run(carrier)
    wait_until(lambda: len(carrier.arrived) == 3)
    a_sending_task(2, first=1000, gateway=gateway, lane=Lane.OTP.value)
    sender_manager.notify()
    # Claimed is not enough: the loop must have them in its hands before a place becomes free.
    (sender,) = sender_manager._senders.values()
    wait_until(lambda: len(sender._connection._prefetch._lanes[Lane.OTP]) == 2)
    carrier.hold.set()
    wait_until(lambda: len(carrier.arrived) >= 10)
    assert set(carrier.numbers()[3:6]) >= {a_number(1000), a_number(1001)}


def test_pause_stops_what_is_in_our_hands_and_cancel_takes_it_away(run):
    carrier = FakeCarrier()
    carrier.hold.clear()
    task = a_sending_task(200, gateway=make_gateway(rate=100, window=4))
    run(carrier)
    wait_until(lambda: len(carrier.arrived) == 4)
    assert pausing.pause(task.pk)
    wait_until(lambda: tally() == {"SUBMITTING": 4, "QUEUED": 196})
    carrier.hold.set()
    wait_until(lambda: tally() == {"SUBMITTED": 4, "QUEUED": 196})
    assert len(carrier.arrived) == 4
    carrier.hold.clear()
    assert pausing.resume(task.pk)
    wait_until(lambda: len(carrier.arrived) == 8)
    assert pausing.cancel(task.pk)
    cancellation.cancel_queued(task.pk)
    wait_until(lambda: tally() == {"SUBMITTED": 4, "SUBMITTING": 4, "CANCELLED": 192})
    carrier.hold.set()
    wait_until(lambda: not Batch.objects.exists())
    assert tally() == {"SUBMITTED": 8, "CANCELLED": 192}
    assert len(carrier.arrived) == 8


def test_several_slots_share_the_work_and_each_message_goes_once(run):
    carrier = FakeCarrier()
    carrier.hold.clear()
    task = a_sending_task(900, gateway=make_gateway(rate=100_000, bind_slots=3, window=5))
    run(carrier)
    run(carrier)
    wait_until(lambda: carrier.opened == 3)
    carrier.hold.set()
    wait_until(finished(task))
    assert carrier.opened == 3, "a slot is one connection, over all workers"
    assert sorted(carrier.numbers()) == sorted(a_number(n) for n in range(900))


def test_a_refused_segment_stops_those_behind_it(run):
    carrier = FakeCarrier(
        lambda request: refused("ESME_RSUBMITFAIL") if request.segment == 1 else "id"
    )
    member = make_sender(daily_segment_limit=1000)
    version = approved_template(member.organization, LONG).approved
    task = a_sending_task(2, member=member, template_version=version)
    run(carrier)
    wait_until(finished(task))
    assert [request.segment for request in carrier.arrived] == [1, 1]
    assert tally() == {"REJECTED": 2}


def test_a_mistake_in_a_gateways_code_does_not_stop_the_sender(run):
    carrier = FakeCarrier(
        lambda request: ValueError("a bug") if request.destination == a_number(1) else "id"
    )
    task = a_sending_task(3, gateway=make_gateway())
    run(carrier)
    wait_until(finished(task))
    assert tally() == {"SUBMITTED": 2, "IN_DOUBT": 1}


def test_a_stopped_gateway_sends_nothing_and_goes_on_when_it_is_active(run):
    gateway = make_gateway(mode=Gateway.Mode.STOPPED)
    carrier = FakeCarrier()
    task = a_sending_task(2, gateway=gateway)
    other = a_sending_task(2, first=10, gateway=make_gateway())
    run(carrier)
    wait_until(finished(other))
    assert state_of(task) == TaskState.SENDING
    Gateway.objects.filter(pk=gateway.pk).update(mode=Gateway.Mode.ACTIVE)
    wait_until(finished(task))


def test_nothing_goes_to_the_wire_when_the_lease_is_over(run, monkeypatch):
    # No renewal comes in between: it would prolong a lease that nobody else has taken yet.
    monkeypatch.setattr(senders, "_RENEW_SECONDS", LEASE)
    carrier = FakeCarrier()
    carrier.hold.clear()
    task = a_sending_task(30, gateway=make_gateway(rate=1000, window=3))
    run(carrier)
    wait_until(lambda: len(carrier.arrived) == 3)
    ahead = threading.Event()
    real = bind_slots.clock
    monkeypatch.setattr(bind_slots, "clock", lambda: real() + (LEASE if ahead.is_set() else 0))
    ahead.set()
    carrier.hold.set()
    # The sender gives its slot back, and takes it again under a new lease.
    wait_until(finished(task))
    assert carrier.opened == 2
    assert sorted(carrier.numbers()) == sorted(a_number(n) for n in range(30))
    assert tally() == {"SUBMITTED": 30}


def test_what_came_while_nobody_rang_is_found_by_polling(run):
    carrier = FakeCarrier()
    gateway = make_gateway()
    run(carrier)
    wait_until(lambda: carrier.opened == 1)
    task = make_task(state=TaskState.READY, numbers=[a_number(0)], gateway=gateway)
    assert step_task(TaskState.SENDING, task.pk, sent_at=task.checked_at, accepted_hour=2026010100)
    Batch.objects.update(due_at=task.checked_at)
    wait_until(finished(task))
    assert [m.state for m in make_messages(task)] == [MessageState.SUBMITTED]
