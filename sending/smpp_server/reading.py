"""What a submit_sm says: whose segment of which text, in which alphabet, to whom and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sending.smpp.command_status import (
    ESME_RINVDSTADR,
    ESME_RINVESMCLASS,
    ESME_RINVEXPIRY,
    ESME_RINVMSGLEN,
    ESME_RINVOPTPARSTREAM,
    ESME_RINVSCHED,
    ESME_ROPTPARNOTALLWD,
    ESME_RSUBMITFAIL,
)
from sending.smpp.pdu import ShortMessage
from sending.smpp.tlv import Tag
from sending.smpp_server.statuses import PduRefused, Vendor
from sending.smpp_server.times import BadTime, moment
from sending.sms import data_coding
from sending.sms.segments import MOST_SEGMENTS
from sending.sms.udh import ESM_CLASS_UDHI, Concatenation, decode

LONGEST_SCHEDULE = timedelta(days=35)
LONGEST_VALIDITY = timedelta(hours=72)
# Bits 5 to 2 say what kind of message it is; only the plain one is submitted (clause 5.2.12).
_TYPE_BITS = 0b00111100
_ASCII, _LATIN_1, _UCS_2, _GSM = 0x01, 0x03, 0x08, 0x00
# GSM 7-bit with a message class (3GPP TS 23.038, 4), of which the class is not passed on.
_GSM_WITH_CLASS = frozenset({0x10, 0x18, *range(0xF0, 0xF4)})
_NOT_ASCII = frozenset(range(0x20)) - frozenset(b"\t\n\r")
# So many digits of a text cannot be more than MOST_SEGMENTS segments; no need to look at more.
_MOST_OCTETS = 4_096
_MOST_ADDRESS = 20
# Of those that SMPP leaves to message centres; in India it holds the id of a template, too.
_TEXT_TEMPLATE = 0x1401
_ID = re.compile(rb"[1-9][0-9]{0,17}")
_PREFIX = re.compile(r"\{tpl:([1-9][0-9]{0,17})\}[ \n]?")


@dataclass(slots=True)
class MultiId:
    """What the destinations of one submit_multi share; it is taken when they are stored."""

    id: int = 0


@dataclass(slots=True)
class SubmittedPdu:
    """One PDU that can be read. `part` tells which segment of a longer text it is.

    `octets` are without a user data header, in the alphabet `coding` of 3GPP and SMPP.
    """

    source_addr: str
    source_ton: int
    source_npi: int
    destination_addr: str
    dest_ton: int
    dest_npi: int
    service_type: str
    registered_delivery: int
    user_message_reference: int | None
    replaces: bool
    coding: int
    octets: bytes = field(repr=False)
    part: Concatenation | None = None
    due_at: datetime | None = None
    valid_until: datetime | None = None
    multi: MultiId | None = None
    # The text template that a TLV names.
    text_template_id: int = 0

    @property
    def number(self) -> str:
        """Return the destination with a plus; every number is international."""
        digits = self.destination_addr.removeprefix("+").removeprefix("00")
        return f"+{digits}"

    @property
    def originator(self) -> str:
        """Return the source as an originator is written: international numbers with a plus."""
        international = self.source_ton == 1 and self.source_addr.isdecimal()
        return f"+{self.source_addr}" if international else self.source_addr


def read(
    body: ShortMessage,
    *,
    default_coding: int,
    now: datetime,
    broken_tlvs: bool = False,
    names_templates: bool = False,
) -> SubmittedPdu:
    """Read one submit_sm; raise PduRefused.

    `default_coding` is what the account means by data_coding 0; `broken_tlvs` says that what
    stands behind the mandatory part could not be read; `names_templates`, that TLV 0x1401 is ours.
    """
    if broken_tlvs:
        raise PduRefused(ESME_RINVOPTPARSTREAM, "TLV_BROKEN")
    if body.esm_class & _TYPE_BITS:
        raise PduRefused(ESME_RINVESMCLASS, "ESM_CLASS")
    if len(body.destination_addr) > _MOST_ADDRESS or len(body.source_addr) > _MOST_ADDRESS:
        raise PduRefused(ESME_RINVDSTADR, "ADDRESS_TOO_LONG")
    part, octets = _segment(body)
    coding = _coding(body.data_coding, default_coding, octets)
    _check_length(octets, coding)
    due_at, valid_until = _times(body, now)
    reference = body.tlvs.get(Tag.user_message_reference)
    return SubmittedPdu(
        source_addr=body.source_addr,
        source_ton=body.source_addr_ton,
        source_npi=body.source_addr_npi,
        destination_addr=body.destination_addr,
        dest_ton=body.dest_addr_ton,
        dest_npi=body.dest_addr_npi,
        service_type=body.service_type[:6],
        registered_delivery=body.registered_delivery,
        user_message_reference=_number(reference) if reference else None,
        replaces=body.replace_if_present_flag == 1,
        coding=coding,
        octets=octets,
        part=part,
        due_at=due_at,
        valid_until=valid_until,
        text_template_id=_named_template(body) if names_templates else 0,
    )


def _named_template(body: ShortMessage) -> int:
    """Return the text template that a TLV names by its digits, 0 where there is none."""
    named = body.tlvs.get(_TEXT_TEMPLATE, b"").rstrip(b"\0")
    if named and not _ID.fullmatch(named):
        raise PduRefused(Vendor.TEXT_NOT_APPROVED, "TEMPLATE_ID")
    return int(named or 0)


def _coding(asked: int, default: int, octets: bytes) -> int:
    if asked == 0:
        return default
    # node-smpp writes GSM 7-bit by default and calls it ASCII; no ASCII text has these.
    if asked == _ASCII and _NOT_ASCII.intersection(octets):
        return _GSM
    if asked in _GSM_WITH_CLASS:
        return _GSM
    if asked in {_ASCII, _LATIN_1, _UCS_2}:
        return _LATIN_1 if asked == _ASCII else asked
    raise PduRefused(ESME_RSUBMITFAIL, "DATA_CODING")


def _segment(body: ShortMessage) -> tuple[Concatenation | None, bytes]:
    """Return which segment it is, None where it is a whole text, and its octets."""
    payload = body.tlvs.get(Tag.message_payload)
    if payload and body.short_message:
        raise PduRefused(ESME_ROPTPARNOTALLWD, "TEXT_TWICE")
    octets = body.short_message or payload or b""
    part = None
    if body.esm_class & ESM_CLASS_UDHI:
        part, rest = decode(octets)
        if rest == octets:
            raise PduRefused(ESME_RSUBMITFAIL, "UDH_BROKEN")
        octets = rest
    part = part or _by_tlvs(body)
    if part is None or part.segments == 1:
        return None, octets
    if part.segments > MOST_SEGMENTS:
        raise PduRefused(ESME_RINVMSGLEN, "MESSAGE_TOO_LONG")
    return part, octets


def _by_tlvs(body: ShortMessage) -> Concatenation | None:
    """Return what the TLVs say of concatenation (clauses 5.3.2.22 to .24)."""
    tags = (Tag.sar_msg_ref_num, Tag.sar_total_segments, Tag.sar_segment_seqnum)
    reference, segments, segment = (_number(body.tlvs.get(tag, b"")) for tag in tags)
    if not 1 <= segment <= segments <= 255:
        return None
    return Concatenation(reference, segments, segment, wide=True)


def _number(octets: bytes) -> int:
    return int.from_bytes(octets[:2], "big")


def _check_length(octets: bytes, coding: int) -> None:
    if not octets or len(octets) > _MOST_OCTETS:
        raise PduRefused(ESME_RINVMSGLEN, "MESSAGE_TOO_LONG" if octets else "TEXT_MISSING")
    if coding == _UCS_2 and len(octets) % 2:
        raise PduRefused(ESME_RSUBMITFAIL, "UCS2_ODD")


def _times(body: ShortMessage, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return from when and until when it may be sent, where the client says so."""
    try:
        due_at = moment(body.schedule_delivery_time, now)
    except BadTime:
        raise PduRefused(ESME_RINVSCHED, "SCHEDULE") from None
    if due_at is not None and due_at > now + LONGEST_SCHEDULE:
        raise PduRefused(ESME_RINVSCHED, "SCHEDULE_TOO_LATE")
    if due_at is not None and due_at <= now:
        due_at = None
    begins = due_at or now
    try:
        # A relative validity counts from the delivery that is scheduled (clause 5.2.16).
        valid_until = moment(body.validity_period, begins)
    except BadTime:
        raise PduRefused(ESME_RINVEXPIRY, "VALIDITY") from None
    if valid_until is not None and valid_until <= begins:
        raise PduRefused(ESME_RINVEXPIRY, "VALIDITY_OVER")
    return due_at, min(valid_until, begins + LONGEST_VALIDITY) if valid_until else None


def split_template(text: str) -> tuple[int, str]:
    """Return the text template named by `{tpl:ID}` in front of a whole text (0), and the rest."""
    found = _PREFIX.match(text)
    return (int(found[1]), text[found.end() :]) if found else (0, text)


def text_of(segments: Sequence[tuple[int, bytes]]) -> str:
    """Return the text of segments in their order, each with its alphabet and octets.

    Octets of one alphabet are joined before they are read: a character may begin in one segment
    and end in the next.
    """
    text = ""
    at = 0
    while at < len(segments):
        coding, end = segments[at][0], at
        while end < len(segments) and segments[end][0] == coding:
            end += 1
        text += data_coding.decode(b"".join(octets for _, octets in segments[at:end]), coding)
        at = end
    return text
