"""The confirmation of STOP and START, from the text template that the organization chose."""

import logging
from datetime import timedelta

from accounts import shared_time
from accounts.chosen_originators import read_originators
from accounts.errors import MayNotSend
from sending.acceptance.messages import accept_messages
from sending.acceptance.request import AcceptedMessage, Door, WantedMessage
from sending.models import InboundMessage, Message, ReplyConfirmation, ReplySettings
from sending.models.api_message import NO_KEY
from sending.models.number_digest import number_digest, number_digests
from sending.replies.assignment import originators_of
from sending.sms.keywords import Keyword
from templates_app.models import SignatureVersion
from templates_app.review import ReviewState

log = logging.getLogger(__name__)

# Two programs that answer each other must not go on for ever.
_ONE_IN = timedelta(hours=24)
# Until then a confirmation is surely over, and nothing asks about it.
_KEPT = timedelta(days=3)


def confirm(reply: InboundMessage, keyword: Keyword) -> None:
    """Send the confirmation of STOP or START, if the organization wants one.

    At most one a number in a day. It is accepted within the caller's transaction, and may go out
    although its number is suppressed by then. What acceptance refuses is not sent; the reply counts
    all the same.
    """
    template_id = _template_of(reply, keyword)
    if template_id is None or _was_confirmed(reply):
        return
    answered = Message.objects.filter(pk=reply.answers_message_id or 0).first()
    wanted = WantedMessage(
        number=reply.msisdn,
        text_template_id=template_id,
        signature=_signature_of(answered),
        originator=_originator_of(answered),
    )
    door = Door(reply.organization_id, reply.application_id, NO_KEY, f"reply-{reply.pk}")
    try:
        (answer,) = accept_messages(door, [wanted])
    except MayNotSend as refusal:
        log.warning("reply %s is not confirmed: %s", reply.pk, refusal.code)
        return
    if not isinstance(answer, AcceptedMessage):
        log.warning("reply %s is not confirmed: %s", reply.pk, answer.code)
        return
    ReplyConfirmation.objects.create(
        message_id=answer.message_id,
        organization_id=reply.organization_id,
        number_digest=number_digest(reply.msisdn, reply.organization_id),
        at=shared_time.now(),
    )


def forget() -> int:
    """Delete what is known of confirmations of days ago; return how many."""
    return ReplyConfirmation.objects.filter(at__lt=shared_time.now() - _KEPT).delete()[0]


def _template_of(reply: InboundMessage, keyword: Keyword) -> int | None:
    chosen = ReplySettings.objects.filter(organization_id=reply.organization_id).first()
    if chosen is None:
        return None
    return chosen.stop_template_id if keyword is Keyword.STOP else chosen.start_template_id


def _was_confirmed(reply: InboundMessage) -> bool:
    """Tell whether the number got a confirmation lately. The conversation is locked by now."""
    confirmations = ReplyConfirmation.objects.filter(
        organization_id=reply.organization_id,
        number_digest__in=number_digests(reply.msisdn, reply.organization_id),
        at__gt=shared_time.now() - _ONE_IN,
    )
    return confirmations.exists()


def _originator_of(answered: Message | None) -> str:
    """Return what the message that was answered showed, if that is still approved."""
    if answered is None:
        return ""
    (shown,) = originators_of([answered])
    own = read_originators([answered.application_id])[answered.application_id]
    return shown if own.may_show(shown, answered.country) else ""


def _signature_of(answered: Message | None) -> str:
    """Return the signature of the message that was answered, if it is still approved."""
    if answered is None or answered.signature_version_id is None:
        return ""
    version = SignatureVersion.objects.filter(pk=answered.signature_version_id).first()
    if version is None or version.state != ReviewState.APPROVED.value:
        return ""
    return str(version.content)
