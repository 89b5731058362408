"""Replies go to the accounts of their application that want them."""

import pytest
from django.db import transaction

from accounts import shared_time
from sending.models import SmppAccount, SmppReceipt
from sending.replies import recording
from sending.replies.assignment import assign
from sending.tests.factories import PLAIN_BODY
from sending.tests.smpp_server.ends import end
from sending.tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def reply(program, text):
    assigned = assign(program.gateway.pk, "85261234567", "", shared_time.now())
    with transaction.atomic():
        return recording.record(
            assigned,
            gateway_id=program.gateway.pk,
            originator="85299999",
            text=text,
            is_incomplete=False,
            received_at=shared_time.now(),
        )


@pytest.fixture
def sent(client):
    end([int(client.submit(PLAIN_BODY, registered_delivery=0).body.message_id)])


def test_a_reply_is_delivered_whole(client, program, sent):
    SmppAccount.objects.update(gets_replies=True)
    reply(program, "好的 " * 50)
    (pdu,) = client.wait_for(1)
    assert (pdu.esm_class, pdu.source_addr, pdu.destination_addr) == (0, "85261234567", "85299999")
    assert pdu.tlvs[0x0424].decode("utf-16-be") == "好的 " * 50
    wait_until(lambda: not SmppReceipt.objects.exists())


def test_an_account_that_wants_none_gets_none(client, program, sent):
    reply(program, "Yes")
    assert not SmppReceipt.objects.exists()
