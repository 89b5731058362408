"""Octets of the PDUs in `operations`, both ways."""

from __future__ import annotations

from sending.smpp.commands import CommandId
from sending.smpp.errors import EncodeError
from sending.smpp.field_reader import FieldReader, address, octets
from sending.smpp.fields import c_octet_string
from sending.smpp.framing import HEADER_SIZE
from sending.smpp.operations import CancelSm, DataSm, QuerySm, QuerySmResp, ReplaceSm
from sending.smpp.tlv import Complain, encode_tlvs

_SHORT_MESSAGE_MAX = 254
_ID, _TIME, _SERVICE = 65, 17, 6


def encode_data_sm(body: DataSm) -> bytes:
    """Everything behind the header."""
    return b"".join(
        (
            c_octet_string(body.service_type, _SERVICE, "service_type"),
            address(body.source_addr_ton, body.source_addr_npi, body.source_addr, "source_addr"),
            address(
                body.dest_addr_ton, body.dest_addr_npi, body.destination_addr, "destination_addr"
            ),
            octets(body.esm_class, body.registered_delivery, body.data_coding),
            encode_tlvs(body.tlvs),
        )
    )


def decode_data_sm(frame: bytes, _command_id: CommandId, complain: Complain) -> DataSm:
    """Read one; raise ProtocolError."""
    reader = FieldReader(frame)
    service_type = reader.text()
    source_ton, source_npi, source = reader.address()
    dest_ton, dest_npi, destination = reader.address()
    esm_class, registered, coding = reader.octets(3)
    return DataSm(
        source_addr=source,
        destination_addr=destination,
        source_addr_ton=source_ton,
        source_addr_npi=source_npi,
        dest_addr_ton=dest_ton,
        dest_addr_npi=dest_npi,
        service_type=service_type,
        esm_class=esm_class,
        registered_delivery=registered,
        data_coding=coding,
        tlvs=reader.tlvs(complain),
    )


def encode_query_sm(body: QuerySm) -> bytes:
    """Everything behind the header."""
    return c_octet_string(body.message_id, _ID, "message_id") + address(
        body.source_addr_ton, body.source_addr_npi, body.source_addr, "source_addr"
    )


def decode_query_sm(frame: bytes, _command_id: CommandId, _complain: Complain) -> QuerySm:
    """Read one; raise ProtocolError."""
    reader = FieldReader(frame)
    message_id = reader.text()
    ton, npi, source = reader.address()
    return QuerySm(message_id, source, ton, npi)


def encode_query_sm_resp(body: QuerySmResp) -> bytes:
    """Everything behind the header."""
    return (
        c_octet_string(body.message_id, _ID, "message_id")
        + c_octet_string(body.final_date, _TIME, "final_date")
        + octets(body.message_state, body.error_code)
    )


def decode_query_sm_resp(frame: bytes, _command_id: CommandId, _complain: Complain) -> QuerySmResp:
    """Read one; a refusal has no body."""
    if len(frame) == HEADER_SIZE:
        return QuerySmResp()
    reader = FieldReader(frame)
    message_id, final_date = reader.text(), reader.text()
    state, error = reader.octets(2)
    return QuerySmResp(message_id, final_date, state, error)


def encode_cancel_sm(body: CancelSm) -> bytes:
    """Everything behind the header."""
    return b"".join(
        (
            c_octet_string(body.service_type, _SERVICE, "service_type"),
            c_octet_string(body.message_id, _ID, "message_id"),
            address(body.source_addr_ton, body.source_addr_npi, body.source_addr, "source_addr"),
            address(
                body.dest_addr_ton, body.dest_addr_npi, body.destination_addr, "destination_addr"
            ),
        )
    )


def decode_cancel_sm(frame: bytes, _command_id: CommandId, _complain: Complain) -> CancelSm:
    """Read one; raise ProtocolError."""
    reader = FieldReader(frame)
    service_type, message_id = reader.text(), reader.text()
    source_ton, source_npi, source = reader.address()
    dest_ton, dest_npi, destination = reader.address()
    return CancelSm(
        message_id,
        source,
        destination,
        service_type,
        source_ton,
        source_npi,
        dest_ton,
        dest_npi,
    )


def encode_replace_sm(body: ReplaceSm) -> bytes:
    """Everything behind the header."""
    if len(body.short_message) > _SHORT_MESSAGE_MAX:
        message = f"short_message has {len(body.short_message)} octets"
        raise EncodeError(message)
    return b"".join(
        (
            c_octet_string(body.message_id, _ID, "message_id"),
            address(body.source_addr_ton, body.source_addr_npi, body.source_addr, "source_addr"),
            c_octet_string(body.schedule_delivery_time, _TIME, "schedule_delivery_time"),
            c_octet_string(body.validity_period, _TIME, "validity_period"),
            octets(body.registered_delivery, body.sm_default_msg_id, len(body.short_message)),
            body.short_message,
        )
    )


def decode_replace_sm(frame: bytes, _command_id: CommandId, _complain: Complain) -> ReplaceSm:
    """Read one; raise ProtocolError."""
    reader = FieldReader(frame)
    message_id = reader.text()
    ton, npi, source = reader.address()
    schedule, validity = reader.text(), reader.text()
    registered, default_id, size = reader.octets(3)
    return ReplaceSm(
        message_id=message_id,
        source_addr=source,
        short_message=reader.octets(size),
        source_addr_ton=ton,
        source_addr_npi=npi,
        schedule_delivery_time=schedule,
        validity_period=validity,
        registered_delivery=registered,
        sm_default_msg_id=default_id,
    )
