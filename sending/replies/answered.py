"""A reply to a one-time password proves that somebody reads there."""

from datetime import timedelta

from sending.guard.conversions import ConversionSource, converted
from sending.lifecycle import Lane
from sending.models import InboundMessage, Message
from sending.sms.keywords import Keyword

_SOON = timedelta(hours=24)


def note(message: Message, reply: InboundMessage) -> None:
    """Tell the guard, unless the reply asks for no more texts; in the caller's transaction."""
    soon = reply.received_at - message.created_at <= _SOON
    if message.lane == Lane.OTP.value and soon and reply.keyword != Keyword.STOP.value:
        converted(message.organization_id, [message.pk], reply.received_at, ConversionSource.REPLY)
