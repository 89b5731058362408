"""The PDUs about messages that were submitted, and data_sm (SMPP 3.4, clauses 4.7 to 4.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sending.smpp.commands import CommandId


@dataclass(slots=True)
class DataSm:
    """data_sm (clause 4.7.1): what submit_sm does, with the text in message_payload."""

    command_id: ClassVar[CommandId] = CommandId.data_sm
    source_addr: str
    destination_addr: str
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    service_type: str = ""
    esm_class: int = 0
    registered_delivery: int = 0
    data_coding: int = 0
    tlvs: Mapping[int, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class DataSmResp:
    """data_sm_resp (clause 4.7.2)."""

    command_id: ClassVar[CommandId] = CommandId.data_sm_resp
    message_id: str = ""
    tlvs: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuerySm:
    """query_sm (clause 4.8.1): what became of a message?"""

    command_id: ClassVar[CommandId] = CommandId.query_sm
    message_id: str
    source_addr: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0


@dataclass(frozen=True, slots=True)
class QuerySmResp:
    """query_sm_resp (clause 4.8.2); `final_date` is empty before the end."""

    command_id: ClassVar[CommandId] = CommandId.query_sm_resp
    message_id: str = ""
    final_date: str = ""
    message_state: int = 0
    error_code: int = 0


@dataclass(frozen=True, slots=True)
class CancelSm:
    """cancel_sm (clause 4.9.1): one message by its id, or all from one address to another."""

    command_id: ClassVar[CommandId] = CommandId.cancel_sm
    message_id: str = ""
    source_addr: str = ""
    destination_addr: str = ""
    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0


@dataclass(frozen=True, slots=True)
class ReplaceSm:
    """replace_sm (clause 4.10.1): another text, and other times, for a message that waits."""

    command_id: ClassVar[CommandId] = CommandId.replace_sm
    message_id: str
    source_addr: str = ""
    short_message: bytes = field(default=b"", repr=False)
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    sm_default_msg_id: int = 0


Operation = DataSm | DataSmResp | QuerySm | QuerySmResp | CancelSm | ReplaceSm
