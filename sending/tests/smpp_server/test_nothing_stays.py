"""What is kept for clients leaves in time, and a number leaves when it is to be erased."""

from datetime import timedelta

import pytest

from accounts import shared_time
from sending.models import SmppPart, SmppRefusal
from sending.models.message import first_id_at
from sending.retention import number_erasure
from sending.retention.messages import erase_block
from sending.retention.number_export import export
from sending.smpp_server import housekeeping
from sending.tests.factories import PLAIN_BODY
from sending.tests.smpp_server.ends import end
from sending.tests.smpp_server.running import submit_sm

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "+85261234567"


def ended(client):
    ids = [int(client.submit(PLAIN_BODY, registered_delivery=0).body.message_id)]
    end(ids)
    return ids


def test_addresses_leave_with_the_number_of_the_message(client):
    erase_block(ended(client))
    part = SmppPart.objects.get()
    assert (part.destination_addr, part.source_addr, part.shown) == ("", "", "")


def test_a_number_is_exported_and_erased_wherever_a_client_wrote_it(client, program):
    client.submit(PLAIN_BODY, registered_delivery=0)
    client.ask(submit_sm(b"\5\0\3\7\2\1Hello", esm_class=0x40))
    assert len(export(NUMBER, program.organization)["smpp"]) == 2
    erasure = number_erasure.request(msisdn=NUMBER, organization=program.organization, actor=None)
    assert number_erasure.run(erasure.pk)
    assert not SmppPart.objects.exclude(destination_addr="").exists()
    assert not SmppPart.objects.filter(state="WAITING").exists()


def test_old_parts_and_refusals_are_deleted(client, account):
    ended(client)
    SmppRefusal.objects.create(
        organization_id=account.organization_id,
        account_id=account.pk,
        status=0x402,
        code="TEXT_UNMATCHED",
        at=shared_time.now() - timedelta(days=8),
    )
    old = first_id_at(shared_time.now() - timedelta(days=32))
    SmppPart.objects.update(id=old)
    housekeeping.clear()
    assert not SmppPart.objects.exists()
    assert not SmppRefusal.objects.exists()
