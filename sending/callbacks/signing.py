"""What proves to a receiver that a callback is ours, and says which it is (docs/callbacks.md)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

TIMESTAMP = "SmsConsole-Timestamp"
SEQUENCE = "SmsConsole-Sequence"
EVENT_KIND = "SmsConsole-Event-Kind"
EVENT_IDS = "SmsConsole-Event-Ids"
APPLICATION = "SmsConsole-Application"
SIGNATURE = "SmsConsole-Signature"


@dataclass(frozen=True, slots=True)
class CallbackNotice:
    """What the headers of one POST say; `sequence` counts the POSTs to its endpoint."""

    sdk_app_id: str
    kind: str
    sequence: int
    event_ids: Sequence[int]


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the value of the signature header: HMAC-SHA256 over `timestamp.body`, in hex."""
    signed = f"{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def headers(
    notice: CallbackNotice, secret: str, timestamp: int, body: bytes
) -> list[tuple[str, str]]:
    """Return the headers that are our own; `timestamp` is in seconds since 1970."""
    return [
        (APPLICATION, notice.sdk_app_id),
        (EVENT_KIND, notice.kind),
        (EVENT_IDS, ",".join(map(str, notice.event_ids))),
        (SEQUENCE, str(notice.sequence)),
        (TIMESTAMP, str(timestamp)),
        (SIGNATURE, signature(secret, timestamp, body)),
    ]
