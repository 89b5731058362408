"""The ids that belong to what is done just now: of the request, of the Celery task, of rows.

They stand in every log line of it, and go along to Celery tasks that it starts.
"""

import re
import uuid
from collections.abc import Callable
from typing import Any

from celery import signals
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import (
    bind_contextvars,
    clear_contextvars,
    get_contextvars,
    reset_contextvars,
)

from accounts.masking import mask_numbers
from accounts.tracing import span
from smsconsole.watching import carrying

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F-]{32,36}\Z")
_TOKENS = "_bound_ids"


def request_id_of(given: str | None) -> str:
    """Return the id that a proxy gave the request, or a new one.

    It stands in logs, so what could be somebody's number, or anything but an id, is not taken.
    """
    if not given or not _WELL_FORMED.match(given):
        return uuid.uuid4().hex
    is_number = not _HEXADECIMAL.match(given) and mask_numbers(given) != given
    return uuid.uuid4().hex if is_number else given


class RequestIdMiddleware:
    """Gives every request an id, which its answer names; the first of all middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the id bound, and traced if traces are on."""
        # A thread answers one request after the other; whatever an earlier one bound is over.
        clear_contextvars()
        bind_contextvars(request_id=request_id_of(request.headers.get(HEADER)))
        try:
            with span("request", carried=request.headers, method=request.method) as traced:
                response = self.get_response(request)
                traced.note(status=response.status_code, view=_view_of(request))
            # The API has ids of its own, which its answers name.
            response.headers[HEADER] = get_contextvars()[carrying.REQUEST_ID]
            return response
        finally:
            clear_contextvars()


def _view_of(request: HttpRequest) -> str:
    """Return the name of the view: an address may hold a token."""
    match = request.resolver_match
    return match.view_name if match else ""


def give_along(headers: dict[str, Any] | None = None, **_later: object) -> None:
    """Put the ids of what is done now on the way with a task."""
    if headers is not None:
        headers.update(carrying.outgoing())


def bind(task_id: str = "", task: Any = None, kwargs: Any = None, **_later: object) -> None:
    """Bind the ids of a task: its own, those it came with, those it is called with."""
    request = task.request
    ids = {name: value for name, value in dict(kwargs or {}).items() if _is_row(name, value)}
    came = carrying.incoming(request)
    tokens = bind_contextvars(celery_task=task.name, celery_task_id=task_id, **came.context, **ids)
    began = span(task.name, carried=came.trace, celery_task_id=task_id, **ids)
    began.__enter__()
    setattr(request, _TOKENS, (tokens, began))


def unbind(task: Any = None, state: str = "", **_later: object) -> None:
    """Forget them, so that the next task of this process begins with nothing."""
    kept = getattr(task.request, _TOKENS, None)
    if kept is None:
        return
    tokens, began = kept
    began.note(state=state or "")
    began.__exit__(None, None, None)
    reset_contextvars(**tokens)


def _is_row(name: str, value: object) -> bool:
    return name.endswith("_id") and isinstance(value, int)


def follow_tasks() -> None:
    """Bind ids in every task of this process from now on, and give them along."""
    signals.before_task_publish.connect(give_along)
    signals.task_prerun.connect(bind)
    signals.task_postrun.connect(unbind)
