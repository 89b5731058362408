"""Delivery receipts as SMSCs write them: the text of SMPP 3.4 appendix B, and its TLVs."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import IntEnum
from functools import lru_cache


class MessageState(IntEnum):
    """message_state (SMPP 3.4, 5.2.28; SCHEDULED and SKIPPED are of version 5.0)."""

    SCHEDULED = 0
    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8
    SKIPPED = 9


# What `stat:` says, by its first letters: appendix B writes seven, vendors write more or fewer.
_STATS = (
    ("DELIVRD", MessageState.DELIVERED),
    ("DELIVERED", MessageState.DELIVERED),
    ("DELETED", MessageState.DELETED),
    ("EXPIRED", MessageState.EXPIRED),
    ("UNDELIV", MessageState.UNDELIVERABLE),
    ("FAILED", MessageState.UNDELIVERABLE),
    ("ACCEPTD", MessageState.ACCEPTED),
    ("ACCEPTED", MessageState.ACCEPTED),
    ("ENROUTE", MessageState.ENROUTE),
    ("BUFFERED", MessageState.ENROUTE),
    ("BUFFRED", MessageState.ENROUTE),
    ("REJECT", MessageState.REJECTED),
    ("SCHEDUL", MessageState.SCHEDULED),
    ("SKIPPED", MessageState.SKIPPED),
    ("UNKNOWN", MessageState.UNKNOWN),
)

# `text:` ends the receipt: what follows is the beginning of the message and may hold anything.
_KEY = re.compile(
    r"(?:^|(?<=[\s,;]))(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err|text)\s*[:=]\s*",
    re.IGNORECASE,
)
# The layout of appendix B, which most centres keep to: read in one go.
_USUAL = re.compile(
    r"id:([^\s,;:=]+) sub:[0-9]+ dlvrd:[0-9]+ submit date:[0-9]+ done date:([0-9]+)"
    r" stat:([A-Za-z]+) err:([0-9A-Za-z]+)(?: text:|$)",
    re.IGNORECASE,
)
_LONGEST_RECEIPT = 1024
_LONGEST_ID = 65  # SMPP 3.4, 4.4.2: message_id is a C-octet string of at most 65 octets.
_LONGEST_ERROR = 20
_DATES = {10: "%y%m%d%H%M", 12: "%y%m%d%H%M%S", 14: "%Y%m%d%H%M%S"}

RECEIPT_WITHOUT_ID = "RECEIPT_WITHOUT_ID"
RECEIPT_WITHOUT_STATE = "RECEIPT_WITHOUT_STATE"
CODES = (RECEIPT_WITHOUT_ID, RECEIPT_WITHOUT_STATE)


class ReceiptError(ValueError):
    """Not a receipt that can be used: one of CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a network says of one submission.

    `gateway_message_id` is as the gateway spelt it. `message_state` is a name of SMPP 3.4,
    5.2.28. `error` is the network's own code, `000` and `0` being no error (empty).
    """

    gateway_message_id: str
    message_state: str
    error: str
    done_at: datetime | None


def parse(
    short_message: str | bytes,
    *,
    receipted_message_id: str | None = None,
    message_state: int | None = None,
    network_error_code: bytes | None = None,
    zone: tzinfo = UTC,
) -> Receipt:
    """Read a receipt; where text and TLV differ the TLV counts. Raises ReceiptError.

    Dates carry no zone: they are taken as `zone`, and `done_at` is UTC; a date that is none is
    None. A state nobody knows is UNKNOWN, its word kept as the error, since guessing would call
    delivered what nobody confirmed.
    """
    fields = _fields(short_message)
    gateway_message_id = (receipted_message_id or fields.get("id", "")).strip("\0 ")
    if not gateway_message_id or len(gateway_message_id) > _LONGEST_ID:
        raise ReceiptError(RECEIPT_WITHOUT_ID)
    error = _error(fields.get("err", ""), network_error_code)
    state, unread = _state(fields.get("stat", ""), message_state)
    return Receipt(
        gateway_message_id, state.name, error or unread, _date(fields.get("donedate", ""), zone)
    )


def _fields(short_message: str | bytes) -> dict[str, str]:
    if isinstance(short_message, bytes):
        short_message = short_message.decode("latin-1")
    short_message = short_message[:_LONGEST_RECEIPT].replace("\0", " ")
    if usual := _USUAL.match(short_message):
        return dict(zip(("id", "donedate", "stat", "err"), usual.groups(), strict=True))
    fields: dict[str, str] = {}
    key, start = None, 0
    for found in _KEY.finditer(short_message):
        if key is not None:
            fields.setdefault(key, short_message[start : found.start()].strip(" \t\r\n,;"))
        key, start = re.sub(r"[ _]", "", found[1].lower()), found.end()
        if key == "text":
            return fields
    if key is not None:
        fields.setdefault(key, short_message[start:].strip(" \t\r\n,;"))
    return fields


def _state(stat: str, message_state: int | None) -> tuple[MessageState, str]:
    """Return the state, and the word for it where nobody knows that word."""
    if message_state is not None:
        try:
            return MessageState(message_state), ""
        except ValueError:
            if not stat:
                return MessageState.UNKNOWN, str(message_state)
    if not stat:
        raise ReceiptError(RECEIPT_WITHOUT_STATE)
    for beginning, state in _STATS:
        if stat.upper().startswith(beginning):
            return state, ""
    return MessageState.UNKNOWN, stat[:_LONGEST_ERROR]


def _error(err: str, network_error_code: bytes | None) -> str:
    """Return the code of the text, else of the TLV (SMPP 3.4, 5.3.2.31: type, then two octets)."""
    word = "".join(err.split(maxsplit=1)[:1])[:_LONGEST_ERROR]
    if word.strip("0xX"):
        return word
    if network_error_code is not None and len(network_error_code) == 3:
        number = int.from_bytes(network_error_code[1:], "big")
        return f"{number:03d}" if number else ""
    return ""


@lru_cache(maxsize=1024)
def _date(written: str, zone: tzinfo) -> datetime | None:
    digits = re.sub(r"\D", "", written)
    layout = _DATES.get(len(digits))
    if layout is None:
        return None
    try:
        # A date at the very edge of the calendar has no UTC.
        return datetime.strptime(digits, layout).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
