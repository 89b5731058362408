"""What a program does to one message of its own: cancel it, erase its text, report its success."""

from datetime import datetime

from django.db.models import QuerySet

from accounts import shared_time
from sending.delivery.database import durably
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState
from sending.models import ApiMessage, Batch, Message
from sending.models.stepping import MessageChange, step

# While its text may still be needed to send it.
_UNSENT = (
    MessageState.QUEUED.value,
    MessageState.SUBMITTING.value,
    MessageState.IN_DOUBT.value,
)


def cancel(application_id: int, message_id: int) -> bool:
    """Cancel a message of a program that no sender has yet; tell whether this call did.

    Of a claim and a cancellation at the same moment exactly one steps the message. Where a claim
    holds its batch, the claim passes over what is not QUEUED any more.
    """
    own = _own(application_id, message_id).filter(state=MessageState.QUEUED.value)
    with durably():
        message = own.values_list("gateway_id", "lane").first()
        if message is None:
            return False
        asked = ApiMessage.objects.filter(message_id=message_id).values_list("due_at", "message_id")
        due_at = next((due for due, _pk in asked), None)
        batch = _batch_of(message_id, due_at, *message)
        stepped = step(MessageState.CANCELLED, [MessageChange(message_id, Reason.CANCELLED)])
        if stepped and batch is not None:
            _take_out(batch, message_id)
        return bool(stepped)


def _batch_of(
    message_id: int, due_at: datetime | None, gateway_id: int | None, lane: str
) -> Batch | None:
    """Return the waiting batch of a scheduled message, locked, if it is where acceptance put it."""
    if due_at is None or gateway_id is None:
        return None
    waiting = Batch.objects.select_for_update(skip_locked=True).filter(
        gateway_id=gateway_id, lane=lane, due_at=due_at, owner="", task_id=None
    )
    return next((batch for batch in waiting if message_id in batch.ids), None)


def _take_out(batch: Batch, message_id: int) -> None:
    batch.ids = [pk for pk in batch.ids if pk != message_id]
    if batch.ids:
        batch.save(update_fields=["ids"])
    else:
        batch.delete()


def redact(application_id: int, message_id: int) -> bool:
    """Erase the text of a message of a program; tell whether that could be done.

    The number stays until its time has come. A text that is still to be sent cannot be erased.
    """
    own = _own(application_id, message_id).exclude(state__in=_UNSENT)
    return bool(own.update(variables="", erased_at=shared_time.now()))


def hide(application_id: int, message_id: int) -> bool:
    """Erase the text of a message, and show it to programs no more; tell whether it was done."""
    with durably():
        if not redact(application_id, message_id):
            return False
        asked = ApiMessage.objects.filter(application_id=application_id, message_id=message_id)
        return bool(asked.update(hidden_at=shared_time.now()))


def note_unconverted(application_id: int, message_id: int) -> bool:
    """Note that the recipient did not do what a message was for; tell whether there is one."""
    # Any organization: an application is of one, and its key was proved.
    own = ApiMessage.objects.filter(application_id=application_id, message_id=message_id)
    return bool(own.update(converted_at=None))


def _own(application_id: int, message_id: int) -> QuerySet[Message]:
    # Any organization: an application is of one, and its key was proved.
    return Message.objects.filter(pk=message_id, application_id=application_id, task_id=None)
