"""What a Celery message carries beside its arguments: the request's id and the trace's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from structlog.contextvars import get_contextvars

from accounts import tracing

REQUEST_ID = "request_id"
TRACE = "traceparent"


@dataclass(frozen=True, slots=True)
class Came:
    """What came with a task."""

    context: Mapping[str, str]
    trace: Mapping[str, str]


def outgoing() -> dict[str, str]:
    """Return the headers for a task that is started now."""
    headers = tracing.outgoing()
    if request_id := get_contextvars().get(REQUEST_ID):
        headers[REQUEST_ID] = str(request_id)
    return headers


def incoming(request: Any) -> Came:
    """Return what came with the task of a Celery request; a task run in place has it bound."""
    found = {name: str(getattr(request, name, None) or "") for name in (REQUEST_ID, TRACE)}
    context = {REQUEST_ID: found[REQUEST_ID]} if found[REQUEST_ID] else {}
    return Came(context, {TRACE: found[TRACE]} if found[TRACE] else {})
