"""A number suppressed after the check is still not sent to."""

import pytest

from sending.delivery.queue.claims import claim
from sending.models import Attention, Suppression
from sending.tests.delivery.fakes import a_sending_task
from sending.tests.factories import make_gateway, make_messages, make_sender

pytestmark = pytest.mark.django_db


def test_a_claim_blocks_what_was_suppressed_meanwhile():
    gateway = make_gateway(rate=1000)
    task = a_sending_task(3)
    first, second, third = make_messages(task)
    Suppression.objects.create(organization=task.organization, msisdn=second.msisdn)
    # What another organization suppressed is its own business.
    Suppression.objects.create(organization=make_sender().organization, msisdn=third.msisdn)
    claimed = claim(gateway, "journal-1", 500)
    assert [item.key.message_id for item in claimed.outgoing] == [first.pk, third.pk]
    second.refresh_from_db()
    assert (second.state, second.code, second.said_by) == ("BLOCKED", "SUPPRESSED", "US")
    assert Attention.objects.get(message_id=second.pk).state == "BLOCKED"


def test_a_batch_of_suppressed_numbers_only_leaves_the_queue():
    gateway = make_gateway(rate=1000)
    task = a_sending_task(1)
    (message,) = make_messages(task)
    Suppression.objects.create(organization=task.organization, msisdn=message.msisdn)
    assert not claim(gateway, "journal-1", 500).open
