"""Failover as it runs: two gateways of one route, their senders, and what befalls one of them."""

import pytest

from sending.delivery.sender import sender as senders
from sending.delivery.sender.manager import SenderManager
from sending.gateways.base import BindRefused
from sending.lifecycle import TaskState
from sending.models import Circuit, FailoverRecord, Gateway, Message, Route, SendTask
from sending.tests.delivery.fakes import FakeCarrier, a_sending_task, refused
from sending.tests.factories import make_gateway
from sending.tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gateways():
    first = make_gateway(name="first", host="first", rate=100_000)
    second = make_gateway(name="second", host="second", rate=100_000)
    Route.objects.create(gateway=second, order=2)
    return first, second


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Start a fleet whose gateways lead to the carriers by their hosts."""
    monkeypatch.setattr(senders, "backoff", lambda failures: 0.05)
    running = []

    def start(**carriers):
        sender_manager = SenderManager(
            tmp_path / "journal",
            build=lambda kind, config: carriers[config.host].build(kind, config),
        )
        running.append((sender_manager, carriers.values()))
        sender_manager.start()

    yield start
    for sender_manager, carriers in running:
        sender_manager.stop()
        for carrier in carriers:
            carrier.hold.set()
            carrier.cut()
        assert sender_manager.join(120)


def finished(task):
    return lambda: SendTask.objects.get(pk=task.pk).state == TaskState.FINISHED


def all_arrived_once(carrier, task):
    numbers = Message.objects.filter(task_id=task.pk).values_list("msisdn", flat=True)
    assert sorted(carrier.numbers()) == sorted(numbers)


def test_what_one_gateway_refuses_temporarily_leaves_by_the_other(gateways, run):
    first, _ = gateways
    task = a_sending_task(60, gateway=first)
    bad, good = FakeCarrier(lambda _: refused("ESME_RSYSERR", temporary=True)), FakeCarrier()
    run(first=bad, second=good)
    wait_until(finished(task))
    all_arrived_once(good, task)
    # Once open it tries again after a while.
    tried = (Circuit.State.OPEN, Circuit.State.HALF_OPEN)
    wait_until(Circuit.objects.filter(pk=first.pk, state__in=tried).exists)


def test_a_gateway_that_cannot_be_connected_loses_its_messages_to_the_other(gateways, run):
    first, _ = gateways
    task = a_sending_task(30, gateway=first)
    bad, good = FakeCarrier(), FakeCarrier()
    bad.refuse_open = BindRefused("ESME_RINVPASWD")
    run(first=bad, second=good)
    wait_until(finished(task))
    all_arrived_once(good, task)
    assert Circuit.objects.get(pk=first.pk).cause == Circuit.Cause.UNBOUND
    assert set(FailoverRecord.objects.values_list("reason", flat=True)) == {"CIRCUIT_OPEN"}


def test_what_waits_for_a_stopped_gateway_leaves_by_the_other(gateways, run):
    first, _ = gateways
    Gateway.objects.filter(pk=first.pk).update(mode="stopped")
    task = a_sending_task(30, gateway=first)
    good = FakeCarrier()
    run(second=good)
    wait_until(finished(task))
    all_arrived_once(good, task)
