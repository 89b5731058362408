"""POST Messages.json: words there, one acceptance, words back."""

import logging
from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.masking import mask_numbers
from accounts.models import SmsApplication
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
from sending.dialects.twilio.errors import (
    CODE_OF_REFUSAL,
    NAME_NOT_OURS,
    NUMBER_NOT_OURS,
    status_of,
)
from sending.dialects.twilio.statuses import SCHEDULED
from sending.lifecycle import DoorName
from sending.models import ApiMessage
from sending.sms.pricing import MICRO

log = logging.getLogger(__name__)

CREATED = 201
MOST_SCHEDULED = 100_000
"""Of one application, until their times have come; cancelled ones among them."""
_QUEUED = "queued"
_FIELD_OF_CODE = {21618: "Body", 21617: "Body", 21655: "ContentSid", 21656: "ContentVariables"}


def create(call: TwilioCall) -> Reply:
    """Send one message, once."""
    asked = wanted(call)
    if asked.message.due_at is not None:
        _refuse_too_many_scheduled(call)
    if asked.status_callback:
        callback_rows.ensure_endpoint(call.caller)
    application = _application(call)
    sender = asked.message.originator or application.originator
    made: list[AcceptedMessage] = []

    def act(keep: KeepId | None) -> int:
        made[:] = [_accepted(call, asked, application, keep)]
        call.afterwards.append(WAKE_UPS.ask)
        return made[0].message_id

    message_id = repeated.once(call, act)
    if call.is_replay:
        return Reply(one_message(call, message_id), CREATED)
    # From here on nothing asks the database: what is accepted is never answered with an error.
    return Reply(_resource(asked, made[0], sender).body(call.caller), CREATED)


def _application(call: TwilioCall) -> SmsApplication:
    caller = call.caller
    return memory.terms((caller.organization_id, caller.application_id)).application


def _refuse_too_many_scheduled(call: TwilioCall) -> None:
    # Any organization: an application is of one, and its key was proved.
    own = ApiMessage.objects.filter(application_id=call.caller.application_id)
    waiting = own.filter(due_at__gt=shared_time.now()).order_by("due_at")
    if waiting[MOST_SCHEDULED - 1 : MOST_SCHEDULED].exists():
        raise TwilioError(
            35125,
            _("%(most)s messages are scheduled. Wait until some of their times have come.")
            % {"most": MOST_SCHEDULED},
        )


def _accepted(
    call: TwilioCall, asked: WantedSms, application: SmsApplication, keep: KeepId | None
) -> AcceptedMessage:
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
        _refuse_too_dear(asked, answer)
        if keep is not None:
            keep(answer.message_id)
        return told(answer.message_id)

    def told(message_id: int) -> list[Statement]:
        is_due = asked.message.due_at is None
        return callback_rows.telling(
            caller, application, message_id, asked.status_callback, is_due=is_due
        )

    # Without it, small requests of the same moment share a transaction.
    writes = keep is not None or asked.most_micro is not None or told(0)
    (answer,) = accept_messages(
        door, [asked.message], before_commit=before_commit if writes else None
    )
    if isinstance(answer, RefusedMessage):
        raise _refusal(answer, asked.message.originator)
    return answer


def _refuse_too_dear(asked: WantedSms, answer: AcceptedMessage) -> None:
    """Refuse a message that costs more than it may: what is raised here undoes its acceptance."""
    if asked.most_micro is not None and answer.cost_micro > asked.most_micro:
        raise TwilioError(
            30010,
            _("The message costs %(cost)s %(currency)s, which is more than MaxPrice.")
            % {"cost": f"{answer.cost_micro / MICRO:.5f}", "currency": answer.currency},
            details={"field": "MaxPrice"},
        )


def _refusal(answer: RefusedMessage, originator: str) -> TwilioError:
    code = CODE_OF_REFUSAL.get(answer.code, 21618)
    if code == NUMBER_NOT_OURS and any(map(str.isalpha, originator)):
        code = NAME_NOT_OURS
    details = {"rule": str(answer.code), "hint": mask_numbers(answer.sentence)}
    field = _FIELD_OF_CODE.get(code)
    return TwilioError(
        code,
        mask_numbers(answer.sentence),
        status_of(code),
        details=details | ({"field": field} if field else {}),
        retry_after=answer.retry_after,
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
