"""A deliver_sm as a receipt: who said what about which submission."""

from __future__ import annotations

import logging
import re
from datetime import UTC, tzinfo

from sending.gateways.base import ReceiptIn
from sending.lifecycle import SaidBy
from sending.smpp.pdu import DeliverSm
from sending.smpp.tlv import Tag
from sending.sms.receipt import Receipt, ReceiptError, parse, without_message
from sending.sms.udh import ESM_CLASS_UDHI

logger = logging.getLogger(__name__)

# Bits 5 to 2 of esm_class (SMPP 3.4 clause 5.2.12).
_TYPE_BITS = 0b00111100
_SMSC_RECEIPT = 0b00000100
_SME_ACKNOWLEDGEMENT = 0b00001000
_INTERMEDIATE_NOTIFICATION = 0b00100000
_RECEIPT_TYPES = frozenset({_SMSC_RECEIPT, _SME_ACKNOWLEDGEMENT, _INTERMEDIATE_NOTIFICATION})

# States of SMPP 5.0 that a 3.4 centre may still send.
_NEWER_STATES = {"SCHEDULED": "ENROUTE", "SKIPPED": "DELETED"}
_ON_THE_WAY = frozenset({"ENROUTE", "ACCEPTED"})

_DIGITS = re.compile(r"[0-9]{5,15}")


def read_receipt(deliver_sm: DeliverSm, zone: tzinfo = UTC) -> ReceiptIn | None:
    """The receipt in a deliver_sm, or None when it is a message from a handset.

    Its dates say no zone: they are of `zone`.

    Only esm_class and receipted_message_id decide, never the text: anybody could write a
    text message that looks like a receipt. A receipt that names no message or no state is
    still handed on (empty id, UNKNOWN), so that its raw words are kept for people.
    """
    kind = deliver_sm.esm_class & _TYPE_BITS
    if kind not in _RECEIPT_TYPES and Tag.receipted_message_id not in deliver_sm.tlvs:
        return None
    octets = _octets(deliver_sm)
    receipt = _parse(octets, deliver_sm, zone)
    state = _NEWER_STATES.get(receipt.message_state, receipt.message_state)
    return ReceiptIn(
        gateway_message_id=receipt.gateway_message_id,
        msisdn=_msisdn(deliver_sm.source_addr),
        source=deliver_sm.destination_addr or None,
        message_state=state,
        error=receipt.error,
        said_by=_said_by(kind, state),
        raw=without_message(octets),
        done_at=receipt.done_at,
    )


def _parse(octets: bytes, deliver_sm: DeliverSm, zone: tzinfo) -> Receipt:
    message_id = _message_id(deliver_sm)
    try:
        return parse(
            octets,
            receipted_message_id=message_id,
            message_state=_state(deliver_sm.tlvs.get(Tag.message_state)),
            network_error_code=deliver_sm.tlvs.get(Tag.network_error_code),
            zone=zone,
        )
    except ReceiptError as error:
        logger.warning("receipt kept although it is unusable: %s", error.code)
        return Receipt(message_id or "", "UNKNOWN", error.code, None)


def _octets(deliver_sm: DeliverSm) -> bytes:
    """Return the receipt itself: some centres repeat the header of the segment it is about."""
    octets = deliver_sm.short_message or deliver_sm.tlvs.get(Tag.message_payload, b"")
    if deliver_sm.esm_class & ESM_CLASS_UDHI and octets[:1] < b" ":
        octets = octets[octets[0] + 1 :] if octets else octets
    return octets


def _state(octets: bytes | None) -> int | None:
    """Return message_state, which some centres write with two octets or as a digit."""
    if not octets:
        return None
    value = octets.strip(b"\0")
    if value.isdigit():
        return int(value[:3])
    return int.from_bytes(value[:2], "big")


def _message_id(deliver_sm: DeliverSm) -> str | None:
    octets = deliver_sm.tlvs.get(Tag.receipted_message_id)
    return None if octets is None else octets.strip(b"\0 ").decode("latin-1")


def _said_by(kind: int, state: str) -> SaidBy:
    if kind == _SME_ACKNOWLEDGEMENT:
        return SaidBy.HANDSET
    return SaidBy.GATEWAY if state in _ON_THE_WAY else SaidBy.NETWORK


def _msisdn(address: str) -> str | None:
    digits = address.removeprefix("+").removeprefix("00")
    return f"+{digits}" if _DIGITS.fullmatch(digits) else None
