"""The envelope of every answer: HTTP 200, JSON, a RequestId, whatever happened."""

import json
from typing import Any


def enveloped(request_id: str, answer: dict[str, Any]) -> bytes:
    """Return the octets of an answer."""
    return json.dumps({"Response": {**answer, "RequestId": request_id}}).encode()


def error(code: str, message: str) -> dict[str, Any]:
    """Return what stands in the envelope of a refused request."""
    return {"Error": {"Code": code, "Message": message}}
