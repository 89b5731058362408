"""Idempotency-Key: the same request once, whoever asks again and whenever something breaks.

The key is committed first, with a claim. The answer is written in the transaction that does the
thing, and only while the claim holds: as long as a key has no answer nothing was done, and whoever
has lost the claim is undone. So a process may die at any moment, and nothing is lost or done twice.
"""

import contextlib
import hashlib
import json
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _

from accounts import shared_time
from sending.api.tencent.call import Answer, ApiCall
from sending.api.tencent.wanted import echoes
from sending.dialects.tencent.fields import TencentError
from sending.models import IdempotentRequest

KEPT = timedelta(hours=24)
WAIT_SECONDS = 2.0
"""Of one who asks while another is at it."""
CLAIM_SECONDS = 30.0
"""After it a claim without an answer may be taken over: its process died, or is undone."""
_LOOK_SECONDS = 0.05
# What an item of an answer may have that the request has too, and that is not kept.
_IN_THE_REQUEST = ("PhoneNumber", "SessionContext")

Keep = Callable[[Answer], None]
Handler = Callable[[ApiCall, Keep], Answer]


class ClaimLost(Exception):
    """Somebody else has taken the request over; what was done is undone."""


def keeps_nothing(_answer: Answer) -> None:
    """Keep no answer: the request has no key."""


def once(call: ApiCall, handler: Handler) -> Answer:
    """Do it, or return the answer to the first request with the key; raise TencentError."""
    digest = _digest(call)
    until = time.monotonic() + WAIT_SECONDS
    while True:
        row, claim = _claimed(call, digest)
        if claim is not None:
            try:
                return _act(call, handler, row, claim)
            except ClaimLost:
                continue
        if row.digest != digest:
            raise TencentError(
                "InvalidParameterValue.IdempotencyKeyUsed",
                _(
                    "This Idempotency-Key was used for another request within 24 hours. Use a new "
                    "key for each request."
                ),
            )
        if row.answer:
            call.is_replay = True
            return _filled(call, json.loads(row.answer))
        if time.monotonic() >= until:
            raise TencentError(
                "ResourceInUse",
                _("A request with this Idempotency-Key is still being handled. Send it again."),
            )
        time.sleep(_LOOK_SECONDS)


def _digest(call: ApiCall) -> str:
    said = json.dumps([call.action.name, call.values], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _claimed(call: ApiCall, digest: str) -> tuple[IdempotentRequest, uuid.UUID | None]:
    """Return the row of the key, and a claim where it is ours to act."""
    # Any organization: an application is of one, and the signature has proved it.
    rows = IdempotentRequest.objects.filter(
        application_id=call.caller.application_id, key=call.idempotency_key
    )
    now, claim = shared_time.now(), uuid.uuid4()
    rows.filter(created_at__lt=now - KEPT).delete()
    row, is_new = rows.get_or_create(
        application_id=call.caller.application_id,
        key=call.idempotency_key,
        defaults={
            "organization_id": call.caller.organization_id,
            "digest": digest,
            "claim": claim,
            "claimed_at": now,
            "created_at": now,
        },
    )
    if is_new:
        return row, claim
    stale = now - timedelta(seconds=CLAIM_SECONDS)
    if row.digest == digest and not row.answer and row.claimed_at < stale:
        taken = rows.filter(claim=row.claim, answer="").update(claim=claim, claimed_at=now)
        if taken:
            return row, claim
    return row, None


def _act(call: ApiCall, handler: Handler, row: IdempotentRequest, claim: uuid.UUID) -> Answer:
    # Any organization: the row is that of the application.
    mine = IdempotentRequest.objects.filter(pk=row.pk, claim=claim)
    kept = False

    def keep(answer: Answer) -> None:
        """Write the answer; call it in the transaction that does the thing."""
        nonlocal kept
        if not mine.update(answer=json.dumps(_without_numbers(answer))):
            raise ClaimLost
        kept = True

    try:
        answer = handler(call, keep)
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


def _lists(answer: Answer) -> list[list[dict[str, Any]]]:
    return [value for value in answer.values() if isinstance(value, list)]


def _without_numbers(answer: Answer) -> Answer:
    return {
        name: [
            {key: one for key, one in item.items() if key not in _IN_THE_REQUEST} for item in value
        ]
        if isinstance(value, list)
        else value
        for name, value in answer.items()
    }


def _filled(call: ApiCall, answer: Answer) -> Answer:
    """Return an answer that was kept, with what stands in the request."""
    for items in _lists(answer):
        call.items = len(items)
        for item, echo in zip(items, echoes(call), strict=True):
            item.update(echo)
    return answer
