"""What recipients were read from: uploads, pasted numbers, and rows that are not sent.

Those of one-time passwords go as soon as Send was pressed.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import shared_time
from accounts.models import AuditEntry
from sending.intake import row_storage
from sending.intake.task_check import discard_unsent
from sending.lifecycle import Lane, TaskState
from sending.models import (
    ApprovalOutcome,
    Draft,
    GroupImport,
    ImportState,
    Problem,
    SendApproval,
    SendTask,
    TaskEvent,
    Upload,
)
from sending.models.stepping import step_task
from sending.retention import periods, said

# For so long a task that came back from its schedule waits for somebody to look at it.
_AFTER_SCHEDULE = timedelta(days=3)
# An upload that nothing refers to was left behind by a form that nobody sent.
_UNCLAIMED = timedelta(days=1)
_UNSENT = (TaskState.DRAFT.value, TaskState.READY.value, TaskState.WAITING.value)
_BUSY = (TaskState.CHECKING.value, TaskState.SCHEDULED.value)
# Figures that a task keeps of its check; the rest may quote what was read.
_FIGURES = (
    *("seconds", "encoding", "multi_segment_rows", "ucs2_rows", "first_row", "problem_codes"),
    *("expected_rows", "child_seconds", "child_cpu_seconds", "child_rss_kb"),
)


def erase_due() -> int:
    """Erase the sources whose time has come; return how many."""
    erased = 0
    for task in list(_due_tasks()):
        if task.state in _UNSENT:
            _give_up(task)
        _erase_source(task)
        erased += 1
    for group_import in _due_imports():
        _erase_import(group_import)
        erased += 1
    for draft in _due_drafts():
        _erase_unless_needed(draft.upload, but_for=draft)
        erased += 1
    for upload in _unclaimed():
        upload.erase()
        upload.delete()
        erased += 1
    return erased


def erase_sent(task_id: int) -> None:
    """Erase the source of a task of one-time passwords that was sent."""
    codes = SendTask.objects.filter(lane=Lane.OTP.value, sent_at__isnull=False)
    task = codes.filter(pk=task_id, source_erased_at=None).select_related("upload").first()
    if task is not None:
        _erase_source(task)


def _due_tasks() -> QuerySet[SendTask]:
    otp = Q(lane=Lane.OTP.value)
    due = (
        otp & (Q(sent_at__isnull=False) | Q(created_at__lt=periods.one_time_passwords_before()))
    ) | _old_source()
    left = SendTask.objects.filter(due, source_erased_at=None).exclude(state__in=_BUSY)
    return left.select_related("upload", "organization").order_by("pk")


def _old_source() -> Q:
    """Return the tasks whose source was kept for as long as it is, by their schedule too."""
    since = shared_time.now() - _AFTER_SCHEDULE
    came_back = Q(sent_at=None, scheduled_at__gte=since)
    return Q(created_at__lt=periods.sources_before()) & ~came_back


def _give_up(task: SendTask) -> None:
    """Cancel a task that nobody has sent for so long."""
    with transaction.atomic():
        if not step_task(TaskState.CANCELLED, task.pk, finished_at=shared_time.now()):
            return
        SendApproval.close(task, None, ApprovalOutcome.CANCELLED)
        TaskEvent.objects.create(task=task, code="cancelled")
        AuditEntry.record(
            action="send_task.cancelled",
            subject=f"{task.pk} {task.name}",
            organization=task.organization,
            never_sent=True,
        )
    discard_unsent(task.pk)


def _erase_source(task: SendTask) -> None:
    """Erase what the recipients of a task were read from, now."""
    _delete_problems(Problem.objects.filter(task_id=task.pk))
    figures = {name: task.facts[name] for name in _FIGURES if name in task.facts}
    SendTask.objects.filter(pk=task.pk).update(
        numbers="",
        facts=figures,
        failure_params={},
        not_sent={},
        source_erased_at=shared_time.now(),
    )
    if task.sent_at is None:
        said.erase_of_task(task.pk)
    _erase_unless_needed(task.upload)


def _due_imports() -> Iterator[GroupImport]:
    over = (ImportState.FINISHED.value, ImportState.REJECTED.value)
    imports = GroupImport.objects.filter(state__in=over, source_erased_at=None)
    due = imports.filter(created_at__lt=periods.sources_before()).select_related("upload")
    yield from due.order_by("pk")


def _erase_import(group_import: GroupImport) -> None:
    _delete_problems(Problem.objects.filter(group_import_id=group_import.pk))
    GroupImport.objects.filter(pk=group_import.pk).update(
        numbers="", facts={}, failure_params={}, source_erased_at=shared_time.now()
    )
    _erase_unless_needed(group_import.upload)


def _due_drafts() -> Iterator[Draft]:
    """Yield drafts whose file is kept no longer; the draft stays, and asks for the file again."""
    kept = Draft.objects.filter(upload__erased_at=None).select_related("upload")
    yield from kept.filter(upload__created_at__lt=periods.sources_before()).order_by("pk")


def _erase_unless_needed(upload: Upload | None, but_for: Draft | None = None) -> None:
    """Delete a file, unless another task, import or draft is still read from it."""
    if upload is None:
        return
    drafts = Draft.objects.filter(upload=upload)
    users: tuple[QuerySet[Any], ...] = (
        drafts.exclude(pk=but_for.pk) if but_for else drafts,
        SendTask.objects.filter(upload=upload, source_erased_at=None),
        GroupImport.objects.filter(upload=upload, source_erased_at=None),
    )
    if not any(rows.exists() for rows in users):
        upload.erase()


def _delete_problems(problems: QuerySet[Problem]) -> None:
    """Delete in short transactions: a file may have a million problems."""
    size = row_storage.block_rows(scattered=True)
    while ids := list(problems.order_by().values_list("pk", flat=True)[:size]):
        Problem.objects.filter(pk__among=ids).delete()
        row_storage.pause()


def _unclaimed() -> QuerySet[Upload]:
    tasks = SendTask.objects.filter(upload=OuterRef("pk"))
    imports = GroupImport.objects.filter(upload=OuterRef("pk"))
    drafts = Draft.objects.filter(upload=OuterRef("pk"))
    old = Upload.objects.filter(created_at__lt=shared_time.now() - _UNCLAIMED)
    return old.filter(~Exists(tasks), ~Exists(imports), ~Exists(drafts))
