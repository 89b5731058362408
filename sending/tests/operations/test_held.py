"""The page of a console that is held, and what machines and the page of gateways say of it."""

import pytest

from accounts import held
from accounts.models import AuditEntry, HeldBecause, Standing
from sending import tasks
from sending.models import Message
from sending.tests.delivery.fakes import a_sending_task

pytestmark = pytest.mark.django_db


def test_held(operator, gateway):
    page = operator.get("/operations/held/").content.decode()
    assert "The console is not held" in page
    a_sending_task(2, gateway=gateway)
    held.hold(HeldBecause.RESTORED, made_at="2026-06-01T12:00:00+00:00")
    page = operator.get("/operations/held/").content.decode()
    assert "any of which may have left: 2." in page
    assert "Compare and release" in operator.get("/operations/").content.decode()


def test_an_operator_releases_it(operator, gateway):
    a_sending_task(2, gateway=gateway)
    held.hold(HeldBecause.RESTORED)
    answer = operator.post("/operations/held/", {}).content.decode()
    assert "Choose what to do with the messages in the queue." in answer
    assert operator.post("/operations/held/", {"rest": "doubt"}).status_code == 302
    tasks.sweep()
    assert not Standing.current().is_held
    assert set(Message.objects.values_list("state", flat=True)) == {"IN_DOUBT"}
    entry = AuditEntry.objects.get(action="console.released")
    assert entry.actor is not None
    assert entry.details["rest"] == "doubt"


def test_while_it_is_held_the_sweep_leaves_the_queue_alone(gateway):
    task = a_sending_task(1, gateway=gateway)
    type(task).objects.update(validity_minutes=0)
    held.hold(HeldBecause.RESTORED)
    tasks.sweep()
    assert Message.objects.get().state == "QUEUED", "it may have been sent: it did not expire"


def test_machines_are_told(client, settings):
    settings.METRICS_TOKEN = "token-of-metrics"
    held.hold(HeldBecause.COPIED)
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["held"] == {"ok": False, "detail": "copied"}
    figures = client.get("/metrics", headers={"Authorization": "Bearer token-of-metrics"})
    assert "smsconsole_held 1.0" in figures.content.decode()
