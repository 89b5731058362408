"""A corrected file: what its task leaves to the first one, and the end of a first one it replaces.

Whatever people press meanwhile, nobody gets the text twice and nobody is forgotten: until the
corrected file is checked the first task stays as it is, and if that was sent, the corrected task
has only what it did not send.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from accounts.models import AuditEntry
from sending.intake.child import known_numbers
from sending.lifecycle import MessageState, TaskState
from sending.models import Message, SendTask, TaskEvent
from sending.models.stepping import step_task

_UNSENT = (
    TaskState.DRAFT,
    TaskState.CHECKING,
    TaskState.READY,
    TaskState.WAITING,
    TaskState.SCHEDULED,
)


class SentMeanwhile(Exception):
    """The task to be replaced was sent: the corrected one must leave its numbers out."""


@contextmanager
def left_to_first(task: SendTask) -> Iterator[str]:
    """Give a file of the numbers that the corrected task leaves to the first; empty for none."""
    first = SendTask.objects.filter(pk=task.corrects_id or 0).first()
    if first is None or (task.replaces and first.sent_at is None):
        yield ""
        return
    messages = Message.objects.for_organization(task.organization).filter(task_id=first.pk)
    going = messages.filter(msisdn__startswith="+").exclude(state=MessageState.CANCELLED.value)
    with tempfile.NamedTemporaryFile(suffix=".known") as file:
        numbers = going.values_list("msisdn", flat=True).iterator(chunk_size=5_000)
        yield file.name if known_numbers.write(Path(file.name), numbers) else ""


def discard_replaced(task: SendTask) -> int | None:
    """Discard the task that this one replaces; return its id, None if there is nothing to do.

    Call it in the transaction that makes the corrected task READY. Raise SentMeanwhile if the
    first was sent after the check had begun.
    """
    if not task.replaces or task.corrects_id is None:
        return None
    now = timezone.now()
    for state in _UNSENT:
        if step_task(TaskState.CANCELLED, task.corrects_id, only_from=state, finished_at=now):
            _note(task)
            return task.corrects_id
    first = SendTask.objects.filter(pk=task.corrects_id).first()
    if first is not None and first.sent_at is not None and not _was_sent_before(task, first):
        raise SentMeanwhile
    return None


def _was_sent_before(task: SendTask, first: SendTask) -> bool:
    """Tell whether the check knew of it: its numbers were left out."""
    known = task.corrects
    return known is not None and known.sent_at == first.sent_at


def _note(task: SendTask) -> None:
    first = SendTask.objects.select_related("organization").get(pk=task.corrects_id or 0)
    params = {"task": str(task.pk)}
    TaskEvent.objects.create(task=first, code="replaced", params=params, actor=task.created_by)
    AuditEntry.record(
        action="send_task.replaced",
        subject=f"{first.pk} {first.name}",
        organization=first.organization,
        actor=task.created_by,
        task=task.pk,
    )
