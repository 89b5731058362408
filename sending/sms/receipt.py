"""Delivery receipts as SMSCs write them: the text of SMPP 3.4 appendix B, and its TLVs."""

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import IntEnum
from functools import lru_cache


class ReceiptState(IntEnum):
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


# What `stat:` says, letters only: appendix B writes seven words, vendors write more or fewer.
# "Delivered to network" is no delivery, so these are whole words …
_DELIVERED = frozenset(
    (
        *("DELIVRD", "DELIVERED", "DELIVRED", "DELIVERD", "DELIVD", "DLVRD"),
        *("DELIVEREDTOHANDSET", "DELIVEREDTOTERMINAL", "DELIVEREDTODEVICE"),
        *("DELIVEREDTORECIPIENT", "DELIVEREDTOSUBSCRIBER"),
    )
)
# … and these beginnings.
_STATS = (
    (("DELETE", "DELETD", "DELTD", "CANCEL"), ReceiptState.DELETED),
    (("EXPIR", "EXPRD", "EXPD"), ReceiptState.EXPIRED),
    (("UNDEL", "UNDLV", "NOTDELIV", "NONDELIV", "FAIL"), ReceiptState.UNDELIVERABLE),
    (("ACCEPT", "ACCPT", "ACK"), ReceiptState.ACCEPTED),
    (("ENR", "BUFF", "QUEUED", "PENDING", "SENT", "SUBMIT", "TRANSMIT"), ReceiptState.ENROUTE),
    (("DELIVEREDTONETWORK", "DELIVEREDTOSMSC", "DELIVRDNETWORK"), ReceiptState.ENROUTE),
    (("REJ",), ReceiptState.REJECTED),
    (("SCHEDUL",), ReceiptState.SCHEDULED),
    (("SKIP",), ReceiptState.SKIPPED),
    (("UNKN",), ReceiptState.UNKNOWN),
)

# `text:` ends the receipt: what follows is the beginning of the message and may hold anything.
_TEXTS = frozenset({"text", "txt", "msg", "message"})
_SEPARATOR = re.compile(r"[\s,;|&\"']")
_BETWEEN = " \t\r\n,;|&\"'"
_KEY = re.compile(
    r"(?:^|(?<=[\s,;|&\"'{]))"
    r"((?:(?:msg|message)[ _-]?)?id|sub|dlvrd|submit[ _-]?date|done[ _-]?date|stat(?:e|us)?"
    r"|err(?:or)?(?:[ _-]?code)?|text|txt|msg|message)[\"']?\s*[:=]\s*",
    re.IGNORECASE,
)
# The layout of appendix B, which most centres keep to, where every value has its shape: read, and
# kept for people, in one go.
_USUAL = re.compile(
    r"id:([0-9A-Za-z_.-]{1,65}) sub:[0-9]{1,3} dlvrd:[0-9]{1,3} submit date:[0-9]{10,12}"
    r" done date:([0-9]{10,12}) stat:([A-Za-z]{1,20}) err:([0-9A-Za-z]{1,20})(?: text:|\Z)",
    re.IGNORECASE,
)
# "stat:DELIVRDerr:000" and "stat:<DELIVRD>" say DELIVRD.
_STAT_WORD = re.compile(r"[<\[(]?[A-Z]+?(?:[_-][A-Z]+?)*?(?=ERR[:=]|[_-]*(?:[^A-Z_-]|\Z))")
_LONGEST_RECEIPT = 1024
_LONGEST_ID = 65  # SMPP 3.4, 4.4.2: message_id is a C-octet string of at most 65 octets.
_LONGEST_ERROR = 20
# With twelve digits a month of 20 or more tells that the year has four.
_DATES = {
    10: ("%y%m%d%H%M",),
    12: ("%y%m%d%H%M%S", "%Y%m%d%H%M"),
    14: ("%Y%m%d%H%M%S",),
}
# Absolute time of SMPP 3.4, 7.1.1: tenths of a second, then quarters of an hour from UTC.
_ABSOLUTE = re.compile(r"([0-9]{12})[0-9]([0-9]{2})([+-])")
# Values without a space; of the rest of a field, only a time may belong to it.
_WORD = r"[^\s,;|&\"']{1,65}"
_SHAPES = {
    "id": re.compile(_WORD),
    "sub": re.compile(r"[0-9]{1,3}"),
    "dlvrd": re.compile(r"[0-9]{1,3}"),
    "stat": re.compile(r"[A-Za-z_-]{1,20}"),
    "err": re.compile(r"[0-9A-Za-z_.-]{1,20}"),
    "date": re.compile(
        r"[0-9]{10,16}[+-]?(?!\S)|[0-9]{2,4}[-/.]?[0-9]{2}[-/.]?[0-9]{2}"
        r"(?:[T ]?[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
        r"(?:Z| ?(?:UTC|GMT)| ?[+-][0-9]{2}:?[0-9]{2})?)?(?!\S)"
    ),
}

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


# A receipt is read twice, for us and for people.
@lru_cache(maxsize=1)
def as_text(octets: bytes) -> str:
    """Return the text of a receipt, whatever data_coding says: centres often say the wrong one.

    The fields are ASCII in any alphabet. In UCS-2 every other octet of them is NUL, and without
    those the fields remain (not so the message behind them, which nobody reads).
    """
    head = octets[:64]
    between = b"" if head.count(0) * 3 >= len(head) > 0 else b" "
    return octets.replace(b"\0", between).decode("latin-1").lstrip("\xfe\xff")[:_LONGEST_RECEIPT]


def without_message(octets: bytes) -> str:
    """Return the fields of a receipt for people, without anything that could be message text.

    `text:` repeats the beginning of the message, which may be a one-time password. Fields
    keep only what has the shape of their value; without an id and a status that can be read,
    only their names are kept.
    """
    text = as_text(octets)
    usual = _usual(text)
    if usual and _known_state(usual[3]) is not None:
        return usual[0]
    fields: dict[str, str] = {}
    shown: list[tuple[str, str]] = []
    for key, written, value in _spans(text):
        if key in fields:
            # One of the two is the message's.
            fields[key] = fields[key] if key in {"id", "stat"} else ""
            break
        fields[key] = _shaped(key, value)
        shown.append((key, written))
        if fields[key] != value:
            # Words that belong to no field: the message has begun.
            break
    legible = fields.get("id") and _known_state(fields.get("stat", "")) is not None
    return " ".join(f"{written}{fields[key] if legible else ''}" for key, written in shown)


@lru_cache(maxsize=1)
def _usual(text: str) -> re.Match[str] | None:
    return _USUAL.match(text)


def _spans(text: str) -> list[tuple[str, str, str]]:
    """Return key, key as written with its separator, and value; `text` is the last one."""
    found = list(_KEY.finditer(text))
    spans: list[tuple[str, str, str]] = []
    for at, match in enumerate(found):
        key = _canonical(match[1])
        if key in _TEXTS:
            return [*spans, ("text", match[0].strip(), "")]
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        spans.append((key, match[0].strip(), text[match.end() : end].strip(_BETWEEN)))
    return spans


def _canonical(written: str) -> str:
    key = re.sub(r"[ _-]", "", written.lower())
    if key.endswith("id"):
        return "id"
    return next((short for short in ("stat", "err") if key.startswith(short)), key)


def _shaped(key: str, value: str) -> str:
    shape = _SHAPES.get("date" if key.endswith("date") else key)
    matched = shape.match(value) if shape else None
    return matched[0] if matched else ""


def _fields(short_message: str | bytes) -> dict[str, str]:
    if isinstance(short_message, bytes):
        short_message = as_text(short_message)
    short_message = short_message[:_LONGEST_RECEIPT].replace("\0", " ")
    if usual := _usual(short_message):
        return dict(zip(("id", "donedate", "stat", "err"), usual.groups(), strict=True))
    fields: dict[str, str] = {}
    for key, _, value in _spans(short_message):
        if key == "err" and key in fields:
            # One of the two is the message's.
            fields[key] = ""
        fields.setdefault(
            key, value if key == "donedate" else _SEPARATOR.split(value, maxsplit=1)[0]
        )
    return fields


def _state(stat: str, message_state: int | None) -> tuple[ReceiptState, str]:
    """Return the state, and the word for it where nobody knows that word."""
    if message_state is not None:
        try:
            return ReceiptState(message_state), ""
        except ValueError:
            if not stat:
                return ReceiptState.UNKNOWN, str(message_state)
    if not stat:
        raise ReceiptError(RECEIPT_WITHOUT_STATE)
    state = _known_state(stat)
    if state is not None:
        return state, ""
    # An unknown word may be anything: only what looks like a state is kept.
    return ReceiptState.UNKNOWN, stat if _SHAPES["stat"].fullmatch(stat) else ""


@lru_cache(maxsize=256)
def _known_state(stat: str) -> ReceiptState | None:
    word = _STAT_WORD.match(stat.upper())
    letters = re.sub("[^A-Z]", "", word[0]) if word else ""
    if letters in _DELIVERED:
        return ReceiptState.DELIVERED
    return next((state for words, state in _STATS if letters.startswith(words)), None)


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
    try:
        # A date at the very edge of the calendar has no UTC.
        return _local(_SHAPES["date"].match(written), zone)
    except (ValueError, OverflowError):
        return None


def _local(found: re.Match[str] | None, zone: tzinfo) -> datetime | None:
    written = found[0] if found else ""
    if absolute := _ABSOLUTE.fullmatch(written):
        quarters = int(absolute[2]) * (1 if absolute[3] == "+" else -1)
        at = datetime.strptime(absolute[1], "%y%m%d%H%M%S").replace(tzinfo=UTC)
        return at - timedelta(minutes=15 * quarters)
    if re.match(r"[0-9]{4}-", written):
        zoned = re.sub(r" ?(?:UTC|GMT)\Z", "Z", written)
        iso = datetime.fromisoformat(re.sub(r" (?=[+-])", "", zoned))
        return (iso if iso.tzinfo else iso.replace(tzinfo=zone)).astimezone(UTC)
    digits = re.sub(r"\D", "", written)
    for layout in _DATES.get(len(digits), ()):
        with contextlib.suppress(ValueError):
            return datetime.strptime(digits, layout).replace(tzinfo=zone).astimezone(UTC)
    return None
