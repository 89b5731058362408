"""Tasks: the list, and one of them live."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.requests import MemberRequest, whole_number
from sending.lifecycle import TaskState
from sending.models import SendTask
from sending.models.choices import TASK_STATE_LABELS
from sending.send_tasks import actions
from sending.send_tasks.event_labels import event_label
from sending.send_tasks.queries import tasks
from sending.send_tasks.queries.progress import (
    Progress,
    progress_of,
    progress_of_many,
)
from sending.send_tasks.queries.retries import retryable
from sending.send_tasks.state_descriptions import state_description

# A task in one of these has messages under way, or a figure of it may still move.
_UNSENT = frozenset({TaskState.DRAFT, TaskState.CHECKING, TaskState.READY, TaskState.REJECTED})
# Receipts come for hours; a page that stays open asks for them while they are likely.
_RECEIPTS_LIKELY = timedelta(minutes=30)


@needs("view")
@require_GET
def list_(request: MemberRequest) -> HttpResponse:
    """Show tasks, the newest first, each with its state and how far it is."""
    state = request.GET.get("state", "")
    page = tasks.task_page(request.organization, state, whole_number(request.GET.get("after")))
    progress = progress_of_many(request.organization, [task.pk for task in page.rows])
    context = {
        "rows": [(task, progress.get(task.pk, Progress())) for task in page.rows],
        "page": page,
        "state": state,
        "states": TASK_STATE_LABELS.items(),
        "filtered": bool(state or request.GET.get("after")),
    }
    return render(request, "sending/send_tasks/list.html", context)


@needs("view")
@require_GET
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a task as it is now; one that was not sent yet is shown by its check."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    if task.state in _UNSENT or task.sent_at is None:
        return redirect("send_tasks:check", pk=task.pk)
    found = progress_of(request.organization, task.pk)
    whole = found.whole
    context = {
        "task": task,
        "progress": whole,
        "states": [(state, n, *state_description(state)) for state, n in whole.by_state],
        "countries": found.countries,
        "history": [event_label(event) for event in tasks.history(task)],
        "originator": tasks.shown_originator(task),
        "unsent": task.refused + task.duplicates + task.skipped,
        "corrections": tasks.corrections_of(task),
        "retryable": retryable(task) if whole.failed else 0,
        "now": timezone.now(),
        **_pace(task, whole),
    }
    return render(request, "sending/send_tasks/detail.html", context)


def _pace(task: SendTask, whole: Progress) -> dict[str, Any]:
    """Return the rate now, when all will be handed over, and whether to look again."""
    sending = task.state == TaskState.SENDING
    recent = task.finished_at is None or timezone.now() - task.finished_at < _RECEIPTS_LIKELY
    pace = tasks.pace(task, whole.handed_over) if sending else None
    seconds = whole.waiting / pace if pace and whole.waiting else None
    return {
        "live": sending or task.state == TaskState.PAUSED or (whole.is_open and recent),
        "pace": pace,
        "rate": tasks.allowed_rate(task) if sending else 0,
        "lasted": _seconds_between(task.sent_at, task.finished_at),
        "seconds": seconds,
        "end": timezone.now() + timedelta(seconds=seconds) if seconds else None,
    }


def _seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None


@needs("stop")
@require_POST
def pause(request: MemberRequest, pk: int) -> HttpResponse:
    """Stop handing over; what is on the wire is finished."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    return _done(request, task, actions.pause_task)


@needs("send")
@require_POST
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on handing over."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    return _done(request, task, actions.resume_task)


@needs("stop")
@require_http_methods(["GET", "POST"])
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what cancelling affects, and do it when that is confirmed."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    if request.method == "POST":
        return _done(request, task, actions.cancel_task, _("The task is cancelled."))
    progress = progress_of(request.organization, task.pk).whole
    context = {"task": task, "progress": progress, "unsent": task.sent_at is None}
    return render(request, "sending/send_tasks/cancel.html", context)


def _done(request: MemberRequest, task: SendTask, action: Any, success: str = "") -> HttpResponse:
    """Call an action of a task, say what came of it, and show the task."""
    try:
        action(task=task, user=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if success:
            messages.success(request, success)
    return redirect("send_tasks:detail", pk=task.pk)
