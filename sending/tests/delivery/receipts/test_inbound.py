"""What handsets send is on disk when it is acknowledged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.delivery.receipts import inbox
from sending.gateways.smpp.inbound import read_inbound
from sending.models import InboundSegment, ReceiptInbox
from sending.smpp.pdu import DeliverSm
from sending.smpp.tlv import Tag
from sending.tests.factories import make_gateway

HEADER = b"\x05\x00\x03\x2a\x02\x01"


@pytest.mark.django_db
def test_a_message_is_stored_as_it_came(caplog):
    gateway = make_gateway()
    octets = HEADER + "停止\0".encode("utf-16-be")
    sent = DeliverSm("85266661234", "900\0", octets, esm_class=0x40, data_coding=8)
    with caplog.at_level("INFO"):
        inbox.store(gateway, [read_inbound(sent)])
    row = InboundSegment.objects.get()
    assert (row.gateway_id, row.source, row.destination) == (gateway.pk, "85266661234", "900")
    assert (bytes(row.octets), row.text) == (octets, "停止")
    assert (row.reference, row.segments, row.segment) == (0x2A, 2, 1)
    assert not ReceiptInbox.objects.exists()
    assert "85266661234" not in caplog.text
    assert "停止" not in caplog.text


@pytest.mark.parametrize(
    ("octets", "data_coding", "text"),
    [(b"STOP", 0, "STOP"), (b"caf\xe9", 3, "café"), ("стоп".encode("utf-16-be"), 8, "стоп")],
)
def test_its_text_is_of_its_alphabet(octets, data_coding, text):
    assert read_inbound(DeliverSm("1", "2", octets, data_coding=data_coding)).text == text


def test_segments_may_be_told_by_tlvs_and_the_text_be_a_payload():
    tlvs = {
        Tag.sar_msg_ref_num: b"\1\2",
        Tag.sar_total_segments: b"\3",
        Tag.sar_segment_seqnum: b"\2",
        Tag.message_payload: b"STOP",
    }
    found = read_inbound(DeliverSm("1", "2", b"", tlvs=tlvs))
    assert (found.reference, found.segments, found.segment, found.text) == (258, 3, 2, "STOP")


@given(st.binary(max_size=300), st.integers(0, 255), st.integers(0, 255))
def test_any_octets_are_kept(octets, esm_class, data_coding):
    sent = DeliverSm("1", "2", octets, esm_class=esm_class, data_coding=data_coding)
    assert read_inbound(sent).octets == octets
