"""A message that is asked for again: with an Idempotency-Key, or because we answered with 5xx.

An SDK repeats any request after 5xx, a POST too, within a fraction of a second. So what we answered
with 5xx is remembered for a few seconds, by its digest; if it was accepted after all, the repeat
gets that message, and if not, it is tried as new.
"""

import hashlib
import json
import logging
from collections.abc import Callable

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from sending.api import repeating
from sending.api.repeating import Keep
from sending.api.twilio.call import TwilioCall
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import CONFLICT
from sending.models import ApiMessage

log = logging.getLogger(__name__)

AFTER_ERROR_SECONDS = 10
# Keeps the id of the message, in the transaction that accepts it.
KeepId = Callable[[int], None]


def once(call: TwilioCall, act: Callable[[KeepId | None], int]) -> int:
    """Return the id of the message that a request is about, made by `act` unless it was before.

    Raise TwilioError.
    """
    if call.idempotency_key:
        return _with_key(call, act)
    earlier = _after_error(call)
    if earlier is not None:
        call.is_replay = True
        return earlier
    return act(None)


def _with_key(call: TwilioCall, act: Callable[[KeepId | None], int]) -> int:
    asked = repeating.KeyedRequest(
        call.caller.organization_id,
        call.caller.application_id,
        call.idempotency_key,
        _digest(call),
    )

    def acting(keep: Keep) -> repeating.Answer:
        return {"message_id": act(lambda pk: keep({"message_id": pk}))}

    try:
        answer, call.is_replay = repeating.once(asked, acting)
    except repeating.KeyUsed as error:
        raise TwilioError(
            CONFLICT,
            _("This Idempotency-Key was used for another request within 24 hours."),
            409,
        ) from error
    except repeating.StillHandled as error:
        raise TwilioError(
            CONFLICT,
            _("A request with this Idempotency-Key is still being handled. Send it again."),
            409,
        ) from error
    return int(answer["message_id"])


def note_error(call: TwilioCall) -> None:
    """Remember that a request was answered with 5xx."""
    try:
        cache.set(_name(call), call.request_id, AFTER_ERROR_SECONDS)
    except (RedisError, OSError):
        log.exception("request %s: nobody will know that it failed", call.request_id)


def _after_error(call: TwilioCall) -> int | None:
    """Return the message of the same request if we answered that one with 5xx just now."""
    try:
        request_id = cache.get(_name(call))
    except (RedisError, OSError):
        return None
    if not request_id:
        return None
    # Any organization: an application is of one, and its key was proved.
    own = ApiMessage.objects.filter(
        request_id=request_id, application_id=call.caller.application_id
    )
    return own.values_list("message_id", flat=True).first()


def _name(call: TwilioCall) -> str:
    return f"twilio-5xx:{call.caller.api_key_id}:{_digest(call)}"


def _digest(call: TwilioCall) -> str:
    said = json.dumps([call.name, sorted(call.form)])
    return hashlib.sha256(said.encode()).hexdigest()
