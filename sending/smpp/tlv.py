"""Optional parameters, tag length value (SMPP 3.4 clauses 3.2.4 and 5.3)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from enum import IntEnum

from sending.smpp.errors import EncodeError

_HEAD = struct.Struct(">HH")
_MAX_16_BIT = 0xFFFF

# Is told in words what of a PDU was ignored.
Complain = Callable[[str], None]


class Tag(IntEnum):
    """The tags this product writes or reads; others are carried along untouched."""

    additional_status_info_text = 0x001D
    receipted_message_id = 0x001E
    user_message_reference = 0x0204
    sar_msg_ref_num = 0x020C
    sar_total_segments = 0x020E
    sar_segment_seqnum = 0x020F
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


def decode_tlvs(frame: bytes, offset: int, complain: Complain) -> dict[int, bytes]:
    """Decode all that follows ``offset`` as tag -> value; of a repeated tag the first counts.

    What stands in front of these decides about a message, so a broken end is ignored. Of a
    message_payload that is cut short, the part that came counts.
    """
    tlvs: dict[int, bytes] = {}
    size = len(frame)
    while offset < size:
        if offset + _HEAD.size > size:
            complain("the PDU ends within the head of a TLV")
            break
        tag, length = _HEAD.unpack_from(frame, offset)
        offset += _HEAD.size
        if offset + length > size:
            complain(f"TLV 0x{tag:04X} reaches beyond the end of the PDU")
            if tag == Tag.message_payload:
                tlvs.setdefault(tag, frame[offset:])
            break
        tlvs.setdefault(tag, frame[offset : offset + length])
        offset += length
    return tlvs
