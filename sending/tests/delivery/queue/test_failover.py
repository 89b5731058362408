"""Messages take the next gateway of their route, unless a gateway may know of them already."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sending.delivery import pausing
from sending.delivery.attempt import Answer, Attempt, SegmentAnswer
from sending.delivery.queue.claims import claim
from sending.delivery.queue.failover import Failover
from sending.delivery.sender import results
from sending.delivery.sender.results import Finished
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, Circuit, FailoverRecord, Gateway, Message, Route, TaskEvent
from sending.models.stepping import step
from sending.tests.delivery.fakes import a_sending_task, press_send
from sending.tests.factories import a_number, make_gateway, make_messages, make_sender, make_task
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
LONG = "Harbourline: " + "a longer text than one segment holds, " * 5


@pytest.fixture
def first():
    return make_gateway(name="first")


@pytest.fixture
def second(first):
    gateway = make_gateway(name="second")
    Route.objects.create(gateway=gateway, order=2)
    return gateway


@pytest.fixture
def third(second):
    gateway = make_gateway(name="third")
    Route.objects.create(gateway=gateway, order=3)
    return gateway


def stop(gateway):
    Gateway.objects.filter(pk=gateway.pk).update(mode="stopped")


def break_circuit(gateway):
    Circuit.objects.update_or_create(gateway=gateway, defaults={"state": "OPEN"})


def waiting_at(gateway):
    found = Batch.objects.filter(owner="", gateway=gateway).values_list("ids", flat=True)
    return sorted(pk for ids in found for pk in ids)


def attempt(gateway, *answers, limit=100):
    """Claim what is due, and write down that each of these was the answer to a segment."""
    claimed = claim(gateway, "journal", limit)
    finished = [
        Finished(
            item.organization_id,
            item.task_id,
            item.lane,
            item.batch_id,
            Attempt(item.key, item.segments, item.before, answers),
            timezone.now(),
        )
        for item in claimed.outgoing
    ]
    results.write(gateway, finished, list(claimed.open))


def no(code="ESME_RSYSERR", segment=1):
    return SegmentAnswer(segment, Answer.REFUSED_TEMPORARILY, code)


def all_due():
    Batch.objects.filter(due_at__isnull=False).update(due_at=timezone.now())


@pytest.mark.parametrize("trouble", [stop, break_circuit])
def test_what_waits_for_a_gateway_that_does_not_work_goes_to_the_next(first, second, trouble):
    task = a_sending_task(5, gateway=first)
    trouble(first)
    assert Failover().move_waiting() == 5
    assert waiting_at(first) == []
    assert waiting_at(second) == [message.pk for message in make_messages(task)]
    assert len(claim(second, "journal", 10).outgoing) == 5
    assert set(Message.objects.values_list("gateway_id", flat=True)) == {second.pk}


def test_every_shift_is_written_down_with_its_reason(first, second):
    task = a_sending_task(5, gateway=first)
    stop(first)
    Failover().move_waiting()
    shift = FailoverRecord.objects.get()
    assert (shift.from_gateway_id, shift.to_gateway_id) == (first.pk, second.pk)
    assert (shift.reason, shift.messages) == ("STOPPED", 5)
    event = TaskEvent.objects.get(task=task, code="shifted")
    assert event.params == {"from": "first", "to": "second", "reason": "STOPPED", "messages": 5}


def test_the_same_shift_again_adds_to_the_line_of_the_history(first, second):
    task = a_sending_task(4, gateway=first)
    attempt(first, no(), limit=1)
    attempt(first, no(), limit=3)
    events = TaskEvent.objects.filter(task=task, code="shifted")
    assert [event.params["messages"] for event in events] == [4]


def test_without_another_way_messages_wait(first):
    a_sending_task(3, gateway=first)
    stop(first)
    mover = Failover()
    assert (mover.move_waiting(), mover.move_waiting()) == (0, 0)
    assert len(waiting_at(first)) == 3
    assert not FailoverRecord.objects.exists()


def test_a_batch_is_divided_by_the_routes_of_its_messages(first, second):
    british = make_gateway(name="british")
    Route.objects.create(gateway=first, country="GB", order=1)
    Route.objects.create(gateway=british, country="GB", order=2)
    Route.objects.create(gateway=first, country="SG", order=1)
    numbers = [a_number(1), a_number(2, "GB"), a_number(3), a_number(4, "SG")]
    task = press_send(make_task(make_sender(), TaskState.READY, numbers=numbers, gateway=first))
    ids = [message.pk for message in make_messages(task)]
    stop(first)
    assert Failover().move_waiting() == 3
    assert waiting_at(second) == [ids[0], ids[2]]
    assert waiting_at(british) == [ids[1]]
    assert waiting_at(first) == [ids[3]]


def test_held_and_later_batches_stay_until_they_are_due(first, second):
    task = a_sending_task(2, gateway=first)
    pausing.pause(task.pk)
    stop(first)
    assert Failover().move_waiting() == 0
    pausing.resume(task.pk)
    Batch.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert Failover().move_waiting() == 0
    all_due()
    assert Failover().move_waiting() == 2


def test_what_a_sender_holds_is_never_moved(first, second):
    a_sending_task(2, gateway=first)
    claim(first, "journal", 10)
    stop(first)
    assert Failover().move_waiting() == 0
    assert Batch.objects.get().owner == "journal"


def test_many_batches_are_moved_with_several_calls(first, second, monkeypatch):
    monkeypatch.setattr("sending.delivery.queue.failover._AT_ONCE", 2)
    for index in range(5):
        a_sending_task(1, gateway=first, first=index)
    stop(first)
    mover = Failover()
    assert [mover.move_waiting() for _ in range(4)] == [2, 2, 1, 0]


def test_those_that_cannot_go_do_not_hide_those_that_can(first, second, monkeypatch):
    monkeypatch.setattr("sending.delivery.queue.failover._AT_ONCE", 1)
    Route.objects.create(gateway=first, country="SG", order=1)
    for country in ("SG", "SG", "HK"):
        number = a_number(1, country)
        press_send(make_task(make_sender(), TaskState.READY, numbers=[number], gateway=first))
    stop(first)
    mover = Failover()
    assert sum(mover.move_waiting() for _ in range(3)) == 1


def test_a_temporary_refusal_goes_to_the_next_at_once_and_round_with_patience(first, second, third):
    a_sending_task(1, gateway=first)
    attempt(first, no())
    assert Batch.objects.get().due_at <= timezone.now()
    attempt(second, no())
    batch = Batch.objects.get()
    assert batch.gateway == third
    assert batch.due_at > timezone.now()
    all_due()
    attempt(third, no())
    assert Batch.objects.get().gateway == first
    assert list(FailoverRecord.objects.values_list("reason", flat=True)) == ["ESME_RSYSERR"] * 3


def test_a_gateway_that_throttles_keeps_its_messages(first, second):
    a_sending_task(2, gateway=first)
    attempt(first, no("ESME_RTHROTTLED"))
    assert len(waiting_at(first)) == 2
    assert not FailoverRecord.objects.exists()


@pytest.mark.parametrize("trouble", [stop, break_circuit])
def test_a_message_of_which_a_part_was_accepted_stays(first, second, trouble):
    member = make_sender()
    version = approved_template(member.organization, LONG).approved
    task = make_task(
        member, TaskState.READY, numbers=[a_number(1)], template_version=version, gateway=first
    )
    press_send(task)
    attempt(first, SegmentAnswer(1, Answer.ACCEPTED, "id-1"), no(segment=2))
    assert len(waiting_at(first)) == 1
    all_due()
    trouble(first)
    assert Failover().move_waiting() == 0
    assert len(waiting_at(first)) == 1


def test_what_was_in_doubt_and_is_sent_again_by_decision_stays(first, second):
    a_sending_task(1, gateway=first)
    message = Message.objects.get()
    claim(first, "journal", 10)
    Batch.objects.update(owner="")
    step(MessageState.IN_DOUBT, [message.pk])
    step(MessageState.QUEUED, [message.pk])
    stop(first)
    assert Failover().move_waiting() == 0


def test_a_half_open_circuit_is_tried_with_one_message_of_its_own_route(first, second):
    a_sending_task(3, gateway=second)
    Circuit.objects.create(gateway=first, state="HALF_OPEN")
    mover = Failover()
    assert mover.move_waiting() == 1
    assert len(waiting_at(first)) == 1
    assert mover.move_waiting() == 0, "one probe is enough"
    assert len(claim(first, "journal", 10).outgoing) == 1
    assert mover.move_waiting() == 0
    assert FailoverRecord.objects.get().reason == "PROBE"


def test_a_gateway_of_another_route_gets_no_probe(first, second):
    other = make_gateway(name="other")
    Route.objects.create(gateway=other, country="GB", order=1)
    a_sending_task(3, gateway=second)
    Circuit.objects.create(gateway=other, state="HALF_OPEN")
    assert Failover().move_waiting() == 0
