"""What a program answers to a reply with TwiML: one message, accepted like any other.

The message has a request id of its own for each event. So a reply that is told twice, because a
worker was killed between its answer and the commit, is answered once.
"""

import logging

from accounts.models import ApiKey, KeyKind
from sending.acceptance.messages import accept_messages
from sending.acceptance.request import AcceptedMessage, Door, WantedMessage
from sending.callbacks.delivery import Delivery
from sending.callbacks.post import FAILED, CallbackAnswer
from sending.dialects.twilio.twiml import message_in
from sending.lifecycle import DoorName
from sending.models import ApiMessage, CallbackEvent, CallbackKind, InboundMessage
from sending.models.api_message import ANSWER

log = logging.getLogger(__name__)


def heard(delivery: Delivery, answer: CallbackAnswer) -> CallbackAnswer:
    """Send what the answer to a callback asks for; return the answer, or a failure to try again."""
    if answer.error or delivery.endpoint.kind != CallbackKind.REPLY.value:
        return answer
    text = message_in(answer.body)
    if not text:
        return answer
    try:
        for event_id in delivery.event_ids:
            _answer(event_id, text)
    except Exception:
        # Told once more; what was accepted is known by its request id.
        log.exception("the answer to a reply could not be accepted")
        return CallbackAnswer(answer.status, answer.milliseconds, FAILED)
    return answer


def _answer(event_id: int, text: str) -> None:
    event = CallbackEvent.objects.get(pk=event_id)
    request_id = f"{ANSWER}{event_id}"
    own = ApiMessage.objects.filter(request_id=request_id, application_id=event.application_id)
    reply = InboundMessage.objects.filter(
        pk=event.subject_id, organization_id=event.organization_id
    ).first()
    if reply is None or not reply.msisdn or own.exists():
        return
    key = ApiKey.objects.filter(
        application_id=event.application_id, kind=KeyKind.TOKEN.value
    ).first()
    if key is None:
        return
    door = Door(event.organization_id, event.application_id, key.pk, request_id, DoorName.TWILIO)
    wanted = WantedMessage(reply.msisdn, text_template_id=0, text=text)
    (said,) = accept_messages(door, [wanted])
    if not isinstance(said, AcceptedMessage):
        log.warning("event %s: the answer to a reply was refused: %s", event_id, said.code)
