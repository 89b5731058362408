"""The protocol data units of SMPP 3.4 (clause 4): what each holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sending.smpp.commands import CommandId
from sending.smpp.multi import SubmitMulti, SubmitMultiResp
from sending.smpp.operations import Operation

INTERFACE_VERSION = 0x34


@dataclass(frozen=True, slots=True)
class Bind:
    """bind_transceiver, bind_transmitter or bind_receiver (clause 4.1), by ``command_id``."""

    command_id: CommandId
    system_id: str
    password: str = field(repr=False)
    system_type: str = ""
    interface_version: int = INTERFACE_VERSION
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""


@dataclass(frozen=True, slots=True)
class BindResp:
    """The answer to a bind; with an error status it is empty on the wire."""

    command_id: CommandId
    system_id: str = ""
    tlvs: Mapping[int, bytes] = field(default_factory=dict)


# Those that come and go with every message are not frozen: that would make them cost thrice as
# much. Nobody changes them.
@dataclass(slots=True)
class ShortMessage:
    """What submit_sm and deliver_sm have in common; times as clause 7.1.1 writes them."""

    source_addr: str
    destination_addr: str
    short_message: bytes = field(repr=False)
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
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
    tlvs: Mapping[int, bytes] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class SubmitSm(ShortMessage):
    """submit_sm (clause 4.4.1): one segment from us to the message centre."""

    command_id: ClassVar[CommandId] = CommandId.submit_sm


@dataclass(slots=True)
class DeliverSm(ShortMessage):
    """deliver_sm (clause 4.6.1): a delivery receipt, or a message from a handset."""

    command_id: ClassVar[CommandId] = CommandId.deliver_sm


@dataclass(slots=True)
class SubmitSmResp:
    """submit_sm_resp (clause 4.4.2); with an error status it is empty, or tells why in a TLV."""

    command_id: ClassVar[CommandId] = CommandId.submit_sm_resp
    message_id: str = ""
    tlvs: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliverSmResp:
    """deliver_sm_resp (clause 4.6.2); its message_id is unused and empty."""

    command_id: ClassVar[CommandId] = CommandId.deliver_sm_resp
    message_id: str = ""
    tlvs: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Empty:
    """A PDU that is only a header: enquire_link, unbind, their answers, generic_nack."""

    command_id: CommandId


Body = (
    Bind
    | BindResp
    | SubmitSm
    | SubmitSmResp
    | SubmitMulti
    | SubmitMultiResp
    | DeliverSm
    | DeliverSmResp
    | Empty
    | Operation
)


@dataclass(slots=True)
class Pdu:
    """A decoded PDU."""

    command_id: CommandId
    command_status: int
    sequence_number: int
    body: Body
