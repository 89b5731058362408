"""What machines are told: /readyz and /metrics."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from sending import tasks
from sending.lifecycle import Lane, TaskState
from sending.models import Batch, BindSlot, Gateway, LiveWorker, Message, SendTask, WorkerKind
from sending.models.stepping import step_task
from sending.operations import readiness
from sending.tests.factories import make_sender, make_task
from sending.tests.operations.rows import bind, submit

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def ask(client: Client) -> tuple[int, set[str]]:
    """Return the status and the names of the checks that fail."""
    response = client.get("/readyz")
    found = response.json()["checks"]
    return response.status_code, {name for name, check in found.items() if not check["ok"]}


@pytest.fixture
def running(gateway: Gateway) -> Gateway:
    """Workers that have just shown themselves."""
    LiveWorker.beat(WorkerKind.WORK)
    LiveWorker.beat(WorkerKind.CHECK)
    bind(gateway)
    return gateway


def test_it_is_ready_when_all_work(running: Gateway, client: Client) -> None:
    assert ask(client) == (200, set())


def test_the_sweep_is_the_heartbeat_of_the_work_worker(db: None) -> None:
    tasks.sweep()
    assert timezone.now() - LiveWorker.objects.get().beat_at < timedelta(minutes=1)


def test_silent_workers_are_found(gateway: Gateway, client: Client) -> None:
    assert ask(client) == (503, {"work_worker", "check_worker", "send_worker"})
    with time_machine.travel(NOON, tick=False) as clock:
        LiveWorker.beat(WorkerKind.WORK)
        LiveWorker.beat(WorkerKind.CHECK)
        slot = bind(gateway)
        clock.shift(60)
        assert ask(client) == (200, set())
        clock.shift(1)
        assert ask(client) == (503, {"work_worker", "check_worker", "send_worker"})
        BindSlot.objects.filter(pk=slot.pk).update(heartbeat_at=timezone.now())
        assert ask(client) == (503, {"work_worker", "check_worker"})


def test_who_reads_a_file_is_alive(running: Gateway, client: Client) -> None:
    LiveWorker.objects.filter(kind=WorkerKind.CHECK.value).delete()
    assert ask(client) == (503, {"check_worker"})
    make_task(make_sender(), TaskState.CHECKING, check_beat_at=timezone.now())
    assert ask(client) == (200, set())


def test_without_gateways_no_sender_is_missed(db: None, client: Client) -> None:
    LiveWorker.beat(WorkerKind.WORK)
    LiveWorker.beat(WorkerKind.CHECK)
    assert ask(client) == (200, set())


def test_a_missing_migration_is_found(running: Gateway, client: Client) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="sending").delete()
    assert ask(client) == (503, {"migrations"})


def test_a_database_that_does_not_answer_is_found(
    running: Gateway, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise OperationalError("connection refused at 10.1.2.3")

    monkeypatch.setattr(readiness, "unapplied_migrations", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "10.1.2.3" not in response.content.decode()


@pytest.fixture
def overdue(running: Gateway, task: SendTask) -> Batch:
    """A batch that is due for six minutes, while the gateway moved nothing."""
    Batch.objects.update(due_at=timezone.now() - timedelta(minutes=6))
    return Batch.objects.get()


def test_an_overdue_batch_is_found(overdue: Batch, client: Client) -> None:
    assert ask(client) == (503, {"oldest_batch"})
    Batch.objects.update(due_at=timezone.now() - timedelta(minutes=4))
    assert ask(client) == (200, set())


def test_a_large_task_that_moves_is_not_overdue(
    overdue: Batch, messages: list[Message], client: Client
) -> None:
    submit(messages[0], 30)
    assert ask(client) == (200, set())
    Batch.objects.update(lane=Lane.OTP.value)
    assert ask(client) == (503, {"oldest_batch"})


def test_an_open_claim_is_a_move(overdue: Batch, client: Client) -> None:
    Batch.objects.create(
        organization_id=1, gateway=overdue.gateway, lane="BULK", owner="journal",
        due_at=overdue.due_at, claimed_at=timezone.now(), ids=[1],
    )  # fmt: skip
    assert ask(client) == (200, set())


def test_what_waits_by_decision_is_not_overdue(
    overdue: Batch, task: SendTask, client: Client
) -> None:
    step_task(TaskState.PAUSED, task.pk)
    assert ask(client) == (200, set())
    step_task(TaskState.SENDING, task.pk)
    assert ask(client) == (503, {"oldest_batch"})
    Gateway.objects.update(mode=Gateway.Mode.STOPPED)
    assert ask(client) == (200, set())


# --- /metrics -------------------------------------------------------------------------------------


def test_metrics_need_a_token_or_an_operator(
    running: Gateway, client: Client, settings: object, operator: Client
) -> None:
    assert operator.get("/metrics").status_code == 200
    client = Client()
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-long-token"  # type: ignore[attr-defined]
    for header in ("", "Bearer ", "Bearer wrong", "a-long-token", "Bearer ü"):
        assert client.get("/metrics", headers={"Authorization": header}).status_code == 401
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-long-token"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")


def test_the_figures_are_those_of_the_page(
    running: Gateway, messages: list[Message], operator: Client
) -> None:
    for message in messages[:3]:
        submit(message)
    families = text_string_to_metric_families(operator.get("/metrics").content.decode())
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }
    assert found["smsconsole_gateway_submits_per_second", "hk-direct-1"] == pytest.approx(0.3)
    assert found["smsconsole_queue_messages", "BULK", "hk-direct-1"] == 5
    assert found["smsconsole_gateway_bound", "hk-direct-1"] == 1
    assert found["smsconsole_ready", "database"] == 1
