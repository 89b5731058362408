"""Pause, resume and cancel: what people do to a task that is being sent.

`event` is the code of the line in the task's history.
"""

from django.db import transaction

from accounts import shared_time
from accounts.queries import check_may_send_now
from sending.delivery.queue import batches
from sending.lifecycle import TaskState
from sending.models import SendTask, TaskEvent
from sending.models.stepping import step_task


def pause(task_id: int, user_id: int | None = None, *, event: str = "paused") -> bool:
    """Stop sending a task; what is not on the wire within a fifth of a second waits.

    Return False when it was not being sent.
    """
    with transaction.atomic():
        if not step_task(TaskState.PAUSED, task_id):
            return False
        batches.hold_back(task_id)
        TaskEvent.objects.create(task_id=task_id, code=event, actor_id=user_id)
        return True


def resume(task_id: int, user_id: int | None = None) -> bool:
    """Go on with a paused task; return False when it was not paused, raise MayNotSend."""
    with transaction.atomic():
        task = SendTask.objects.get(pk=task_id)
        check_may_send_now(task.organization_id, task.application_id)
        if not step_task(TaskState.SENDING, task_id, only_from=TaskState.PAUSED):
            return False
        batches.release(task_id, pace=task.pace)
        TaskEvent.objects.create(task_id=task_id, code="resumed", actor_id=user_id)
        return True


def cancel(task_id: int, user_id: int | None = None, *, event: str = "cancelled") -> bool:
    """Cancel a task that is being sent, or paused; return False when there is nothing to stop.

    From this commit on nothing new of it is claimed. `tasks.cancel` then takes its messages out of
    the queue; enqueue it on commit.
    """
    with transaction.atomic():
        now = shared_time.now()
        stopped = any(
            step_task(TaskState.CANCELLED, task_id, only_from=state, finished_at=now)
            for state in (TaskState.SENDING, TaskState.PAUSED)
        )
        if stopped:
            TaskEvent.objects.create(task_id=task_id, code=event, actor_id=user_id)
        return stopped
