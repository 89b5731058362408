"""Tasks are over when nothing of them is left to submit."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import shared_time
from sending.lifecycle import TaskState
from sending.models import Batch, SendTask, TaskEvent
from sending.models.stepping import step_task
from sending.task_notices import tell_ended


def finish_tasks(task_ids: Iterable[int] | None = None) -> list[int]:
    """Step tasks in SENDING that have no batch left to FINISHED; return those that did.

    All such tasks when no ids are given. A message that has to go again gets its new batch in the
    transaction that deletes the old one, so "no batch" really means that nothing is open.
    """
    sending = SendTask.objects.filter(state=TaskState.SENDING.value)
    if task_ids is not None:
        sending = sending.filter(pk__in=list(task_ids))
    over = sending.filter(~Exists(Batch.objects.filter(task_id=OuterRef("pk"))))
    return [pk for pk in over.values_list("pk", flat=True) if _finish(pk)]


def _finish(task_id: int) -> bool:
    with transaction.atomic():
        if not step_task(TaskState.FINISHED, task_id, finished_at=shared_time.now()):
            return False
        TaskEvent.objects.create(task_id=task_id, code="finished")
        tell_ended(SendTask.objects.select_related("organization").get(pk=task_id))
        return True
