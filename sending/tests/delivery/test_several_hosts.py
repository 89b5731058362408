"""Several send workers: shares of slots, few connections, and clocks that are wrong."""

import os
import sys
from collections import Counter as Tally
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from accounts import shared_time
from sending.delivery.sender import sender as senders
from sending.delivery.sender.manager import SenderManager
from sending.lifecycle import TaskState
from sending.models import Batch, BindSlot, LiveWorker, Message, SendTask
from sending.tests import pgbouncer
from sending.tests.delivery.fakes import FakeCarrier, a_sending_task, press_send
from sending.tests.factories import a_number, make_gateway, make_sender, make_task
from sending.tests.processes import (
    Process,
    SendWorker,
    SimulatorProcess,
    ended,
    make_var,
    worker_environment,
)
from sending.tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 120.0
ON_POSTGRESQL = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="on SQLite there is one host"
)


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Start send workers of this process, each with a journal of its own; all are stopped."""
    monkeypatch.setattr(senders, "backoff", lambda failures: 0.01)
    managers = []

    def start(carrier):
        number = len(managers)
        managers.append(SenderManager(tmp_path / f"journal-{number}", build=carrier.build))
        managers[-1].start()
        return managers[-1]

    yield start
    for manager in managers:
        manager.stop()
    assert all(manager.join(PATIENCE) for manager in managers)


def shares():
    """How many connections each carrier's worker has, by the slots that workers say they hold."""
    return sorted(LiveWorker.objects.values_list("slots", flat=True))


def bound():
    return BindSlot.objects.exclude(owner="").exclude(bound_at=None).count()


def test_slots_are_shared_and_handed_over_and_nothing_goes_twice(begin):
    one, other = FakeCarrier(), FakeCarrier()
    gateway = make_gateway(rate=400, window=3, bind_slots=4)
    a_sending_task(400, gateway=gateway)
    first = begin(one)
    wait_until(lambda: bound() == 4)
    second = begin(other)
    wait_until(lambda: shares() == [2, 2] and bound() == 4)
    # However long that took, there is something left for the other.
    a_sending_task(400, first=400, gateway=gateway)
    wait_until(lambda: len(other.arrived) > 50)
    first.stop()
    wait_until(lambda: shares() == [4] and bound() == 4)
    wait_until(lambda: not SendTask.objects.exclude(state=TaskState.FINISHED).exists())
    arrived = Tally([*one.numbers(), *other.numbers()])
    assert arrived == Tally(a_number(number) for number in range(800))
    assert set(Message.objects.values_list("state", flat=True)) == {"SUBMITTED"}
    second.stop()


def test_the_slots_of_a_dead_worker_are_taken_over_when_it_is_silent(begin):
    gateway = make_gateway(bind_slots=2)
    LiveWorker.objects.create(
        name="a-dead-one", kind="send", host="elsewhere", beat_at=shared_time.now()
    )
    begin(FakeCarrier())
    wait_until(lambda: bound() == 1)
    LiveWorker.objects.filter(name="a-dead-one").update(
        beat_at=shared_time.now() - timedelta(minutes=1)
    )
    wait_until(lambda: gateway.slots.exclude(bound_at=None).count() == 2)


@ON_POSTGRESQL
def test_many_slots_take_few_connections(begin, settings):
    settings.SEND_CONNECTIONS = 3
    carrier = FakeCarrier()
    make_gateway(rate=10_000, bind_slots=30)
    before = _connections()
    begin(carrier)
    wait_until(lambda: bound() == 30)
    task = a_sending_task(600, gateway=make_gateway(rate=10_000, bind_slots=6))
    wait_until(lambda: SendTask.objects.get(pk=task.pk).state == TaskState.FINISHED)
    # Three threads of the senders, the watch, and the one that applies receipts.
    assert _connections() - before <= 5


def _connections():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


@ON_POSTGRESQL
@pytest.mark.shared_clock
@pytest.mark.parametrize("hours", [1, -1, -3, 48])
def test_a_host_with_a_wrong_clock_sends_and_takes_nothing_from_others(begin, hours, monkeypatch):
    monkeypatch.setattr(shared_time, "_last", None)
    gateway = make_gateway(rate=10_000, bind_slots=2)
    task = a_sending_task(60, gateway=gateway)
    elsewhere = BindSlot.objects.create(
        gateway=gateway,
        number=1,
        owner="a-sender-elsewhere",
        lease_until=shared_time.now() + timedelta(minutes=10),
    )
    carrier = FakeCarrier(receipts=True)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        begin(carrier)
        wait_until(lambda: SendTask.objects.get(pk=task.pk).state == TaskState.FINISHED)
        wait_until(lambda: set(Message.objects.values_list("state", flat=True)) == {"DELIVERED"})
        elsewhere.refresh_from_db()
        assert elsewhere.owner == "a-sender-elsewhere", "its lease is not over"
        worker = LiveWorker.objects.get()
    assert worker.clock_offset == pytest.approx(hours * 3600, abs=2)
    assert len(carrier.arrived) == 60


def _made(folder):
    folder.mkdir()
    return folder


@ON_POSTGRESQL
@pytest.mark.slow
@pytest.mark.parametrize("ahead", [3600, -172_800])
def test_a_worker_on_a_host_with_a_wrong_clock_does_not_start(tmp_path, ahead):
    var = make_var(tmp_path)
    (tmp_path / "clock").write_text(str(ahead))
    worker = Process(
        [
            *(sys.executable, "-m", "smsconsole.tests.moved_clock", str(tmp_path / "clock")),
            *("celery", "-A", "smsconsole", "worker", "-Q", "send", "-P", "threads", "-c", "1"),
        ],
        worker_environment(var),
        tmp_path / "worker.out",
    )
    with ended(worker):
        wait_until(lambda: not worker.alive)
        side = "ahead of" if ahead > 0 else "behind"
        assert f"s {side} that of the database; 2 s are allowed." in worker.last_words()
        assert worker.stop() == 1
    assert not LiveWorker.objects.exists()


@pytest.mark.slow
@pytest.mark.skipif(
    connection.vendor == "sqlite" or not pgbouncer.program(), reason="needs PgBouncer"
)
def test_two_processes_behind_pgbouncer_share_the_slots_and_survive_a_kill(tmp_path, monkeypatch):
    simulator = SimulatorProcess(
        tmp_path, "--no-magic", "--latency-ms", "20", "--receipt-delay", "0.2"
    )
    with ExitStack() as stack:
        between = stack.enter_context(
            pgbouncer.PgBouncer(os.environ["DATABASE_URL"], connections=6)
        )
        monkeypatch.setenv("DATABASE_URL", between.url)
        monkeypatch.setenv("BEHIND_PGBOUNCER", "on")
        stack.enter_context(ended(simulator))
        wait_until(lambda: simulator.says(r"listening on .*:(\d+)"))
        port = int(simulator.says(r"listening on .*:(\d+)")[1])
        gateway = make_gateway(port=port, rate=200, window=5, bind_slots=4)
        numbers = [a_number(index) for index in range(1200)]
        member = make_sender(daily_segment_limit=10_000)
        task = press_send(make_task(member, TaskState.READY, numbers=numbers, gateway=gateway))
        folders = [make_var(_made(tmp_path / f"host-{number}")) for number in (0, 1)]
        workers = [SendWorker(folder) for folder in folders]
        for worker in workers:
            stack.enter_context(ended(worker))
        wait_until(lambda: shares() == [2, 2] and bound() == 4)
        wait_until(lambda: simulator.accepted_count() > 100)
        workers[0].kill()
        # Its host comes back, with the journal that proves what had left.
        workers.append(SendWorker(folders[0], 1))
        stack.enter_context(ended(workers[-1]))
        wait_until(lambda: SendTask.objects.get(pk=task.pk).state == TaskState.FINISHED)
        wait_until(lambda: not Batch.objects.exists())
        assert [worker.stop() for worker in workers[1:]] == [0, 0]
    sent = Tally("+" + line.destination_addr for line in simulator.accepted())
    assert [number for number, times in sent.items() if times > 1] == []
    doubtful = set(Message.objects.filter(state="IN_DOUBT").values_list("msisdn", flat=True))
    assert not set(numbers) - sent.keys() - doubtful, "lost"
