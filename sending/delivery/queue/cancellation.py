"""Messages of cancelled tasks leave the queue."""

from sending.delivery.database import durably
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, SendTask
from sending.models.stepping import MessageChange, step


def finish_cancelling() -> int:
    """Take the messages of cancelled tasks out of the queue that nobody has taken out yet."""
    waiting = Batch.objects.filter(owner="", task_id__isnull=False)
    cancelled = SendTask.objects.filter(
        state=TaskState.CANCELLED.value, pk__in=waiting.values("task_id")
    )
    return sum(cancel_queued(pk) for pk in cancelled.values_list("pk", flat=True))


def cancel_queued(task_id: int) -> int:
    """Step the queued messages of a cancelled task to CANCELLED, batch by batch; return how many.

    Batches on the wire are left to their senders, which hand back what they have not sent.
    """
    tasks = SendTask.objects.filter(pk=task_id, state=TaskState.CANCELLED.value)
    # What was cancelled before Send was pressed was never counted; intake removes it.
    if not tasks.exclude(accepted_hour=None).exists():
        return 0
    cancelled = 0
    while (found := _cancel_batch(task_id)) is not None:
        cancelled += found
    return cancelled


def _cancel_batch(task_id: int) -> int | None:
    """Cancel one waiting batch; None when there is none."""
    with durably():
        waiting = Batch.objects.select_for_update().filter(task_id=task_id, owner="")
        batch = waiting.order_by("pk").first()
        if batch is None:
            return None
        stepped = step(
            MessageState.CANCELLED, [MessageChange(pk, Reason.CANCELLED) for pk in batch.ids]
        )
        batch.delete()
        return len(stepped)
