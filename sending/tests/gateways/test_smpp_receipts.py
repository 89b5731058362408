"""deliver_sm to receipts: which are, what they say, who says it."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sending.gateways.smpp.receipts import read_receipt
from sending.smpp.pdu import DeliverSm
from sending.smpp.tlv import Tag
from sending.tests.smpp.strategies import short_messages

TEXT = (
    "id:0a1b sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 "
    "stat:DELIVRD err:000 text:Your code is 123456"
)


def deliver(text=TEXT, esm_class=4, source="85266661234", **tlvs):
    return DeliverSm(
        source,
        "Brand",
        text.encode("latin-1"),
        esm_class=esm_class,
        tlvs={int(Tag[name]): value for name, value in tlvs.items()},
    )


def test_a_receipt_is_read_whole_and_never_keeps_the_message():
    receipt = read_receipt(deliver())
    assert receipt.gateway_message_id == "0a1b"
    assert (receipt.msisdn, receipt.source) == ("+85266661234", "Brand")
    assert (receipt.message_state, receipt.error, receipt.said_by) == ("DELIVERED", "", "NETWORK")
    assert receipt.done_at == datetime(2026, 11, 22, 12, 1, tzinfo=UTC)
    assert receipt.raw.endswith("err:000 text:")
    assert "123456" not in receipt.raw
    assert "123456" not in repr(receipt)


@pytest.mark.parametrize(
    ("esm_class", "is_receipt"),
    [
        (0x00, False),
        (0x04, True),
        (0x08, True),
        (0x10, False),
        (0x20, True),
        (0x40, False),
        (0x44, True),
    ],
)
def test_esm_class_decides_not_the_text(esm_class, is_receipt):
    assert (read_receipt(deliver(esm_class=esm_class)) is not None) is is_receipt


def test_the_tlv_alone_makes_a_receipt():
    receipt = read_receipt(
        deliver("", esm_class=0, receipted_message_id=b"77\0", message_state=b"\x05")
    )
    assert (receipt.gateway_message_id, receipt.message_state) == ("77", "UNDELIVERABLE")


def test_the_text_may_come_as_message_payload():
    receipt = read_receipt(deliver("", message_payload=TEXT.encode()))
    assert (receipt.gateway_message_id, receipt.message_state) == ("0a1b", "DELIVERED")


@pytest.mark.parametrize(
    ("esm_class", "state", "said_by"),
    [
        (0x04, 2, "NETWORK"),
        (0x04, 5, "NETWORK"),
        (0x04, 6, "GATEWAY"),
        (0x20, 1, "GATEWAY"),
        (0x08, 2, "HANDSET"),
    ],
)
def test_who_said_so(esm_class, state, said_by):
    receipt = read_receipt(deliver(esm_class=esm_class, message_state=bytes([state])))
    assert receipt.said_by == said_by


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (0, "ENROUTE"),
        (1, "ENROUTE"),
        (4, "DELETED"),
        (8, "REJECTED"),
        (9, "DELETED"),
        (77, "DELIVERED"),
    ],
)
def test_states_are_those_of_3_4(number, state):
    receipt = read_receipt(deliver(message_state=bytes([number])))
    assert receipt.message_state == state


@pytest.mark.parametrize(
    ("source", "msisdn"),
    [
        ("85266661234", "+85266661234"),
        ("+85266661234", "+85266661234"),
        ("0085266661234", "+85266661234"),
        ("Brand", None),
        ("", None),
        ("1" * 20, None),
    ],
)
def test_the_msisdn_is_e164_or_unknown(source, msisdn):
    assert read_receipt(deliver(source=source)).msisdn == msisdn


@pytest.mark.parametrize(
    ("text", "gateway_message_id", "error"),
    [
        ("stat:DELIVRD", "", "RECEIPT_WITHOUT_ID"),
        ("nonsense", "", "RECEIPT_WITHOUT_ID"),
        ("id:5 sub:001", "", "RECEIPT_WITHOUT_STATE"),
    ],
)
def test_an_unusable_receipt_is_kept_and_never_called_delivered(text, gateway_message_id, error):
    receipt = read_receipt(deliver(text))
    assert (receipt.gateway_message_id, receipt.error) == (gateway_message_id, error)
    assert receipt.message_state == "UNKNOWN"
    # Of what cannot be read, only the names of fields are kept.
    assert receipt.raw == re.sub(r"(?<=:)\w+|nonsense", "", text)


STATES = {
    "ENROUTE",
    "DELIVERED",
    "EXPIRED",
    "DELETED",
    "UNDELIVERABLE",
    "ACCEPTED",
    "UNKNOWN",
    "REJECTED",
}
receipt_tlvs = st.dictionaries(st.sampled_from([int(tag) for tag in Tag]), st.binary(max_size=70))


@given(short_messages(DeliverSm, options=receipt_tlvs))
def test_whatever_arrives_is_a_receipt_in_a_known_state_or_none(deliver_sm):
    receipt = read_receipt(deliver_sm)
    assert receipt is None or receipt.message_state in STATES


SECRET = "482913"
UDH = b"\x05\x00\x03\x2a\x02\x01"
FIELDS = ["sub:001", "dlvrd:001", "submit date:2611291430", "done date:2611291431", "err:000"]


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-16", "latin-1"])
@pytest.mark.parametrize("data_coding", [0, 3, 8])
@pytest.mark.parametrize("header", [b"", UDH, b"\x06\x08\x04\x00\x2a\x02\x01"])
def test_any_alphabet_is_read_with_a_header_or_without(encoding, data_coding, header):
    octets = header + f"{TEXT} ä {SECRET}".encode(encoding)
    esm_class = 0x44 if header else 4
    receipt = read_receipt(
        DeliverSm("1", "2", octets, esm_class=esm_class, data_coding=data_coding)
    )
    assert (receipt.gateway_message_id, receipt.message_state) == ("0a1b", "DELIVERED")
    assert receipt.raw.endswith("err:000 text:")


@given(
    fields=st.permutations(FIELDS),
    text_key=st.sampled_from(["text:", "text=", "Text: ", "TEXT :", "txt:", "msg:", "", "note:"]),
    between=st.sampled_from([" ", ",", ";", "\n", "|", "&", ", "]),
    message=st.sampled_from(
        ["Code {}", "{}", "id:{}", "err: {}", "sub:{}", "error={}", "x stat:{}", "签名 {}", "a={}"]
    ),
    place=st.integers(0, 7),
    encoding=st.sampled_from(["utf-16-be", "utf-16-le", "utf-8"]),
    state=st.sampled_from(["stat:DELIVRD", "stat:WAITING", "status=ok", "state: DELIVRD", ""]),
)
@settings(max_examples=400)
def test_no_receipt_keeps_text_of_the_message(  # noqa: PLR0917 (hypothesis names them)
    fields, text_key, between, message, place, encoding, state
):
    parts = ["id:77", state, *fields]
    place = max(2, place)
    parts.insert(place, text_key + message.format(SECRET))
    octets = between.join(part for part in parts if part).encode(encoding)
    receipt = read_receipt(DeliverSm("1", "2", octets, esm_class=4))
    assert SECRET not in receipt.raw + receipt.error + receipt.gateway_message_id
    assert "签" not in receipt.raw


@given(st.binary(max_size=300), st.integers(0, 255), st.integers(0, 255))
def test_any_octets_are_a_receipt_or_none(octets, esm_class, data_coding):
    read_receipt(DeliverSm("1", "2", octets, esm_class=esm_class, data_coding=data_coding))


@pytest.mark.parametrize("state", [b"\x00\x02", b"\x02", b"\x02\x00", b"2"])
def test_a_state_of_two_octets_or_a_digit_is_read(state):
    receipt = read_receipt(deliver("", receipted_message_id=b"77\0", message_state=state))
    assert receipt.message_state == "DELIVERED"
