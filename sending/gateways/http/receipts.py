"""What a gateway brought to our address, as receipts and as what handsets sent."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from sending.gateways.base import InboundIn, ReceiptIn
from sending.gateways.http.rules import (
    DocumentUnreadable,
    as_id,
    keys_of,
    read_document,
    vendor_code,
)
from sending.gateways.http.settings import ReceiptSettings
from sending.lifecycle import SaidBy
from sending.sms import data_coding
from sending.sms.data_coding import DataCoding
from sending.sms.receipt import RECEIPT_WITHOUT_STATE

logger = logging.getLogger(__name__)

_ON_THE_WAY = frozenset({"ENROUTE", "ACCEPTED"})
_LONGEST_WORD = 40
_DIGITS = re.compile(r"[0-9]{5,15}")


def read_receipts(
    settings: ReceiptSettings, octets: bytes
) -> tuple[list[ReceiptIn | InboundIn], int]:
    """Return the receipts and replies in a request, and how many items are neither.

    An item that names neither a message nor a status is no receipt. One that lacks one of the two
    is handed on, so that its words are kept for people. Raise DocumentUnreadable.
    """
    items = settings.items(read_document(octets, settings.format))
    read = [_reply(settings, item) or _receipt(settings, item) for item in items]
    understood = [item for item in read if item is not None]
    return understood, len(read) - len(understood)


def names_in(settings: ReceiptSettings, octets: bytes) -> str:
    """Return the names of fields in a request that no rule fits, for the operator's log."""
    try:
        return ", ".join(keys_of(read_document(octets, settings.format))) or "none"
    except DocumentUnreadable:
        return "none"


def _reply(settings: ReceiptSettings, item: Any) -> InboundIn | None:
    """Return what a handset sent; a receipt that repeats the text of its message is none."""
    rules = settings.reply
    status = settings.status(item)
    if rules is None or (status is not None and status.lower() in settings.states):
        return None
    source, text = rules.source(item), rules.text(item)
    if source is None or text is None:
        return None
    destination = rules.destination(item) if rules.destination else None
    return InboundIn(
        source=source,
        destination=destination or "",
        # As octets too, so that all texts are read in one way.
        data_coding=DataCoding.UCS2,
        esm_class=0,
        octets=data_coding.encode(text, DataCoding.UCS2),
        text=text,
    )


def _receipt(settings: ReceiptSettings, item: Any) -> ReceiptIn | None:
    message_id = as_id(settings.message_id(item))
    status = settings.status(item)
    if message_id is None and status is None:
        return None
    said = (settings.error(item) if settings.error else None) or ""
    number = settings.msisdn(item) if settings.msisdn else None
    # Zero is how gateways write that there was no error.
    state, error = _state(settings, status, vendor_code(said) if said.strip("0") else "")
    return ReceiptIn(
        gateway_message_id=message_id or "",
        msisdn=_msisdn(number),
        source=None,
        message_state=state,
        error=error,
        said_by=SaidBy.GATEWAY if state in _ON_THE_WAY else SaidBy.NETWORK,
        # Only what the rules found: the rest may repeat the text, which may be a password.
        raw=json.dumps({"id": message_id, "status": status, "error": said, "number": number}),
    )


def _state(settings: ReceiptSettings, status: str | None, error: str) -> tuple[str, str]:
    """Return state and error. A status that the table lacks is UNKNOWN, its word kept as the error.

    Guessing would call delivered what nobody confirmed.
    """
    if status is None:
        return "UNKNOWN", error or RECEIPT_WITHOUT_STATE
    state = settings.states.get(status.lower())
    if state is None:
        logger.warning("receipt with a status that the gateway's table lacks: %r", status[:40])
        return "UNKNOWN", error or status[:_LONGEST_WORD]
    return state, error


def _msisdn(number: str | None) -> str | None:
    digits = re.sub(r"[\s()-]", "", number or "").removeprefix("+").removeprefix("00")
    return f"+{digits}" if _DIGITS.fullmatch(digits) else None
