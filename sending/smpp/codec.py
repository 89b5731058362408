"""PDUs to octets and back (SMPP 3.4 clause 4)."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import Any, TypeVar

from sending.smpp.command_status import ESME_RINVCMDID, ESME_RINVMSGLEN
from sending.smpp.commands import BIND_RESPS, BINDS, COMMAND_IDS, CommandId
from sending.smpp.errors import EncodeError, ProtocolError
from sending.smpp.fields import c_octet_string, read_c_octet_string, read_octets
from sending.smpp.framing import HEADER_SIZE
from sending.smpp.multi import (
    SubmitMulti,
    SubmitMultiResp,
    decode_submit_multi,
    decode_submit_multi_resp,
    encode_submit_multi,
    encode_submit_multi_resp,
)
from sending.smpp.operations import CancelSm, DataSm, DataSmResp, QuerySm, QuerySmResp, ReplaceSm
from sending.smpp.operations_codec import (
    decode_cancel_sm,
    decode_data_sm,
    decode_query_sm,
    decode_query_sm_resp,
    decode_replace_sm,
    encode_cancel_sm,
    encode_data_sm,
    encode_query_sm,
    encode_query_sm_resp,
    encode_replace_sm,
)
from sending.smpp.pdu import (
    Bind,
    BindResp,
    Body,
    DeliverSm,
    DeliverSmResp,
    Empty,
    Pdu,
    ShortMessage,
    SubmitSm,
    SubmitSmResp,
)
from sending.smpp.tlv import Complain, Tag, decode_tlvs, encode_tlvs

SHORT_MESSAGE_MAX = 254
# What says no more than its status when it refuses.
_BARE = BindResp | SubmitSmResp | DataSmResp | QuerySmResp
_CONTROL = re.compile(rb"[\x00-\x1f]")

_HEADER = struct.Struct(">IIII")
_TWO, _THREE, _FIVE = struct.Struct("BB"), struct.Struct("BBB"), struct.Struct("BBBBB")

Message = TypeVar("Message", SubmitSm, DeliverSm)


def encode_body(body: Body) -> bytes:
    """Everything behind the header; raise EncodeError naming the field that does not fit."""
    try:
        return _ENCODERS[type(body)](body)
    except struct.error as error:
        message = f"a number of {body.command_id.name} does not fit its field"
        raise EncodeError(message) from error


def assemble(command_id: int, command_status: int, sequence_number: int, octets: bytes) -> bytes:
    """Put the header in front of an encoded body."""
    size = HEADER_SIZE + len(octets)
    return _HEADER.pack(size, command_id, command_status, sequence_number) + octets


def encode(body: Body, sequence_number: int, command_status: int = 0) -> bytes:
    """The whole PDU; a refused bind or submit_sm has no body (clauses 4.1.2 and 4.4.2).

    Where a TLV says why it is refused, it has one all the same.
    """
    bare = command_status != 0 and isinstance(body, _BARE) and not _says_why(body)
    octets = b"" if bare else encode_body(body)
    return assemble(body.command_id, command_status, sequence_number, octets)


def _says_why(body: Body) -> bool:
    if isinstance(body, SubmitSmResp | DataSmResp):
        return Tag.additional_status_info_text in body.tlvs
    return False


def read_header(frame: bytes) -> tuple[int, int, int]:
    """Return command_id, command_status and sequence_number of a framed PDU."""
    _, command_id, command_status, sequence_number = _HEADER.unpack_from(frame)
    return command_id, command_status, sequence_number


def _say_nothing(_reason: str) -> None:
    pass


def decode(frame: bytes, complain: Complain = _say_nothing) -> Pdu:
    """Decode one framed PDU; raise ProtocolError when it is unknown or its body is broken.

    The header and the mandatory part decide. What is broken behind them is ignored, and
    ``complain`` is told. An answer has only its status that must be legible.
    """
    number, command_status, sequence_number = read_header(frame)
    command_id = COMMAND_IDS.get(number)
    if command_id is None:
        reason = f"command_id 0x{number:08X} is unknown"
        raise ProtocolError(reason, ESME_RINVCMDID)
    body = _DECODERS[command_id](frame, command_id, complain)
    return Pdu(command_id, command_status, sequence_number, body)


def _encode_bind(bind: Bind) -> bytes:
    return b"".join(
        (
            c_octet_string(bind.system_id, 16, "system_id"),
            # The specification gives 9 octets, but carriers hand out longer passwords.
            c_octet_string(bind.password, 65, "password"),
            c_octet_string(bind.system_type, 13, "system_type"),
            _THREE.pack(bind.interface_version, bind.addr_ton, bind.addr_npi),
            c_octet_string(bind.address_range, 41, "address_range"),
        )
    )


def _encode_short_message(body: ShortMessage) -> bytes:
    size = len(body.short_message)
    if size > SHORT_MESSAGE_MAX:
        message = f"short_message has {size} octets, at most {SHORT_MESSAGE_MAX} fit"
        raise EncodeError(message)
    return b"".join(
        (
            c_octet_string(body.service_type, 6, "service_type"),
            _TWO.pack(body.source_addr_ton, body.source_addr_npi),
            c_octet_string(body.source_addr, 21, "source_addr"),
            _TWO.pack(body.dest_addr_ton, body.dest_addr_npi),
            c_octet_string(body.destination_addr, 21, "destination_addr"),
            _THREE.pack(body.esm_class, body.protocol_id, body.priority_flag),
            c_octet_string(body.schedule_delivery_time, 17, "schedule_delivery_time"),
            c_octet_string(body.validity_period, 17, "validity_period"),
            _FIVE.pack(
                body.registered_delivery,
                body.replace_if_present_flag,
                body.data_coding,
                body.sm_default_msg_id,
                size,
            ),
            body.short_message,
            encode_tlvs(body.tlvs) if body.tlvs else b"",
        )
    )


def _encode_bind_resp(body: BindResp) -> bytes:
    return c_octet_string(body.system_id, 16, "system_id") + encode_tlvs(body.tlvs)


def _encode_message_id(body: SubmitSmResp | DataSmResp | DeliverSmResp) -> bytes:
    return c_octet_string(body.message_id, 65, "message_id") + encode_tlvs(body.tlvs)


def _encode_empty(_body: Empty) -> bytes:
    return b""


def _decode_bind(frame: bytes, command_id: CommandId, _complain: Complain) -> Bind:
    system_id, offset = read_c_octet_string(frame, HEADER_SIZE)
    password, offset = read_c_octet_string(frame, offset)
    system_type, offset = read_c_octet_string(frame, offset)
    (version, ton, npi), offset = read_octets(frame, offset, 3)
    address_range, _ = read_c_octet_string(frame, offset)
    return Bind(command_id, system_id, password, system_type, version, ton, npi, address_range)


def _read_answer(frame: bytes, complain: Complain) -> tuple[str, dict[int, bytes]]:
    """Return the only string of an answer, and its TLVs; one without NUL ends where text ends."""
    if len(frame) == HEADER_SIZE:
        return "", {}
    end = frame.find(b"\0", HEADER_SIZE)
    if end >= 0:
        return frame[HEADER_SIZE:end].decode("latin-1"), decode_tlvs(frame, end + 1, complain)
    complain("a C-octet string has no closing NUL")
    control = _CONTROL.search(frame, HEADER_SIZE)
    return frame[HEADER_SIZE : control.start() if control else None].decode("latin-1"), {}


def _decode_bind_resp(frame: bytes, command_id: CommandId, complain: Complain) -> BindResp:
    return BindResp(command_id, *_read_answer(frame, complain))


def _read_short_message(kind: type[Message], frame: bytes, complain: Complain) -> Message:
    """Find the closing NUL of each string first: everything else lies between them."""
    find = frame.index
    try:
        service_type = find(0, HEADER_SIZE)
        source = find(0, service_type + 3)
        destination = find(0, source + 3)
        schedule = find(0, destination + 4)
        validity = find(0, schedule + 1)
        registered, replace, data_coding, default_id, size = frame[validity + 1 : validity + 6]
    except ValueError as error:
        reason = "a C-octet string has no closing NUL, or a field reaches beyond the end of the PDU"
        raise ProtocolError(reason, ESME_RINVMSGLEN) from error
    if kind is DeliverSm and validity + 6 + size > len(frame):
        # Centres miscount; what came of a receipt is worth more than nothing.
        complain("short_message reaches beyond the end of the PDU")
        size = len(frame) - validity - 6
    short_message, rest = read_octets(frame, validity + 6, size)
    return kind(
        service_type=frame[HEADER_SIZE:service_type].decode("latin-1"),
        source_addr_ton=frame[service_type + 1],
        source_addr_npi=frame[service_type + 2],
        source_addr=frame[service_type + 3 : source].decode("latin-1"),
        dest_addr_ton=frame[source + 1],
        dest_addr_npi=frame[source + 2],
        destination_addr=frame[source + 3 : destination].decode("latin-1"),
        esm_class=frame[destination + 1],
        protocol_id=frame[destination + 2],
        priority_flag=frame[destination + 3],
        schedule_delivery_time=frame[destination + 4 : schedule].decode("latin-1"),
        validity_period=frame[schedule + 1 : validity].decode("latin-1"),
        registered_delivery=registered,
        replace_if_present_flag=replace,
        data_coding=data_coding,
        sm_default_msg_id=default_id,
        short_message=short_message,
        tlvs=decode_tlvs(frame, rest, complain) if rest < len(frame) else {},
    )


def _decode_submit_sm(frame: bytes, _command_id: CommandId, complain: Complain) -> SubmitSm:
    return _read_short_message(SubmitSm, frame, complain)


def _decode_deliver_sm(frame: bytes, _command_id: CommandId, complain: Complain) -> DeliverSm:
    return _read_short_message(DeliverSm, frame, complain)


def _decode_submit_sm_resp(
    frame: bytes, _command_id: CommandId, complain: Complain
) -> SubmitSmResp:
    return SubmitSmResp(*_read_answer(frame, complain))


def _decode_data_sm_resp(frame: bytes, _command_id: CommandId, complain: Complain) -> DataSmResp:
    return DataSmResp(*_read_answer(frame, complain))


def _decode_deliver_sm_resp(
    _frame: bytes, _command_id: CommandId, _complain: Complain
) -> DeliverSmResp:
    # Only its status means something, so a peer's careless body is no reason to fail.
    return DeliverSmResp()


def _decode_empty(_frame: bytes, command_id: CommandId, _complain: Complain) -> Empty:
    return Empty(command_id)


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    Bind: _encode_bind,
    BindResp: _encode_bind_resp,
    SubmitSm: _encode_short_message,
    DeliverSm: _encode_short_message,
    SubmitMulti: encode_submit_multi,
    SubmitMultiResp: encode_submit_multi_resp,
    SubmitSmResp: _encode_message_id,
    DeliverSmResp: _encode_message_id,
    Empty: _encode_empty,
    DataSm: encode_data_sm,
    DataSmResp: _encode_message_id,
    QuerySm: encode_query_sm,
    QuerySmResp: encode_query_sm_resp,
    CancelSm: encode_cancel_sm,
    ReplaceSm: encode_replace_sm,
}

_DECODERS: dict[CommandId, Callable[[bytes, CommandId, Complain], Body]] = {
    **dict.fromkeys(CommandId, _decode_empty),
    **dict.fromkeys(BINDS, _decode_bind),
    **dict.fromkeys(BIND_RESPS, _decode_bind_resp),
    CommandId.submit_sm: _decode_submit_sm,
    CommandId.submit_sm_resp: _decode_submit_sm_resp,
    CommandId.submit_multi: decode_submit_multi,
    CommandId.submit_multi_resp: decode_submit_multi_resp,
    CommandId.deliver_sm: _decode_deliver_sm,
    CommandId.deliver_sm_resp: _decode_deliver_sm_resp,
    CommandId.data_sm: decode_data_sm,
    CommandId.data_sm_resp: _decode_data_sm_resp,
    CommandId.query_sm: decode_query_sm,
    CommandId.query_sm_resp: decode_query_sm_resp,
    CommandId.cancel_sm: decode_cancel_sm,
    CommandId.replace_sm: decode_replace_sm,
}
