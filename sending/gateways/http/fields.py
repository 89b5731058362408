"""The fields of patterns, filled for one message."""

from __future__ import annotations

from sending.gateways.base import GatewayConfig, SubmitRequest
from sending.gateways.http.pattern import Values

_UCS2 = 8  # data_coding, SMPP 3.4 clause 5.2.19.
_A_DAY = 86_400


def reference_of(request: SubmitRequest) -> str:
    """Return what identifies one attempt to send one message; no two attempts share it."""
    return f"{request.message_id}-{request.attempt}"


def values_of(request: SubmitRequest, config: GatewayConfig) -> Values:
    """Return a value for every field; raise UnicodeEncodeError for what is no text."""
    seconds = request.validity_seconds or _A_DAY
    return {
        "destination": request.destination,
        "destination_digits": request.destination.removeprefix("+"),
        "originator": request.source_addr,
        "text": request.text,
        "text_ucs2_hex": request.text.encode("utf-16-be").hex().upper(),
        "message_id": str(request.message_id),
        "reference": reference_of(request),
        "segments": str(request.segments),
        "data_coding": str(request.data_coding),
        "unicode": "1" if request.data_coding == _UCS2 else "0",
        "validity_seconds": str(seconds),
        "validity_minutes": str(max(1, seconds // 60)),
        "username": config.settings.get("username", ""),
        "secret": config.password,
        "receipt_url": config.receipt_url,
    }
