"""Idempotency-Key: the same request once, whoever asks again and whenever something breaks.

The key is committed first, with a claim. The answer is written in the transaction that does the
thing, and only while the claim holds: as long as a key has no answer nothing was done, and whoever
has lost the claim is undone. So a process may die at any moment, and nothing is lost or done twice.
"""

import contextlib
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError

from accounts import shared_time
from sending.models import IdempotentRequest

KEPT = timedelta(hours=24)
WAIT_SECONDS = 2.0
"""Of one who asks while another is at it."""
CLAIM_SECONDS = 30.0
"""After it a claim without an answer may be taken over: its process died, or is undone."""
_LOOK_SECONDS = 0.05

Answer = dict[str, Any]
Keep = Callable[[Answer], None]


class ClaimLost(Exception):
    """Somebody else has taken the request over; what was done is undone."""


class KeyUsed(Exception):
    """The key was used for another request within a day."""


class StillHandled(Exception):
    """The first request with the key is under way."""


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request with a key of its application; `digest` is the SHA-256 of what it asks for."""

    organization_id: int
    application_id: int
    key: str
    digest: str


def once(asked: KeyedRequest, act: Callable[[Keep], Answer]) -> tuple[Answer, bool]:
    """Act, or return what was kept of the answer to the first request, and whether it was.

    `act` calls what it is given in the transaction that does the thing, with what is to be kept of
    its answer; where it does not, its answer is kept. Raises KeyUsed and StillHandled.
    """
    until = time.monotonic() + WAIT_SECONDS
    while True:
        row, claim = _claimed(asked)
        if claim is not None:
            try:
                return _act(act, row, claim), False
            except ClaimLost:
                continue
        if row.digest != asked.digest:
            raise KeyUsed
        if row.answer:
            return json.loads(row.answer), True
        if time.monotonic() >= until:
            raise StillHandled
        time.sleep(_LOOK_SECONDS)


def _claimed(asked: KeyedRequest) -> tuple[IdempotentRequest, uuid.UUID | None]:
    """Return the row of the key, and a claim where it is ours to act."""
    # Any organization: an application is of one, and its key was proved.
    rows = IdempotentRequest.objects.filter(application_id=asked.application_id, key=asked.key)
    now, claim = shared_time.now(), uuid.uuid4()
    rows.filter(created_at__lt=now - KEPT).delete()
    row, is_new = rows.get_or_create(
        application_id=asked.application_id,
        key=asked.key,
        defaults={
            "organization_id": asked.organization_id,
            "digest": asked.digest,
            "claim": claim,
            "claimed_at": now,
            "created_at": now,
        },
    )
    if is_new:
        return row, claim
    stale = now - timedelta(seconds=CLAIM_SECONDS)
    if row.digest == asked.digest and not row.answer and row.claimed_at < stale:
        taken = rows.filter(claim=row.claim, answer="").update(claim=claim, claimed_at=now)
        if taken:
            return row, claim
    return row, None


def _act(act: Callable[[Keep], Answer], row: IdempotentRequest, claim: uuid.UUID) -> Answer:
    # Any organization: the row is that of the application.
    mine = IdempotentRequest.objects.filter(pk=row.pk, claim=claim)
    kept = False

    def keep(answer: Answer) -> None:
        """Write the answer; call it in the transaction that does the thing."""
        nonlocal kept
        if not mine.update(answer=json.dumps(answer)):
            raise ClaimLost
        kept = True

    try:
        answer = act(keep)
        if not kept:
            keep(answer)
    except ClaimLost:
        raise
    except BaseException:
        # Nothing was done: the same request may be tried again at once.
        with contextlib.suppress(DatabaseError, InterfaceError):
            mine.filter(answer="").delete()
        raise
    return answer
