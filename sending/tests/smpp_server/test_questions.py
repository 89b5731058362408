"""query_sm, cancel_sm and replace_sm."""

import re

import pytest

from sending.lifecycle import MessageState
from sending.models import Message, SmppPart, SmppReceipt
from sending.models.stepping import step
from sending.smpp.operations import CancelSm, QuerySm, ReplaceSm
from sending.smpp.pdu import Empty
from sending.tests.factories import CODE_BODY, PLAIN_BODY
from sending.tests.smpp_server.accounts import make_account
from sending.tests.smpp_server.ends import end
from sending.tests.smpp_server.running import Client
from templates_app import wording

pytestmark = pytest.mark.django_db(transaction=True)
CODE = wording.parse(CODE_BODY).render(("482913", "5"))


def test_what_became_of_a_message(client):
    message_id = client.submit(PLAIN_BODY).body.message_id
    before = client.ask(QuerySm(message_id)).body
    assert (before.message_id, before.message_state, before.final_date) == (message_id, 1, "")
    end([int(message_id)], MessageState.UNDELIVERABLE, "027")
    after = client.ask(QuerySm(message_id)).body
    assert (after.message_state, after.error_code) == (5, 27)
    assert re.fullmatch(r"\d{12}\d00\+", after.final_date)


@pytest.mark.parametrize("message_id", ["", "abc", "1", "0" * 18, "9" * 30, "-5", "²"])
def test_ids_that_are_none_of_ours(client, message_id):
    assert client.ask(QuerySm(message_id)).command_status == 0x67
    assert client.ask(CancelSm(message_id)).command_status == 0x11


def test_what_belongs_to_another_account_is_unknown(server, program, account):
    make_account(program.application, "other")
    with Client(server.port) as client, Client(server.port) as other:
        client.bind()
        other.bind("other")
        message_id = client.submit(PLAIN_BODY).body.message_id
        assert other.ask(QuerySm(message_id)).command_status == 0x67
        assert other.ask(CancelSm(message_id)).command_status == 0x11
        assert other.ask(ReplaceSm(message_id, "", CODE.encode())).command_status == 0x13
    assert Message.objects.get().state == "QUEUED"


def test_a_message_that_waits_is_cancelled_once(client):
    message_id = client.submit(PLAIN_BODY).body.message_id
    assert client.ask(CancelSm(message_id)).command_status == 0
    assert client.ask(CancelSm(message_id)).command_status == 0x11
    assert client.ask(QuerySm(message_id)).body.message_state == 4


def test_what_has_left_is_not_cancelled(client):
    message_id = client.submit(PLAIN_BODY).body.message_id
    step(MessageState.SUBMITTING, [int(message_id)])
    assert client.ask(CancelSm(message_id)).command_status == 0x11


def test_all_from_an_address_to_a_number_are_cancelled(client):
    source = {"source_addr": "Harbourline", "source_addr_ton": 5}
    client.submit(PLAIN_BODY, **source)
    client.submit(CODE, **source)
    client.submit(CODE, "85261234568", **source)
    wanted = CancelSm(source_addr="Harbourline", destination_addr="85261234567")
    assert client.ask(wanted).command_status == 0
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["CANCELLED", "CANCELLED", "QUEUED"]


def test_a_text_is_replaced_under_the_id_that_the_client_knows(client):
    message_id = client.submit(PLAIN_BODY).body.message_id
    answer = client.ask(ReplaceSm(message_id, "", CODE.encode(), registered_delivery=1))
    assert (answer.command_status, answer.body) == (0, Empty(answer.command_id))
    old, new = Message.objects.order_by("pk")
    assert (old.state, new.state) == ("CANCELLED", "QUEUED")
    assert SmppPart.objects.get().message_id == new.pk
    # Nobody is told that the old text was deleted.
    assert not SmppReceipt.objects.exists()
    end([new.pk])
    (receipt,) = client.wait_for(1)
    assert receipt.short_message.startswith(f"id:{message_id} ".encode())


def test_a_text_that_is_not_approved_replaces_nothing(client):
    message_id = client.submit(PLAIN_BODY).body.message_id
    answer = client.ask(ReplaceSm(message_id, "", b"Nobody approved this."))
    assert answer.command_status == 0x402
    assert Message.objects.get().state == "QUEUED"


def test_what_has_left_is_not_replaced(client):
    message_id = client.submit(PLAIN_BODY).body.message_id
    step(MessageState.SUBMITTING, [int(message_id)])
    assert client.ask(ReplaceSm(message_id, "", CODE.encode())).command_status == 0x13
    assert Message.objects.count() == 1
