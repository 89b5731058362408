"""Octets and PDUs, against the specification, against chance and against two other codecs."""

from types import SimpleNamespace

import pytest
import smpp34
import smpplib.smpp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sending.smpp.codec import assemble, decode, encode
from sending.smpp.command_status import (
    ESME_RINVCMDID,
    ESME_RINVMSGLEN,
    ESME_RTHROTTLED,
)
from sending.smpp.commands import COMMAND_IDS, CommandId
from sending.smpp.errors import EncodeError, ProtocolError
from sending.smpp.framing import Framer
from sending.smpp.pdu import Bind, BindResp, DeliverSm, Empty, SubmitSm, SubmitSmResp
from sending.smpp.tlv import Tag
from sending.tests.smpp.strategies import (
    bodies,
    sequence_numbers,
    short_messages,
    statuses,
    words,
)

SUBMIT = SubmitSm("Brand", "85266661234", b"hello", source_addr_ton=5)


@pytest.mark.parametrize(
    ("body", "octets"),
    [
        (Empty(CommandId.enquire_link), "00000010 00000015 00000000 00000001"),
        (Empty(CommandId.generic_nack), "00000010 80000000 00000000 00000001"),
        (
            Bind(CommandId.bind_transceiver, "SMPP3TEST", "secret08", "SUBMIT1"),
            """0000002f 00000009 00000000 00000001
            534d50503354455354 00 7365637265743038 00 5355424d495431 00 34 00 00 00""",
        ),
        (
            SubmitSm("1", "2", b"Hi", dest_addr_ton=1, dest_addr_npi=1, registered_delivery=1),
            """00000025 00000004 00000000 00000001
            00 00 00 3100 01 01 3200 00 00 00 00 00 01 00 00 00 02 4869""",
        ),
        (
            BindResp(CommandId.bind_transceiver_resp, "SMSC", {Tag.sc_interface_version: b"\x34"}),
            "0000001a 80000009 00000000 00000001 534d534300 0210 0001 34",
        ),
        (SubmitSmResp("abc"), "00000014 80000004 00000000 00000001 61626300"),
    ],
)
def test_it_writes_the_octets_of_the_specification(body, octets):
    assert encode(body, 1) == bytes.fromhex(octets)


@given(bodies, sequence_numbers)
def test_what_is_encoded_decodes_to_the_same(body, sequence_number):
    pdu = decode(encode(body, sequence_number))
    assert (pdu.command_id, pdu.command_status, pdu.sequence_number, pdu.body) == (
        body.command_id,
        0,
        sequence_number,
        body,
    )


@given(sequence_numbers, statuses.filter(bool))
def test_a_refusal_is_only_a_header(sequence_number, status):
    frame = encode(SubmitSmResp("never seen"), sequence_number, status)
    assert len(frame) == 16
    pdu = decode(frame)
    assert (pdu.command_status, pdu.body) == (status, SubmitSmResp())


def test_a_refusal_with_a_body_is_read_all_the_same():
    pdu = decode(assemble(CommandId.submit_sm_resp, ESME_RTHROTTLED, 7, b"\0"))
    assert (pdu.command_status, pdu.sequence_number) == (ESME_RTHROTTLED, 7)


@pytest.mark.parametrize("command_id", [CommandId.submit_sm_resp, CommandId.bind_transceiver_resp])
@given(st.binary(max_size=200), statuses)
def test_the_status_of_an_answer_decides_whatever_follows(command_id, octets, status):
    assert decode(assemble(command_id, status, 7, octets)).command_status == status


@pytest.mark.parametrize(
    ("octets", "message_id"),
    [
        (b"abc", "abc"),
        (b"abc\0\0", "abc"),
        (b"abc\0\x04\x25\x00\x09\x01", "abc"),
        (b"abc\r\n", "abc"),
        (b"", ""),
    ],
)
def test_a_message_id_is_read_whatever_follows(octets, message_id):
    assert decode(assemble(CommandId.submit_sm_resp, 0, 7, octets)).body.message_id == message_id


@pytest.mark.parametrize("tail", [b"\0", b"\x14", b"\x04\x27\x00", b"\x04\x27\x00\x09\x01"])
def test_a_delivery_is_read_whatever_follows(tail):
    said = []
    delivery = DeliverSm("1", "2", b"id:5", tlvs={Tag.message_state: b"\2"})
    octets = encode(delivery, 7)[16:] + tail
    pdu = decode(assemble(CommandId.deliver_sm, 0, 7, octets), said.append)
    assert pdu.body == delivery
    assert len(said) == 1


def test_a_delivery_that_counts_more_than_it_brings_is_read_as_far_as_it_goes():
    short = encode(DeliverSm("1", "2", b"id:5 stat"), 7)[:-2]
    assert decode(short).body.short_message == b"id:5 st"
    payload = encode(DeliverSm("1", "2", b"", tlvs={Tag.message_payload: b"id:5 stat"}), 7)[:-2]
    assert decode(payload).body.tlvs == {Tag.message_payload: b"id:5 st"}


def decoded_or_refused(frame):
    """The command_id that was decoded, or the command_status that it was refused with."""
    try:
        return decode(frame).command_id
    except ProtocolError as error:
        return error.command_status


@given(st.sampled_from(sorted(COMMAND_IDS)), statuses, statuses, st.binary(max_size=120))
@settings(max_examples=500)
def test_random_bodies_decode_or_are_refused(command_id, status, sequence_number, octets):
    found = decoded_or_refused(assemble(command_id, status, sequence_number, octets))
    assert found in {command_id, ESME_RINVMSGLEN}


@given(bodies, st.data())
@settings(max_examples=300)
def test_a_mutated_pdu_decodes_or_is_refused(body, data):
    frame = bytearray(encode(body, 1))
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(4, len(frame) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(16, len(frame)))
    refusals = {ESME_RINVCMDID, ESME_RINVMSGLEN}
    assert decoded_or_refused(bytes(frame[:cut])) in COMMAND_IDS.keys() | refusals


@pytest.mark.parametrize("cut", range(17, len(encode(SUBMIT, 1))))
def test_a_submit_sm_cut_anywhere_is_refused(cut):
    with pytest.raises(ProtocolError):
        decode(encode(SUBMIT, 1)[:cut])


def test_an_unknown_command_is_refused_as_such():
    with pytest.raises(ProtocolError) as raised:
        decode(assemble(0x00000999, 0, 1, b""))
    assert raised.value.command_status == ESME_RINVCMDID


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (SubmitSm("x" * 21, "1", b""), "source_addr"),
        (SubmitSm("x", "1" * 21, b""), "destination_addr"),
        (SubmitSm("a\0b", "1", b""), "source_addr"),
        (SubmitSm("签名", "1", b""), "source_addr"),
        (SubmitSm("x", "1", b"x" * 255), "short_message"),
        (SubmitSm("x", "1", b"", data_coding=256), "submit_sm"),
        (SubmitSm("x", "1", b"", tlvs={0x10000: b""}), "TLV"),
        (SubmitSm("x", "1", b"", tlvs={1: b"x" * 65536}), "TLV"),
        (Bind(CommandId.bind_receiver, "x" * 16, "p"), "system_id"),
        (Bind(CommandId.bind_receiver, "x", "p" * 65), "password"),
    ],
)
def test_what_does_not_fit_is_named(body, field):
    with pytest.raises(EncodeError, match=field):
        encode(body, 1)


def test_a_password_is_never_shown():
    assert "secret" not in repr(Bind(CommandId.bind_transceiver, "me", "secret"))
    assert "code 1234" not in repr(SubmitSm("a", "b", b"code 1234"))


@given(st.binary(max_size=200), st.integers(1, 50))
@settings(max_examples=300)
@example(b"\x00\x00\x00\x0f" + b"\0" * 20, 1)
@example(b"\xff" * 40, 7)
def test_a_random_stream_ends_in_frames_or_a_protocol_error(stream, step):
    framer = Framer()
    seen = 0
    try:
        for start in range(0, len(stream), step):
            seen += sum(len(frame) for frame in framer.feed(stream[start : start + step]))
    except ProtocolError:
        pass
    assert seen <= len(stream)


# smpplib asks a client for the number of each PDU it makes, even of those it parses.
SMPPLIB_CLIENT = SimpleNamespace(next_sequence=lambda: 1)
FIELDS = (
    "source_addr_ton",
    "source_addr_npi",
    "dest_addr_ton",
    "dest_addr_npi",
    "esm_class",
    "protocol_id",
    "priority_flag",
    "registered_delivery",
    "replace_if_present_flag",
    "data_coding",
    "sm_default_msg_id",
    "short_message",
)
TEXTS = (
    "service_type",
    "source_addr",
    "destination_addr",
    "schedule_delivery_time",
    "validity_period",
)
known_tlvs = st.fixed_dictionaries(
    {}, optional={int(Tag.receipted_message_id): words(30, 126).map(lambda w: w.encode() + b"\0")}
)


@pytest.mark.parametrize("kind", [SubmitSm, DeliverSm])
@given(data=st.data(), sequence_number=sequence_numbers)
def test_smpplib_reads_what_we_write(kind, data, sequence_number):
    # smpplib knows no receipted_message_id in a submit_sm.
    options = known_tlvs if kind is DeliverSm else st.just({})
    body = data.draw(short_messages(kind, most=126, options=options))
    theirs = smpplib.smpp.parse_pdu(encode(body, sequence_number), client=SMPPLIB_CLIENT)
    assert theirs.sequence == sequence_number
    for name in FIELDS:
        assert (getattr(theirs, name) or type(getattr(body, name))()) == getattr(body, name), name
    for name in TEXTS:
        assert (getattr(theirs, name) or b"").decode() == getattr(body, name), name


@pytest.mark.parametrize("kind", [SubmitSm, DeliverSm])
@given(data=st.data(), sequence_number=sequence_numbers)
def test_smpp34_reads_what_we_write(kind, data, sequence_number):
    body = data.draw(short_messages(kind, most=126))
    theirs = smpp34.decode(encode(body, sequence_number))
    assert theirs.sequence_number == sequence_number
    for name in (*FIELDS, *TEXTS):
        assert getattr(theirs, name) == getattr(body, name), name
    assert {tlv.tag: tlv.value for tlv in theirs.tlvs} == body.tlvs


@given(short_messages(SubmitSm, most=126), sequence_numbers)
def test_we_read_what_smpp34_writes(body, sequence_number):
    theirs = smpp34.SubmitSm(
        sequence_number=sequence_number,
        tlvs=[smpp34.Tlv(tag, value) for tag, value in body.tlvs.items()],
        **{name: getattr(body, name) for name in (*FIELDS, *TEXTS)},
    )
    assert decode(theirs.encode()).body == body
