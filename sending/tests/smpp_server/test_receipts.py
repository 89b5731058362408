"""Receipts wait for their client, go to it in its window, and leave when it has taken them."""

import re
from datetime import timedelta

import pytest

from accounts import shared_time
from sending.lifecycle import MessageState
from sending.models import Message, SmppAccount, SmppBind, SmppPart, SmppReceipt, smpp_receipt
from sending.smpp.commands import CommandId
from sending.smpp.tlv import Tag
from sending.smpp_server import outbox
from sending.tests.factories import CODE_BODY, PLAIN_BODY
from sending.tests.smpp_server.ends import end
from sending.tests.smpp_server.running import Client, running, submit_sm
from sending.tests.waiting import wait_until
from templates_app import wording

USUAL_PAUSE = smpp_receipt._AFTER_ANSWER
pytestmark = pytest.mark.django_db(transaction=True)
# Kannel's order of fields, with the lengths that Cloudhopper and Jasmin ask for.
FORM = re.compile(
    r"id:(\d{15,19}) sub:001 dlvrd:(00[01]) submit date:(\d{10}) done date:(\d{10})"
    r" stat:([A-Z]{7}) err:(\d{3}) text:(.{0,20})"
)


def submitted(client, count, **fields):
    answers = client.ask_all(
        [submit_sm(PLAIN_BODY, f"8526123{n:04}", **fields) for n in range(count)]
    )
    assert {answer.command_status for answer in answers} == {0}
    return [int(answer.body.message_id) for answer in answers]


def test_a_receipt_as_every_client_reads_it(client):
    sent = client.submit(
        PLAIN_BODY,
        source_addr="Harbourline",
        source_addr_ton=5,
        tlvs={Tag.user_message_reference: b"\x12\x34"},
    )
    end([int(sent.body.message_id)])
    (receipt,) = client.wait_for(1)
    found = FORM.fullmatch(receipt.short_message.decode("ascii"))
    message_id, dlvrd, _submitted, _done, state, error, text = found.groups()
    assert (message_id, dlvrd, state, error) == (sent.body.message_id, "001", "DELIVRD", "000")
    assert text == PLAIN_BODY[:20]
    assert (receipt.esm_class, receipt.data_coding) == (4, 0)
    assert (receipt.source_addr, receipt.source_addr_ton) == ("85261234567", 1)
    assert (receipt.destination_addr, receipt.dest_addr_ton) == ("Harbourline", 5)
    assert receipt.tlvs == {
        Tag.receipted_message_id: sent.body.message_id.encode() + b"\0",
        Tag.message_state: b"\x02",
        Tag.network_error_code: b"\x03\0\0",
        Tag.user_message_reference: b"\x12\x34",
    }
    wait_until(lambda: not SmppReceipt.objects.exists())


def test_a_receipt_of_a_code_repeats_nothing_of_it(client):
    sent = client.submit(wording.parse(CODE_BODY).render(("482913", "5")))
    end([int(sent.body.message_id)])
    (receipt,) = client.wait_for(1)
    assert receipt.short_message.endswith(b" text:")


@pytest.mark.parametrize(
    ("state", "code", "said"),
    [
        (MessageState.UNDELIVERABLE, "027", b"stat:UNDELIV err:027"),
        (MessageState.EXPIRED, "", b"stat:EXPIRED err:000"),
        (MessageState.REJECTED, "ESME_RINVDSTADR", b"stat:REJECTD err:999"),
        (MessageState.UNKNOWN, "NO_RECEIPT", b"stat:UNKNOWN err:909"),
    ],
)
def test_other_ends(client, state, code, said):
    end(submitted(client, 1), state, code)
    (receipt,) = client.wait_for(1)
    assert said in receipt.short_message
    assert b"dlvrd:000" in receipt.short_message


@pytest.mark.parametrize(
    ("registered", "state", "count"),
    [
        (0, MessageState.DELIVERED, 0),
        (0, MessageState.UNDELIVERABLE, 0),
        (1, MessageState.DELIVERED, 1),
        (1, MessageState.UNDELIVERABLE, 1),
        (2, MessageState.DELIVERED, 0),
        (2, MessageState.UNDELIVERABLE, 1),
        (3, MessageState.DELIVERED, 1),
        (3, MessageState.UNDELIVERABLE, 0),
        (0x11, MessageState.DELIVERED, 1),
    ],
)
def test_only_who_asked_gets_one(server, account, registered, state, count):
    with Client(server.port) as client:
        client.bind(command=CommandId.bind_transmitter)
        end(submitted(client, 1, registered_delivery=registered), state)
    assert SmppReceipt.objects.count() == count


def test_one_is_due_when_the_answer_has_surely_left(client, monkeypatch):
    monkeypatch.setattr(smpp_receipt, "_AFTER_ANSWER", USUAL_PAUSE)
    client.answers = None
    end(submitted(client, 1))
    part, receipt = SmppPart.objects.get(), SmppReceipt.objects.get()
    assert receipt.due_at == part.at + timedelta(seconds=1)


def test_none_is_owed_to_messages_of_other_doors(program):
    program.send(program.wants())
    end(Message.objects.values_list("pk", flat=True))
    assert not SmppReceipt.objects.exists()


def test_fifty_are_outstanding_the_client_dies_and_gets_all_when_it_comes_back(server, account):
    with Client(server.port, answers=None) as client:
        client.bind()
        ids = submitted(client, 50)
        end(ids)
        client.wait_for(50)
        # It never answered one.
    wait_until(lambda: not SmppBind.objects.exists())
    assert SmppReceipt.objects.count() == 50
    with Client(server.port) as again:
        again.bind(command=CommandId.bind_receiver)
        found = again.wait_for(50)
        wait_until(lambda: not SmppReceipt.objects.exists())
    told = [int(one.tlvs[Tag.receipted_message_id].rstrip(b"\0")) for one in found]
    assert told == ids


def test_the_server_restarts_and_none_comes_twice_and_none_is_lost(account):
    with running(instance="first") as first, Client(first.port) as client:
        client.bind()
        ids = submitted(client, 40)
        end(ids)
        client.wait_for(5)
        first.stop()
        got = list(client.delivered)
    with running(instance="second") as second, Client(second.port) as client:
        client.bind()
        client.wait_for(40 - len(got))
        wait_until(lambda: not SmppReceipt.objects.exists())
        got += client.delivered
    told = [int(one.tlvs[Tag.receipted_message_id].rstrip(b"\0")) for one in got]
    assert sorted(told) == ids


def test_they_go_to_any_bind_that_receives(server, account):
    with Client(server.port) as transmitter, Client(server.port) as receiver:
        transmitter.bind(command=CommandId.bind_transmitter)
        receiver.bind(command=CommandId.bind_receiver)
        end(submitted(transmitter, 3))
        receiver.wait_for(3)
        assert not transmitter.delivered


def test_a_client_that_is_busy_gets_it_later_and_it_does_not_count(server, account):
    with Client(server.port, answers=0x14) as client:
        client.bind()
        end(submitted(client, 1))
        client.wait_for(1)
        wait_until(lambda: SmppReceipt.objects.filter(error="0x00000014").exists())
        assert SmppReceipt.objects.get().attempts == 0
        client.answers = 0
        client.wait_for(2)
        wait_until(lambda: not SmppReceipt.objects.exists())


def test_what_is_refused_three_times_is_a_dead_letter_until_somebody_pushes_it_again(
    server, account, monkeypatch
):
    monkeypatch.setattr(outbox, "REFUSED_AGAIN", timedelta(milliseconds=20))
    with Client(server.port, answers=0x65) as client:
        client.bind()
        end(submitted(client, 1))
        wait_until(lambda: SmppReceipt.objects.dead().exists())
        assert len(client.delivered) == 3
        dead = SmppReceipt.objects.get()
        assert (dead.attempts, dead.error) == (3, "0x00000065")
        client.answers = 0
        assert outbox.push_again(account, [dead.pk]) == 1
        client.wait_for(4)
        wait_until(lambda: not SmppReceipt.objects.exists())


def test_what_is_not_fetched_in_time_is_forgotten(client, account):
    with_days = timedelta(days=account.keep_days)
    client.unbind()
    SmppReceipt.objects.create(
        organization_id=account.organization_id,
        account_id=account.pk,
        subject_id=1,
        message_id=1,
        state="DELIVERED",
        at=shared_time.now() - with_days,
        due_at=shared_time.now(),
    )
    assert outbox.forget(account, shared_time.now()) == 1


def test_what_was_erased_is_told_to_nobody(client):
    (pk,) = submitted(client, 1)
    SmppPart.objects.update(destination_addr="")
    end([pk])
    wait_until(lambda: not SmppReceipt.objects.exists())
    assert not client.delivered


def test_a_message_that_is_cancelled_has_a_receipt_too(client):
    from sending.smpp.operations import CancelSm

    (pk,) = submitted(client, 1)
    assert client.ask(CancelSm(str(pk))).command_status == 0
    (receipt,) = client.wait_for(1)
    assert b"stat:DELETED err:906" in receipt.short_message


def test_dates_are_of_the_zone_of_the_account(server, account):
    SmppAccount.objects.update(receipt_zone="Asia/Shanghai")
    with Client(server.port) as client:
        client.bind()
        (pk,) = submitted(client, 1)
        end([pk])
        (receipt,) = client.wait_for(1)
    hour = (Message.objects.get().created_at + timedelta(hours=8)).strftime("%y%m%d%H")
    assert f"submit date:{hour}".encode() in receipt.short_message
