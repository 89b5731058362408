"""A deliver_sm as what a handset sent: its segment, its alphabet, its text."""

from __future__ import annotations

from sending.gateways.base import InboundIn
from sending.smpp.pdu import DeliverSm
from sending.smpp.tlv import Tag
from sending.sms import data_coding
from sending.sms.udh import ESM_CLASS_UDHI, Concatenation, decode

_WHOLE = Concatenation(reference=0, segments=1, segment=1)


def read_inbound(deliver_sm: DeliverSm) -> InboundIn:
    """Return one segment; its octets are kept, so that nothing is lost to a wrong data_coding."""
    octets = deliver_sm.short_message or deliver_sm.tlvs.get(Tag.message_payload, b"")
    found, rest = None, octets
    if deliver_sm.esm_class & ESM_CLASS_UDHI:
        found, rest = decode(octets)
    part = found or _by_tlvs(deliver_sm) or _WHOLE
    return InboundIn(
        source=deliver_sm.source_addr,
        destination=deliver_sm.destination_addr,
        data_coding=deliver_sm.data_coding,
        esm_class=deliver_sm.esm_class,
        octets=octets,
        text=data_coding.decode(rest, deliver_sm.data_coding),
        reference=part.reference,
        segments=part.segments,
        segment=part.segment,
    )


def _by_tlvs(deliver_sm: DeliverSm) -> Concatenation | None:
    """Return what the TLVs say of concatenation (SMPP 3.4, 5.3.2.22 to .24)."""
    tags = (Tag.sar_msg_ref_num, Tag.sar_total_segments, Tag.sar_segment_seqnum)
    reference, segments, segment = (
        int.from_bytes(deliver_sm.tlvs.get(tag, b"")[:2], "big") for tag in tags
    )
    if not 1 <= segment <= segments <= 255:
        return None
    return Concatenation(reference, segments, segment, wide=True)
