"""submit_multi: one text to many destinations (SMPP 3.4, clause 4.5), and its octets both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from sending.smpp.command_status import ESME_RINVDESTFLAG, ESME_RINVNUMDESTS
from sending.smpp.commands import CommandId
from sending.smpp.errors import ProtocolError
from sending.smpp.field_reader import FieldReader, address, octets
from sending.smpp.fields import c_octet_string
from sending.smpp.framing import HEADER_SIZE
from sending.smpp.tlv import Complain, encode_tlvs

MOST_DESTINATIONS = 254
_SME, _LIST = 1, 2
_ID, _NAME, _TIME, _SERVICE = 65, 21, 17, 6


class SmeAddress(NamedTuple):
    """One destination."""

    address: str
    ton: int = 0
    npi: int = 0


class DistributionList(NamedTuple):
    """Destinations that the message centre knows by a name."""

    name: str


Destination = SmeAddress | DistributionList


class UnsuccessSme(NamedTuple):
    """A destination that got nothing, and its command_status (clause 4.5.2.1)."""

    sme: SmeAddress
    status: int


@dataclass(slots=True)
class SubmitMulti:
    """submit_multi (clause 4.5.1): the fields of submit_sm, with up to 254 destinations."""

    command_id: ClassVar[CommandId] = CommandId.submit_multi
    source_addr: str
    destinations: Sequence[Destination]
    short_message: bytes = field(repr=False)
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    esm_class: int = 0
    data_coding: int = 0
    registered_delivery: int = 0
    service_type: str = ""
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    replace_if_present_flag: int = 0
    sm_default_msg_id: int = 0
    tlvs: dict[int, bytes] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class SubmitMultiResp:
    """submit_multi_resp (clause 4.5.2): it has its body with an error status too."""

    command_id: ClassVar[CommandId] = CommandId.submit_multi_resp
    message_id: str = ""
    unsuccess: Sequence[UnsuccessSme] = ()


def encode_submit_multi(body: SubmitMulti) -> bytes:
    """Everything behind the header."""
    return b"".join(
        (
            c_octet_string(body.service_type, _SERVICE, "service_type"),
            address(body.source_addr_ton, body.source_addr_npi, body.source_addr, "source_addr"),
            octets(len(body.destinations)),
            *map(_encode_destination, body.destinations),
            octets(body.esm_class, body.protocol_id, body.priority_flag),
            c_octet_string(body.schedule_delivery_time, _TIME, "schedule_delivery_time"),
            c_octet_string(body.validity_period, _TIME, "validity_period"),
            octets(
                body.registered_delivery,
                body.replace_if_present_flag,
                body.data_coding,
                body.sm_default_msg_id,
                len(body.short_message),
            ),
            body.short_message,
            encode_tlvs(body.tlvs),
        )
    )


def _encode_destination(to: Destination) -> bytes:
    if isinstance(to, DistributionList):
        return octets(_LIST) + c_octet_string(to.name, _NAME, "dl_name")
    return octets(_SME) + address(to.ton, to.npi, to.address, "destination_addr")


def decode_submit_multi(frame: bytes, _command_id: CommandId, complain: Complain) -> SubmitMulti:
    """Read one; raise ProtocolError."""
    reader = FieldReader(frame)
    service_type = reader.text()
    source_ton, source_npi, source = reader.address()
    (count,) = reader.octets(1)
    if not 1 <= count <= MOST_DESTINATIONS:
        reason = f"submit_multi has {count} destinations"
        raise ProtocolError(reason, ESME_RINVNUMDESTS)
    destinations = [_read_destination(reader) for _nth in range(count)]
    esm_class, protocol_id, priority = reader.octets(3)
    schedule, validity = reader.text(), reader.text()
    registered, replaces, coding, default_id, size = reader.octets(5)
    return SubmitMulti(
        source_addr=source,
        source_addr_ton=source_ton,
        source_addr_npi=source_npi,
        destinations=destinations,
        short_message=reader.octets(size),
        esm_class=esm_class,
        data_coding=coding,
        registered_delivery=registered,
        service_type=service_type,
        protocol_id=protocol_id,
        priority_flag=priority,
        schedule_delivery_time=schedule,
        validity_period=validity,
        replace_if_present_flag=replaces,
        sm_default_msg_id=default_id,
        tlvs=reader.tlvs(complain),
    )


def _read_destination(reader: FieldReader) -> Destination:
    (flag,) = reader.octets(1)
    if flag == _LIST:
        return DistributionList(reader.text())
    if flag != _SME:
        reason = f"dest_flag is {flag}"
        raise ProtocolError(reason, ESME_RINVDESTFLAG)
    ton, npi, text = reader.address()
    return SmeAddress(text, ton, npi)


def encode_submit_multi_resp(body: SubmitMultiResp) -> bytes:
    """Everything behind the header."""
    return b"".join(
        (
            c_octet_string(body.message_id, _ID, "message_id"),
            octets(len(body.unsuccess)),
            *(
                address(one.sme.ton, one.sme.npi, one.sme.address, "destination_addr")
                + one.status.to_bytes(4, "big")
                for one in body.unsuccess
            ),
        )
    )


def decode_submit_multi_resp(
    frame: bytes, _command_id: CommandId, _complain: Complain
) -> SubmitMultiResp:
    """Read one; a refusal may have no body."""
    if len(frame) == HEADER_SIZE:
        return SubmitMultiResp()
    reader = FieldReader(frame)
    message_id = reader.text()
    (count,) = reader.octets(1)
    return SubmitMultiResp(message_id, [_read_unsuccess(reader) for _nth in range(count)])


def _read_unsuccess(reader: FieldReader) -> UnsuccessSme:
    ton, npi, text = reader.address()
    return UnsuccessSme(SmeAddress(text, ton, npi), int.from_bytes(reader.octets(4), "big"))
