"""One POST from an endpoint that was claimed: its events, its body, and what its answer means."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from accounts import shared_time
from accounts.models import CallbackDialect, SmsApplication
from sending.callbacks import bodies, endpoints, signing, twilio_forms
from sending.callbacks.giving_up import dead
from sending.callbacks.post import RESULT, CallbackAnswer, Posting
from sending.callbacks.target import BadUrl, read_url
from sending.callbacks.twilio_forms import TokenMissing, url_of_message
from sending.models import CallbackEndpoint, CallbackEvent, CallbackKind
from sending.models.callback_endpoint import LARGEST_BATCH
from sending.models.callback_event import ON_THE_WAY

BAD_URL = "BAD_URL"
SECRET_UNREADABLE = "SECRET_UNREADABLE"  # noqa: S105 - a code.
"""It was encrypted under a SECRET_KEY that nobody named any more."""
TOKEN_MISSING = "TOKEN_MISSING"  # noqa: S105 - a code.
"""Forms of Twilio are signed with the auth token of the application, and it has none."""
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=30)
MOST_TRIES_ON_THE_WAY = 2
"""What follows of the same message waits for a step on its way, so that is tried once more only."""
# Two endpoints that failed together do not come back together.
_JITTER = 0.25
_NOTHING_TO_TELL = timedelta(seconds=5)
# What may be said of one event rather than of the endpoint: the same events would be refused again.
_OF_EVENTS = frozenset({"HTTP_400", "HTTP_409", "HTTP_413", "HTTP_422", "HTTP_500"})


_ERRORS: Mapping[type[Exception], str] = {
    BadUrl: BAD_URL,
    InvalidToken: SECRET_UNREADABLE,
    TokenMissing: TOKEN_MISSING,
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """An endpoint in our hands and what it is told now."""

    endpoint: CallbackEndpoint
    event_ids: Sequence[int]
    posting: Posting = field(repr=False)


def prepare(endpoint: CallbackEndpoint) -> Delivery | None:
    """Return what a claimed endpoint is to be told; None, and it is given back, if nothing."""
    application = SmsApplication.objects.filter(pk=endpoint.application_id).first()
    is_told = application is not None and (_is_named(endpoint) or _url(application, endpoint))
    events = batch(endpoint, in_forms=_is_of_twilio(application, endpoint)) if is_told else []
    if application is None or not events:
        # Those of an endpoint without URL are given up soon (giving_up.py).
        endpoints.release(endpoint, shared_time.now() + _NOTHING_TO_TELL)
        return None
    event_ids = [event.pk for event in events]
    try:
        posting = _posting(application, endpoint, events)
    except (BadUrl, InvalidToken, TokenMissing) as problem:
        # None of them may end the round of all others.
        record(endpoint, event_ids, CallbackAnswer(None, 0, _ERRORS[type(problem)]))
        return None
    return Delivery(endpoint, event_ids, posting)


def _url(application: SmsApplication, endpoint: CallbackEndpoint) -> str:
    return endpoints.url_of(application, endpoint.kind)


def _is_named(endpoint: CallbackEndpoint) -> bool:
    return endpoint.kind == CallbackKind.NAMED.value


def _is_of_twilio(application: SmsApplication | None, endpoint: CallbackEndpoint) -> bool:
    """Tell whether an endpoint is told in the words of Twilio: one event a form."""
    if application is None or _is_named(endpoint):
        return True
    return bool(application.callback_dialect == CallbackDialect.TWILIO.value)


def _posting(
    application: SmsApplication, endpoint: CallbackEndpoint, events: Sequence[CallbackEvent]
) -> Posting:
    """Return the request that tells events; raise BadUrl, InvalidToken or TokenMissing."""
    if _is_of_twilio(application, endpoint):
        (event,) = events
        url = url_of_message(event) if _is_named(endpoint) else _url(application, endpoint)
        return twilio_forms.posting_of(application, endpoint, event, url)
    target, secret = read_url(_url(application, endpoint)), application.callback_secret
    body = bodies.body_of(endpoint.kind, events)
    notice = signing.CallbackNotice(
        application.sdk_app_id,
        endpoint.kind,
        endpoint.sequence,
        [event.pk for event in events],
    )
    timestamp = int(shared_time.now().timestamp())
    headers = signing.headers(notice, secret, timestamp, body)
    return Posting(target, headers, body)


def batch(endpoint: CallbackEndpoint, *, in_forms: bool = False) -> list[CallbackEvent]:
    """Return the events that an endpoint is told next: the oldest, but for those put aside.

    What follows an event put aside, of the same message, waits with it. When its time has come it
    goes alone, so that it holds up no others again. A form, as Twilio writes it, has one event.
    """
    now = shared_time.now()
    waiting = CallbackEvent.objects.waiting(endpoint.application_id, endpoint.kind)
    told_now = waiting.tellable(now)
    if _is_named(endpoint):
        # Each has a URL of its own: many may be put aside, and none goes before the others.
        return list(told_now[:1])
    # By index callback_event_aside; there is one for each attempt at most, so they are few.
    again = list(told_now.filter(aside_until__isnull=False)[:1])
    is_alone = in_forms or endpoint.kind == CallbackKind.REPLY.value
    events = again or list(told_now[: 1 if is_alone else endpoint.batch_size])
    return events if in_forms else _without_steps(events, now)


def _without_steps(events: Sequence[CallbackEvent], now: datetime) -> list[CallbackEvent]:
    """Give up the steps on the way: they were written while the receiver still read forms."""
    steps = [event.pk for event in events if event.state in ON_THE_WAY]
    if steps:
        CallbackEvent.objects.filter(pk__among=steps).update(**dead(now))
    return [event for event in events if event.state not in ON_THE_WAY]


def record(endpoint: CallbackEndpoint, event_ids: Sequence[int], answer: CallbackAnswer) -> None:
    """Write down what an answer means, and give the endpoint back.

    A lease that ran out meanwhile is another worker's: then the events alone are written, which
    were told all the same.
    """
    now = shared_time.now()
    said: dict[str, Any] = {
        "answer_status": answer.status,
        "answer_ms": answer.milliseconds,
        "error": answer.error,
    }
    events = CallbackEvent.objects.filter(pk__among=event_ids)
    with transaction.atomic():
        if answer.error:
            of_events, of_endpoint = _failed(endpoint, event_ids, answer.error, now)
        else:
            of_events, of_endpoint = _told(endpoint, now)
        events.update(attempts=F("attempts") + 1, **said, **of_events)
        endpoints.held_by(endpoint).update(
            leased_until=None, lease="", attempted_at=now, **said, **of_endpoint
        )


_Changes = tuple[dict[str, Any], dict[str, Any]]


def _told(endpoint: CallbackEndpoint, now: datetime) -> _Changes:
    """Return what a success changes at its events and at the endpoint."""
    of_events = {"due_at": None, "aside_until": None, "dead_at": None, "delivered_at": now}
    return of_events, {
        "failures": 0,
        "down_since": None,
        "next_attempt_at": now,
        "batch_size": min(endpoint.batch_size * 2, LARGEST_BATCH),
    }


def _failed(
    endpoint: CallbackEndpoint, event_ids: Sequence[int], error: str, now: datetime
) -> _Changes:
    """Return what a failure changes at its events and at the endpoint.

    Where the events may be to blame, fewer go next; one that is refused alone is put aside, for
    longer each time, and never shorter than until the others were tried.
    """
    attempts, is_on_the_way = _of_first(event_ids)
    gone = dead(now) if is_on_the_way and attempts >= MOST_TRIES_ON_THE_WAY else {}
    if _is_named(endpoint):
        # Its URL is to blame, and no other message has that.
        return gone or {"aside_until": now + wait_after(attempts)}, {"next_attempt_at": now}
    wait = wait_after(endpoint.failures + 1)
    of_events: dict[str, Any] = dict(gone)
    of_endpoint: dict[str, Any] = {
        "failures": F("failures") + 1,
        "down_since": Coalesce("down_since", now),
        "next_attempt_at": now + wait,
    }
    if not gone and (error.startswith(RESULT) or error in _OF_EVENTS):
        if len(event_ids) > 1:
            of_endpoint["batch_size"] = len(event_ids) // 2
        else:
            of_events["aside_until"] = now + max(2 * wait, wait_after(attempts))
    return of_events, of_endpoint


def _of_first(event_ids: Sequence[int]) -> tuple[int, bool]:
    """Return how often the first event was tried, this time too, and whether it is a step."""
    events = CallbackEvent.objects.filter(pk__among=event_ids[:1])
    attempts, state = events.values_list("attempts", "state").first() or (0, "")
    return attempts + 1, state in ON_THE_WAY


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: twice as long each time, roughly."""
    doublings: int = min(failures - 1, 20)
    wait = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return wait * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - only spreads load.
