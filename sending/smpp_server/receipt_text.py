"""Receipts as every client reads them: the text of SMPP 3.4, appendix B, and the TLVs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState
from sending.models import SmppPart, SmppReceipt
from sending.models.smpp_part import PARTS_MISSING, TEXT_REFUSED
from sending.smpp.pdu import DeliverSm
from sending.smpp.tlv import Tag

_ESM_CLASS_RECEIPT = 0x04
_NETWORK_IS_GSM = b"\x03"
# SMPP 3.4, 5.2.28, and the words of appendix B.
_STATES: Mapping[str, tuple[int, str]] = {
    MessageState.DELIVERED.value: (2, "DELIVRD"),
    MessageState.EXPIRED.value: (3, "EXPIRED"),
    MessageState.CANCELLED.value: (4, "DELETED"),
    MessageState.UNDELIVERABLE.value: (5, "UNDELIV"),
    MessageState.UNKNOWN.value: (7, "UNKNOWN"),
    MessageState.REJECTED.value: (8, "REJECTD"),
    MessageState.BLOCKED.value: (8, "REJECTD"),
}
ENROUTE = 1
# What became of a message with us rather than with a network; see docs/smpp.md.
_OURS: Mapping[str, int] = {
    PARTS_MISSING: 901,
    TEXT_REFUSED: 902,
    Reason.SUPPRESSED: 903,
    Reason.NUMBER_ERASED: 904,
    Reason.VALIDITY_OVER: 905,
    Reason.CANCELLED: 906,
    Reason.TEXT_REVOKED: 907,
    Reason.ORIGINATOR_NOT_APPROVED: 908,
    Reason.NO_RECEIPT: 909,
}
_OTHER = 999
_SHOWN = 20


def message_state(state: str) -> int:
    """Return the number of a state (clause 5.2.28); ENROUTE before the end."""
    return _STATES.get(state, (ENROUTE, ""))[0]


def error_number(state: str, code: str) -> int:
    """Return three digits for why: of the network where it said some, else ours from 900 on."""
    if state == MessageState.DELIVERED.value or not code:
        return 0
    if code.isascii() and code.isdecimal() and len(code) <= 3:
        return int(code)
    return _OURS.get(code, _OTHER)


def shown_of(text: str) -> str:
    """Return the beginning of a text as a receipt repeats it: twenty characters, ASCII only."""
    plain = (one if " " <= one <= "~" else " " if one.isspace() else "" for one in text[:80])
    return "".join(plain)[:_SHOWN]


def deliver_sm(part: SmppPart, receipt: SmppReceipt, zone: tzinfo) -> DeliverSm:
    """Return the receipt of a part as a PDU; its dates are of `zone`, which nothing in it names."""
    number, word = _STATES[receipt.state]
    error = error_number(receipt.state, receipt.code)
    text = (
        f"id:{part.answered_id} sub:001 dlvrd:{1 if word == 'DELIVRD' else 0:03}"
        f" submit date:{part.at.astimezone(zone):%y%m%d%H%M}"
        f" done date:{receipt.at.astimezone(zone):%y%m%d%H%M}"
        f" stat:{word} err:{error:03} text:{part.shown}"
    )
    tlvs = {
        int(Tag.receipted_message_id): str(part.answered_id).encode() + b"\0",
        int(Tag.message_state): bytes([number]),
        int(Tag.network_error_code): _NETWORK_IS_GSM + error.to_bytes(2, "big"),
    }
    if part.user_message_reference is not None:
        tlvs[int(Tag.user_message_reference)] = part.user_message_reference.to_bytes(2, "big")
    return DeliverSm(
        source_addr=part.destination_addr,
        source_addr_ton=part.dest_ton,
        source_addr_npi=part.dest_npi,
        destination_addr=part.source_addr,
        dest_addr_ton=part.source_ton,
        dest_addr_npi=part.source_npi,
        short_message=text.encode("ascii"),
        esm_class=_ESM_CLASS_RECEIPT,
        tlvs=tlvs,
    )
