"""POST Messages.json: words there, one acceptance, words back."""

import logging
from collections.abc import Sequence

from accounts import shared_time
from accounts.masking import mask_numbers
from accounts.statements import Statement
from sending.acceptance import memory
from sending.acceptance.messages import accept_messages
from sending.acceptance.request import AcceptedMessage, Door, RefusedMessage
from sending.api.twilio import callback_rows, repeated
from sending.api.twilio.call import Reply, TwilioCall
from sending.api.twilio.message_reads import one_message
from sending.api.twilio.repeated import KeepId
from sending.api.twilio.resources import MessageResource, is_scheduled
from sending.api.twilio.wanted import WantedSms, wanted
from sending.api.waking import WAKE_UPS
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import CODE_OF_REFUSAL, status_of
from sending.dialects.twilio.statuses import SCHEDULED
from sending.lifecycle import DoorName

log = logging.getLogger(__name__)

CREATED = 201
_QUEUED = "queued"
_FIELD_OF_CODE = {21618: "Body", 21617: "Body", 21655: "ContentSid", 21656: "ContentVariables"}


def create(call: TwilioCall) -> Reply:
    """Send one message, once."""
    asked = wanted(call)
    if asked.status_callback:
        callback_rows.ensure_endpoint(call.caller)
    sender = asked.message.originator or _originator(call)
    made: list[AcceptedMessage] = []

    def act(keep: KeepId | None) -> int:
        made[:] = [_accepted(call, asked, keep)]
        call.afterwards.append(WAKE_UPS.ask)
        return made[0].message_id

    message_id = repeated.once(call, act)
    if call.is_replay:
        return Reply(one_message(call, message_id), CREATED)
    # From here on nothing asks the database: what is accepted is never answered with an error.
    return Reply(_resource(asked, made[0], sender).body(call.caller), CREATED)


def _originator(call: TwilioCall) -> str:
    caller = call.caller
    return memory.terms((caller.organization_id, caller.application_id)).application.originator


def _accepted(call: TwilioCall, asked: WantedSms, keep: KeepId | None) -> AcceptedMessage:
    """Return the message; raise TwilioError where it is refused."""
    caller = call.caller
    door = Door(
        organization_id=caller.organization_id,
        application_id=caller.application_id,
        api_key_id=caller.api_key_id,
        request_id=call.request_id,
        name=DoorName.TWILIO,
    )

    def before_commit(answers: Sequence[AcceptedMessage | RefusedMessage]) -> list[Statement]:
        (answer,) = answers
        if isinstance(answer, RefusedMessage):
            return []
        if keep is not None:
            keep(answer.message_id)
        if not asked.status_callback:
            return []
        return [callback_rows.naming(answer.message_id, asked.status_callback)]

    writes = keep is not None or asked.status_callback
    (answer,) = accept_messages(
        door, [asked.message], before_commit=before_commit if writes else None
    )
    if isinstance(answer, RefusedMessage):
        raise _refusal(answer)
    return answer


def _refusal(answer: RefusedMessage) -> TwilioError:
    code = CODE_OF_REFUSAL.get(answer.code, 21618)
    details = {"rule": str(answer.code), "hint": mask_numbers(answer.sentence)}
    field = _FIELD_OF_CODE.get(code)
    return TwilioError(
        code,
        mask_numbers(answer.sentence),
        status_of(code),
        details=details | ({"field": field} if field else {}),
        retry_after=getattr(answer, "retry_after", 0),
    )


def _resource(asked: WantedSms, accepted: AcceptedMessage, sender: str) -> MessageResource:
    now = shared_time.now()
    return MessageResource(
        message_id=accepted.message_id,
        to=accepted.msisdn,
        sender=sender,
        text=asked.text,
        segments=accepted.segments,
        status=SCHEDULED if is_scheduled(asked.message.due_at, now) else _QUEUED,
        created_at=now,
        updated_at=now,
        currency=accepted.currency,
    )
