"""Messages of cancelled tasks leave the queue, and messages of programs that were suspended.

A batch without a task that has no due time is to be cancelled: a suspension took it away.
"""

from django.db.models import QuerySet

from sending.delivery.database import durably
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, SendTask
from sending.models.stepping import MessageChange, step


def finish_cancelling() -> int:
    """Take what was cancelled out of the queue, where nobody has done it yet."""
    waiting = Batch.objects.filter(owner="", task_id__isnull=False)
    cancelled = SendTask.objects.filter(
        state=TaskState.CANCELLED.value, pk__in=waiting.values("task_id")
    )
    of_tasks = sum(cancel_queued(pk) for pk in cancelled.values_list("pk", flat=True))
    return of_tasks + _cancel_all(Batch.objects.filter(task_id=None, due_at=None))


def stop_without_task(**owner: int) -> int:
    """Let `finish_cancelling` cancel messages without a task of an organization or application.

    Those that senders hold are cancelled when they hand them back. Return how many batches.
    """
    return Batch.objects.filter(task_id=None, **owner).update(due_at=None)


def cancel_queued(task_id: int) -> int:
    """Step the queued messages of a cancelled task to CANCELLED, batch by batch; return how many.

    Batches on the wire are left to their senders, which hand back what they have not sent.
    """
    tasks = SendTask.objects.filter(pk=task_id, state=TaskState.CANCELLED.value)
    # What was cancelled before Send was pressed was never counted; intake removes it.
    if not tasks.exclude(accepted_hour=None).exists():
        return 0
    return _cancel_all(Batch.objects.filter(task_id=task_id))


def _cancel_all(batches: QuerySet[Batch]) -> int:
    cancelled = 0
    while (found := _cancel_batch(batches)) is not None:
        cancelled += found
    return cancelled


def _cancel_batch(batches: QuerySet[Batch]) -> int | None:
    """Cancel one waiting batch; None when there is none."""
    with durably():
        batch = batches.select_for_update().filter(owner="").order_by("pk").first()
        if batch is None:
            return None
        ids = list(batch.ids)
        batch.delete()
        stepped = step(MessageState.CANCELLED, [MessageChange(pk, Reason.CANCELLED) for pk in ids])
        return len(stepped)
