"""A backup that is restored in mid-campaign, with senders at work: everybody gets one message."""

from collections import Counter as Tally
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.held import is_held
from accounts.models import Rest
from sending.delivery.held import comparison, reading, release
from sending.delivery.sender.manager import SenderManager
from sending.delivery.sender.marks import Watcher
from sending.models import Batch, Message
from sending.tests.delivery.fakes import FakeCarrier, a_sending_task
from sending.tests.delivery.held.going_back import Backup
from sending.tests.factories import a_number, counted, make_gateway
from sending.tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ALL = 520
# Seconds that nothing reaches when all goes well, however slow the machine is.
PATIENCE = 120.0


@pytest.fixture
def run(tmp_path):
    """Start senders that read their journals while the console is held."""
    started = []

    def start(carrier):
        manager = SenderManager(tmp_path, carrier.build, while_held=reading.report)
        started.append((manager, carrier))
        manager.start()
        return manager

    yield start
    for manager, carrier in started:
        manager.stop()
        carrier.cut()
        assert manager.join(PATIENCE)


def due(batch):
    Batch.objects.filter(pk=batch).update(due_at=timezone.now())


def test_nobody_gets_a_message_twice(run, tmp_path):
    carrier = FakeCarrier()
    gateway = make_gateway(rate=100_000, window=10)
    a_sending_task(ALL, gateway=gateway)
    _large, small = Batch.objects.order_by("pk").values_list("pk", flat=True)
    Batch.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert not Watcher(tmp_path).look()
    backup = Backup()
    manager = run(carrier)
    due(small)
    wait_until(lambda: Tally(Message.objects.values_list("state"))[("SUBMITTED",)] == ALL - 500)
    manager.stop()
    assert manager.join(PATIENCE)
    backup.restore()
    Batch.objects.update(due_at=timezone.now())
    run(carrier)
    wait_until(is_held)
    wait_until(lambda: (known := comparison.compare()) and known.is_complete)
    assert len(carrier.numbers()) == ALL - 500, "nothing leaves while it is held"
    assert counted() == {"QUEUED": 500, "SUBMITTED": ALL - 500}
    release.release(None, Rest.QUEUED)
    while release.go_on():
        pass
    wait_until(lambda: counted() == {"SUBMITTED": ALL})
    assert Tally(carrier.numbers()) == Tally(a_number(n) for n in range(ALL))
