"""A corrected file: what its task leaves to the first one, and the end of a first one it replaces.

Whatever people press meanwhile, nobody gets the text twice and nobody is forgotten: until the
corrected file is checked the first task stays as it is, and if that was sent, the corrected task
has only what it did not send.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accounts import shared_time
from accounts.models import AuditEntry
from sending.intake.child import known_numbers
from sending.lifecycle import MessageState, TaskState
from sending.models import ApprovalOutcome, Message, SendApproval, SendTask, TaskEvent
from sending.models.stepping import step_task
from sending.models.task_parts import parts_of

_UNSENT = (
    TaskState.DRAFT,
    TaskState.CHECKING,
    TaskState.READY,
    TaskState.WAITING,
    TaskState.SCHEDULED,
)


class SentMeanwhile(Exception):
    """Of the first task more was sent than the check knew: it must leave those numbers out, too.

    `replaces` says whether the rest of the first is still there to be replaced.
    """

    def __init__(self, *, replaces: bool) -> None:
        super().__init__()
        self.replaces = replaces


@contextmanager
def left_to_first(task: SendTask) -> Iterator[str]:
    """Give a file of the numbers that the corrected task leaves to the first; empty for none.

    Those of its parts are among them, also if the rest is replaced, and those of what it corrects.
    """
    ids = _left_to(task)
    if not ids:
        yield ""
        return
    messages = Message.objects.for_organization(task.organization).filter(task_id__in=ids)
    going = messages.filter(msisdn__startswith="+").exclude(state=MessageState.CANCELLED.value)
    with tempfile.NamedTemporaryFile(suffix=".known") as file:
        numbers = going.values_list("msisdn", flat=True).iterator(chunk_size=5_000)
        yield file.name if known_numbers.write(Path(file.name), numbers) else ""


def _left_to(task: SendTask) -> list[int]:
    ids: list[int] = []
    own = SendTask.objects.for_organization(task.organization)
    later = task
    while first := own.filter(pk=later.corrects_id or 0).first():
        ids += parts_of(first)
        if later.replaces and first.sent_at is None:
            ids.remove(first.pk)
        later = first
    return ids


def discard_replaced(task: SendTask) -> int | None:
    """Discard the task that this one replaces; return its id, None if there is nothing to do.

    Call it in the transaction that makes the corrected task READY. Raise SentMeanwhile if the
    first, or a first part of it, was sent after the check had begun.
    """
    rows = SendTask.objects.select_related("organization").filter(pk=task.corrects_id or 0)
    first = rows.select_for_update(of=("self",), no_key=True).first()
    known = task.corrects
    if first is None or known is None:
        return None
    was_sent = task.replaces and known.sent_at != first.sent_at
    if was_sent or known.first_part_id != first.first_part_id:
        raise SentMeanwhile(replaces=task.replaces and first.sent_at is None)
    if not task.replaces or first.state not in _UNSENT:
        return None
    step_task(TaskState.CANCELLED, first.pk, finished_at=shared_time.now())
    SendApproval.close(first, None, ApprovalOutcome.CANCELLED)
    _note(task, first)
    return first.pk


def _note(task: SendTask, first: SendTask) -> None:
    params = {"task": str(task.pk)}
    TaskEvent.objects.create(task=first, code="replaced", params=params, actor=task.created_by)
    AuditEntry.record(
        action="send_task.replaced",
        subject=f"{first.pk} {first.name}",
        organization=first.organization,
        actor=task.created_by,
        task=task.pk,
    )
