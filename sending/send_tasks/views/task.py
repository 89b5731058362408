"""One task, live."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import shared_time
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.requests import MemberRequest
from sending.delivery.pausing import operators_pause
from sending.lifecycle import TaskState
from sending.models import SendTask
from sending.send_tasks import actions
from sending.send_tasks.event_labels import event_label
from sending.send_tasks.queries import tasks
from sending.send_tasks.queries.check import messages_are_gone
from sending.send_tasks.queries.progress import (
    Progress,
    progress_of,
)
from sending.send_tasks.queries.retries import retryable
from sending.send_tasks.queries.waiting import HeldUp, waiting
from sending.send_tasks.state_descriptions import state_description
from sending.sms.shares import shares_of

# A task in one of these has messages under way, or a figure of it may still move.
_UNSENT = frozenset({TaskState.DRAFT, TaskState.CHECKING, TaskState.READY, TaskState.REJECTED})
# Receipts come for hours; a page that stays open asks for them while they are likely.
_RECEIPTS_LIKELY = timedelta(minutes=30)


@needs("view")
@require_GET
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a task as it is now; one that was not sent yet is shown by its check."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    if task.state in _UNSENT or task.sent_at is None:
        return redirect("send_tasks:check", pk=task.pk)
    found = progress_of(request.organization, task.pk)
    whole = found.whole
    held_up = waiting(task, whole.queued)
    context = {
        "task": task,
        "progress": whole,
        "states": states_of(whole),
        "countries": found.countries,
        "history": [event_label(event) for event in tasks.history(task)],
        "originator": tasks.shown_originator(task),
        "unsent": task.refused + task.duplicates + task.skipped,
        "retryable": retryable(task) if whole.failed or whole.not_sent else 0,
        "waiting": held_up,
        "held_by": operators_pause(task.pk) if task.state == TaskState.PAUSED else None,
        "corrections": tasks.corrections_of(task),
        "messages_gone": messages_are_gone(task),
        "now": shared_time.now(),
        **_pace(task, whole, held_up),
    }
    return render(request, "sending/send_tasks/detail.html", context)


def states_of(whole: Progress) -> list[tuple[Any, ...]]:
    """Return each state with its messages, its share of all, who says so and what it means."""
    by_state = whole.by_state
    shares = shares_of([n for _state, n in by_state])
    return [
        (state, n, share, *state_description(state))
        for (state, n), share in zip(by_state, shares, strict=True)
    ]


def _pace(task: SendTask, whole: Progress, held_up: HeldUp | None) -> dict[str, Any]:
    """Return the rate now, when all will be handed over, and whether to look again."""
    sending = task.state == TaskState.SENDING
    recent = task.finished_at is None or shared_time.now() - task.finished_at < _RECEIPTS_LIKELY
    pace = tasks.pace(task, whole.handed_over) if sending else None
    seconds = whole.waiting / pace if pace and whole.waiting else None
    if task.pace and held_up and held_up.last_at:
        seconds = (held_up.last_at - shared_time.now()).total_seconds()
    return {
        "live": sending or task.state == TaskState.PAUSED or (whole.is_open and recent),
        "pace": pace,
        "rate": tasks.allowed_rate(task) if sending else 0,
        "lasted": _seconds_between(task.sent_at, task.finished_at),
        "seconds": seconds,
        "end": shared_time.now() + timedelta(seconds=seconds) if seconds else None,
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
