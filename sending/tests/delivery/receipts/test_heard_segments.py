"""What receipts of a long message show of their gateway, whatever is set."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from sending.delivery.queue.expiry import give_up_receipts
from sending.delivery.receipts import inbox
from sending.models import SendTask
from sending.tests.delivery.fakes import receipt
from sending.tests.delivery.receipts.submitted import a_long_task, states, submit
from sending.tests.factories import make_gateway

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway():
    return make_gateway(rate=1000)


def test_two_segments_with_receipts_show_that_one_does_not_cover_the_whole(gateway):
    gateway.receipts_per_segment = False
    gateway.save()
    a_long_task()
    submit(gateway, [["id-1", "id-2"]])
    inbox.store(gateway, [receipt("id-1"), receipt("id-2", state="UNDELIVERABLE")])
    inbox.apply_due()
    assert states() == ["UNDELIVERABLE"]
    gateway.refresh_from_db()
    assert gateway.segment_receipts_at


def test_after_that_a_long_text_waits_for_each_segment(gateway):
    gateway.receipts_per_segment = False
    gateway.segment_receipts_at = timezone.now()
    gateway.save()
    a_long_task()
    submit(gateway, [["id-1", "id-2"]])
    inbox.store(gateway, [receipt("id-1")])
    inbox.apply_due()
    assert states() == ["SUBMITTED"]
    inbox.store(gateway, [receipt("id-2")])
    inbox.apply_due()
    assert states() == ["DELIVERED"]


def test_one_receipt_twice_shows_nothing(gateway):
    gateway.receipts_per_segment = False
    gateway.save()
    a_long_task()
    submit(gateway, [["id-1", "id-2"]])
    inbox.store(gateway, [receipt("id-2"), receipt("id-2")])
    inbox.apply_due()
    assert states() == ["DELIVERED"]
    gateway.refresh_from_db()
    assert gateway.segment_receipts_at is None


@pytest.mark.parametrize(("heard", "is_noted"), [([], False), (["id-2"], True)])
def test_a_long_text_given_up_after_the_receipt_of_one_segment_is_noted(gateway, heard, is_noted):
    a_long_task()
    submit(gateway, [["id-1", "id-2"]])
    inbox.store(gateway, [receipt(name) for name in heard])
    inbox.apply_due()
    SendTask.objects.update(sent_at=timezone.now())
    later = timezone.now() + timedelta(hours=settings.RECEIPT_WAIT_HOURS + 1)
    with time_machine.travel(later, tick=False):
        assert give_up_receipts() == 1
    assert states() == ["UNKNOWN"]
    gateway.refresh_from_db()
    assert bool(gateway.lone_receipt_at) == is_noted
