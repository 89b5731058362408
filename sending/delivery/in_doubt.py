"""A person decides about a message in doubt, when no receipt has proven anything."""

from django.utils.translation import gettext as _

from accounts.errors import MayNotSend
from accounts.queries import check_may_send_now
from sending.delivery.database import durably
from sending.delivery.queue import batches
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, TaskState
from sending.models import Gateway, Message, NumberErasure, SendTask
from sending.models.stepping import MessageChange, step


class NotDecided(Exception):
    """The message stays as it is; the text says why."""


def send_again(message: Message) -> None:
    """Queue a message in doubt once more, although it may arrive twice; raise NotDecided.

    Segments that the gateway has accepted for certain are not repeated. Enqueue `tasks.submit`
    on commit.
    """
    with durably():
        gateway = _gateway(message)
        _check_task(message)
        _check_may_send(message)
        _check_is_not_erased(message)
        _step(message, MessageState.QUEUED, Reason.SENT_AGAIN_BY_PERSON)
        batches.put_back(message, gateway.pk)


def give_up(message: Message) -> None:
    """Call a message in doubt UNKNOWN: it is not sent again, and a late receipt still settles it.

    Raise NotDecided.
    """
    _step(message, MessageState.UNKNOWN, Reason.GIVEN_UP_BY_PERSON)


def _step(message: Message, to: MessageState, reason: Reason) -> None:
    """Step a message that is in doubt, at the attempt the person has seen."""
    with durably():
        still = Message.objects.filter(pk=message.pk, state=MessageState.IN_DOUBT.value)
        change = MessageChange(message.pk, reason, message.attempt)
        # UNKNOWN and QUEUED can be reached from other states too, which were not decided about.
        if not still.select_for_update().first() or not step(to, [change]):
            raise NotDecided(
                _("This message is no longer in doubt: the gateway or network reported on it.")
            )


def _gateway(message: Message) -> Gateway:
    gateway = Gateway.objects.filter(pk=message.gateway_id or 0).first()
    if gateway is None or gateway.mode != Gateway.Mode.ACTIVE:
        raise NotDecided(
            _("The gateway of this message is not active. Activate it first, then send again.")
        )
    return gateway


def _check_task(message: Message) -> None:
    task = SendTask.objects.filter(pk=message.task_id or 0).first()
    if task and task.state == TaskState.CANCELLED.value:
        raise NotDecided(
            _("The task of this message was cancelled. It can only be left as unknown.")
        )


def _check_is_not_erased(message: Message) -> None:
    if NumberErasure.objects.waiting(message.organization_id).filter(msisdn=message.msisdn):
        raise NotDecided(
            _("The number of this message is being erased. It can only be left as unknown.")
        )


def _check_may_send(message: Message) -> None:
    try:
        check_may_send_now(message.organization_id, message.application_id)
    except MayNotSend as refusal:
        raise NotDecided(str(refusal)) from refusal
