"""Optional parameters, tag length value (SMPP 3.4 clauses 3.2.4 and 5.3)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from enum import IntEnum

from sending.smpp.command_status import ESME_RINVOPTPARSTREAM
from sending.smpp.errors import EncodeError, ProtocolError

_HEAD = struct.Struct(">HH")
_MAX_16_BIT = 0xFFFF


class Tag(IntEnum):
    """The tags this product writes or reads; others are carried along untouched."""

    receipted_message_id = 0x001E
    user_message_reference = 0x0204
    sc_interface_version = 0x0210
    network_error_code = 0x0423
    message_payload = 0x0424
    message_state = 0x0427


def encode_tlvs(tlvs: Mapping[int, bytes]) -> bytes:
    """Encode tag -> value, in the given order."""
    octets = bytearray()
    for tag, value in tlvs.items():
        if not 0 <= tag <= _MAX_16_BIT or len(value) > _MAX_16_BIT:
            message = f"TLV 0x{tag:04X} does not fit its 16-bit tag and length"
            raise EncodeError(message)
        octets += _HEAD.pack(tag, len(value)) + value
    return bytes(octets)


def decode_tlvs(frame: bytes, offset: int) -> dict[int, bytes]:
    """Decode all that follows ``offset`` as tag -> value; of a repeated tag the first counts."""
    tlvs: dict[int, bytes] = {}
    size = len(frame)
    while offset < size:
        if offset + _HEAD.size > size:
            reason = "the PDU ends within the head of a TLV"
            raise ProtocolError(reason, ESME_RINVOPTPARSTREAM)
        tag, length = _HEAD.unpack_from(frame, offset)
        offset += _HEAD.size
        if offset + length > size:
            reason = f"TLV 0x{tag:04X} reaches beyond the end of the PDU"
            raise ProtocolError(reason, ESME_RINVOPTPARSTREAM)
        tlvs.setdefault(tag, frame[offset : offset + length])
        offset += length
    return tlvs
