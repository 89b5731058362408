"""Texts of several segments, however a client cuts them."""

from datetime import timedelta

import pytest

from accounts import shared_time
from sending.lifecycle import MessageState
from sending.models import Message, SmppAccount, SmppPart, SmppReceipt
from sending.smpp.tlv import Tag
from sending.smpp_server import parts
from sending.sms import alphabet
from sending.sms.udh import Concatenation, encode
from sending.tests.smpp_server.ends import end
from sending.tests.smpp_server.running import Client, running, submit_sm
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
# A euro, two septets, lies across the edges at 153 and 306.
LONG = "Stores close early. " * 7 + "From now 12€ or [12] or {1}~^ " + "See you on Friday. " * 8
VALUE = "x"
TEXT = LONG.replace("{1}", VALUE)


@pytest.fixture
def long_text(program):
    return approved_template(program.organization, LONG, SmsType.NOTIFICATION)


def cut(octets, size):
    return [octets[at : at + size] for at in range(0, len(octets), size)]


def by_udh8(pieces, **fields):
    total = len(pieces)
    return [
        submit_sm(encode(Concatenation(7, total, nth)) + piece, esm_class=0x40, **fields)
        for nth, piece in enumerate(pieces, 1)
    ]


def by_udh16(pieces, **fields):
    total = len(pieces)
    return [
        submit_sm(
            encode(Concatenation(700, total, nth, wide=True)) + piece, esm_class=0x43, **fields
        )
        for nth, piece in enumerate(pieces, 1)
    ]


def by_sar(pieces, **fields):
    total = len(pieces)
    return [
        submit_sm(
            piece,
            tlvs={
                Tag.sar_msg_ref_num: b"\x02\xbc",
                Tag.sar_total_segments: bytes([total]),
                Tag.sar_segment_seqnum: bytes([nth]),
            },
            **fields,
        )
        for nth, piece in enumerate(pieces, 1)
    ]


def by_payload(pieces, **fields):
    return [submit_sm("", tlvs={Tag.message_payload: b"".join(pieces)}, **fields)]


@pytest.mark.parametrize("way", [by_udh8, by_udh16, by_sar, by_payload])
def test_each_way_to_cut_a_text_comes_to_one_message(client, long_text, way):
    # 152 lies within an escape and what it escapes.
    octets = alphabet.encode(TEXT)
    size = octets.index(alphabet.encode("€")) + 1
    assert octets[size - 1] == 0x1B
    answers = client.ask_all(way(cut(octets, size)))
    assert {answer.command_status for answer in answers} == {0}
    ids = [int(answer.body.message_id) for answer in answers]
    assert len(set(ids)) == len(ids)
    message = Message.objects.get()
    assert message.variables == f'["{VALUE}"]'
    assert set(SmppPart.objects.values_list("message_id", flat=True)) == {message.pk}
    assert not any(bytes(one) for one in SmppPart.objects.values_list("octets", flat=True))


def test_an_emoji_across_an_edge(client, program):
    text = "你好，朋友。" * 11 + "a👋 再见"
    approved_template(program.organization, text, SmsType.NOTIFICATION)
    octets = text.encode("utf-16-be")
    at = text.index("👋") * 2 + 2
    answers = client.ask_all(by_udh8([octets[:at], octets[at:]], data_coding=8))
    assert {answer.command_status for answer in answers} == {0}
    assert Message.objects.get().data_coding == 8


def test_segments_come_in_any_order_by_any_bind_over_a_restart(account, long_text):
    pdus = by_udh8(cut(alphabet.encode(TEXT), 140))
    with running(instance="first") as server, Client(server.port) as client:
        client.bind()
        assert client.ask(pdus[-1]).command_status == 0
    with running(instance="second") as server, Client(server.port) as one:
        one.bind()
        with Client(server.port) as other:
            other.bind()
            for pdu in pdus[:-2]:
                assert other.ask(pdu).command_status == 0
            assert not Message.objects.exists()
        assert one.ask(pdus[-2]).command_status == 0
    assert Message.objects.count() == 1


def test_a_segment_that_comes_again_is_the_same_one(client, long_text):
    pdus = by_udh8(cut(alphabet.encode(TEXT), 140))
    first, again = client.ask(pdus[0]), client.ask(pdus[0])
    assert first.body.message_id == again.body.message_id
    client.ask_all(pdus[1:])
    assert Message.objects.count() == 1
    assert SmppPart.objects.count() == len(pdus)


def test_each_part_that_asks_gets_a_receipt_with_its_own_id(client, long_text):
    pdus = by_udh8(cut(alphabet.encode(TEXT), 140))
    pdus[1].registered_delivery = 0
    ids = [int(answer.body.message_id) for answer in client.ask_all(pdus)]
    end([Message.objects.get().pk])
    found = client.wait_for(len(pdus) - 1)
    told = [int(one.tlvs[Tag.receipted_message_id].rstrip(b"\0")) for one in found]
    assert told == [ids[0], *ids[2:]]


def test_an_account_may_want_only_the_last(server, account, long_text):
    SmppAccount.objects.update(receipts_of="LAST_PART")
    with Client(server.port) as client:
        client.bind()
        answers = client.ask_all(by_udh8(cut(alphabet.encode(TEXT), 140)))
        end([Message.objects.get().pk])
        client.wait_for(1)
        told = [one.tlvs[Tag.receipted_message_id] for one in client.delivered]
    assert told == [answers[-1].body.message_id.encode() + b"\0"]


def test_a_text_that_is_not_approved_is_refused_with_its_last_part(client):
    pdus = by_udh8(cut(b"Nobody approved this. " * 20, 140))
    answers = [client.ask(pdu) for pdu in pdus]
    assert [answer.command_status for answer in answers] == [0] * (len(pdus) - 1) + [0x402]
    found = client.wait_for(len(pdus) - 1)
    assert all(b"stat:REJECTD err:902" in one.short_message for one in found)
    assert set(SmppPart.objects.values_list("state", "code")) == {("FAILED", "TEXT_REFUSED")}


def test_a_segment_that_never_comes_fails_the_others(client, long_text):
    first, *_others = by_udh8(cut(alphabet.encode(TEXT), 140))
    client.ask(first)
    SmppPart.objects.update(at=shared_time.now() - parts.PATIENCE - timedelta(seconds=1))
    assert parts.fail_overdue() == 1
    (receipt,) = client.wait_for(1)
    assert b"stat:REJECTD err:901" in receipt.short_message
    assert not SmppPart.objects.exclude(octets=b"").exists()
    assert not Message.objects.exists()


def test_a_reference_that_is_used_again_begins_another_text(client, program, account):
    program.limit(repeat_seconds=0)
    approved_template(program.organization, "A" * 200 + "B" * 80, SmsType.NOTIFICATION)
    stale, _second = by_udh8(cut(b"Z" * 200, 140), registered_delivery=0)
    client.ask(stale)
    answers = client.ask_all(by_udh8(cut(b"A" * 200 + b"B" * 80, 140)))
    assert {answer.command_status for answer in answers} == {0}
    assert Message.objects.count() == 1
    assert SmppPart.objects.filter(state="FAILED", code="PARTS_MISSING").count() == 1


def test_more_segments_than_a_text_may_have_are_refused_at_once(client):
    pdu = submit_sm(encode(Concatenation(7, 11, 1)) + b"x", esm_class=0x40)
    assert client.ask(pdu).command_status == 0x01
    assert not SmppPart.objects.exists()


def test_receipts_of_failed_parts_are_only_for_who_asked(client, long_text):
    first, *_others = by_udh8(cut(alphabet.encode(TEXT), 140), registered_delivery=0)
    client.ask(first)
    parts.fail(SmppPart.objects.all(), "PARTS_MISSING")
    assert not SmppReceipt.objects.filter(state=MessageState.REJECTED.value).exists()
