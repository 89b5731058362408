"""Idempotency-Key in the words of the dialect: what of an answer is kept, and how it is refused."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from sending.api import repeating
from sending.api.repeating import Keep
from sending.api.tencent.call import Answer, ApiCall
from sending.api.tencent.wanted import echoes
from sending.dialects.tencent.fields import TencentError

# What an item of an answer may have that the request has too, and that is not kept.
_IN_THE_REQUEST = ("PhoneNumber", "SessionContext")

Handler = Callable[[ApiCall, Keep], Answer]


def keeps_nothing(_answer: Answer) -> None:
    """Keep no answer: the request has no key."""


def once(call: ApiCall, handler: Handler) -> Answer:
    """Do it, or return the answer to the first request with the key; raise TencentError."""
    asked = repeating.KeyedRequest(
        call.caller.organization_id,
        call.caller.application_id,
        call.idempotency_key,
        _digest(call),
    )
    answered: list[Answer] = []

    def act(keep: Keep) -> Answer:
        answered[:] = [handler(call, lambda answer: keep(_without_numbers(answer)))]
        return _without_numbers(answered[0])

    try:
        kept, call.is_replay = repeating.once(asked, act)
    except repeating.KeyUsed as error:
        raise TencentError(
            "InvalidParameterValue.IdempotencyKeyUsed",
            _(
                "This Idempotency-Key was used for another request within 24 hours. Use a new "
                "key for each request."
            ),
        ) from error
    except repeating.StillHandled as error:
        raise TencentError(
            "ResourceInUse",
            _("A request with this Idempotency-Key is still being handled. Send it again."),
        ) from error
    return _filled(call, kept) if call.is_replay else answered[0]


def _digest(call: ApiCall) -> str:
    said = json.dumps([call.action.name, call.values], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


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
