"""What an answer means: accepted, refused, too fast, or nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sending.gateways.base import (
    PART_SEPARATOR,
    THROTTLED,
    SubmitRefused,
    SubmitResult,
    Unanswered,
)
from sending.gateways.http.rules import (
    DocumentUnreadable,
    Finder,
    as_code,
    as_id,
    read_document,
    vendor_code,
)
from sending.gateways.http.settings import AnswerSettings

UNREADABLE = "RESPONSE_UNREADABLE"

# Where the operator lists nothing else. 429 and 503 ask for patience. The others refuse us or our
# set-up, not the message: a wrong key must not reject a million of them.
_THROTTLED = frozenset({"HTTP_429", "HTTP_503"})
_TEMPORARY = frozenset(
    f"HTTP_{status}" for status in (401, 402, 403, 404, 405, 407, 408, 421, 425, *range(300, 400))
)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An HTTP response as it came."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the rules found in an answer."""

    message_ids: tuple[str, ...]
    success: str | None
    error: str


def read_answer(settings: AnswerSettings, answer: HttpAnswer, reference: str) -> SubmitResult:
    """Return the gateway's yes; raise SubmitRefused for its no, and Unanswered for neither.

    `reference` is what we called the message; it is the id where the gateway gives none.
    """
    heard = _hear(settings, answer)
    said_no = bool(settings.success and heard.success and not _is_yes(settings, heard))
    if answer.status // 100 == 2 and (settings.success is None or _is_yes(settings, heard)):
        message_ids = heard.message_ids if settings.message_ids else (reference,)
        if message_ids:
            return SubmitResult(PART_SEPARATOR.join(message_ids))
    raise _no(settings, answer.status, heard.error, said_no=said_no or bool(heard.error))


def _hear(settings: AnswerSettings, answer: HttpAnswer) -> _Heard:
    try:
        document = read_document(answer.body, settings.format)
    except DocumentUnreadable:
        return _Heard((), None, "")
    ids = settings.message_ids(document) if settings.message_ids else []
    return _Heard(
        message_ids=tuple(found for found in ids if as_id(found)),
        success=_find(settings.success, document),
        error=as_code(_find(settings.error, document) or ""),
    )


def _find(rule: Finder | None, document: Any) -> str | None:
    return rule(document) if rule else None


def _is_yes(settings: AnswerSettings, heard: _Heard) -> bool:
    return heard.success is not None and heard.success.lower() in settings.success_values


def _no(
    settings: AnswerSettings, status: int, error: str, *, said_no: bool
) -> SubmitRefused | Unanswered:
    """Return what a missing yes means: the code decides, then the status, then its class."""
    named = vendor_code(error) or f"HTTP_{status}"
    for given in (error, f"HTTP_{status}"):
        if refusal := _listed(settings, given, named):
            return refusal
    if refusal := _by_default(f"HTTP_{status}", named):
        return refusal
    if status >= 500 or (status < 300 and not said_no):
        # It may have been accepted before something broke.
        return Unanswered(named if error or status >= 500 else UNREADABLE)
    return SubmitRefused(named)


def _listed(settings: AnswerSettings, given: str, named: str) -> SubmitRefused | None:
    """Return the refusal that the operator's lists give a code or a status."""
    listed = given.lower()
    if listed in settings.throttled:
        return _too_fast()
    if listed in settings.temporary:
        return SubmitRefused(named, temporary=True)
    return SubmitRefused(named) if listed in settings.permanent else None


def _by_default(status: str, named: str) -> SubmitRefused | None:
    if status in _THROTTLED:
        return _too_fast()
    return SubmitRefused(named, temporary=True) if status in _TEMPORARY else None


def _too_fast() -> SubmitRefused:
    return SubmitRefused(THROTTLED, temporary=True, throttled=True)
