"""Send: now, at a time, as much as a limit leaves; and what can be done until the time comes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.limits import FILES, limited
from accounts.requests import MemberRequest, whole_number
from sending.lifecycle import TaskState
from sending.models import SendTask
from sending.send_tasks import actions, schedule_actions
from sending.send_tasks.approval import press_send
from sending.send_tasks.queries import tasks
from sending.send_tasks.reading import TaskReadingForm, can_be_read_otherwise
from sending.send_tasks.schedule_forms import NOW, SendForm, TimeForm
from sending.send_tasks.views.check import check_page


@needs("send")
@require_POST
def send(request: MemberRequest, pk: int) -> HttpResponse:
    """Send what the check accepted, schedule it, or ask for approval; once, however often."""
    task = _task(request, pk)
    form = SendForm(request.POST, task=task)
    if not form.is_valid() and task.state == TaskState.READY:
        return _corrected(request, task, form)
    shown = whole_number(request.POST.get("messages")) or 0
    try:
        waits = press_send(
            task=task, user=request.user, messages=shown, at=form.moment, terms=_terms(form)
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("send_tasks:check", pk=task.pk)
    if form.said:
        messages.info(request, form.said)
    if waits:
        messages.success(request, _("The task waits for approval. Nothing has been sent yet."))
        return redirect("send_tasks:check", pk=task.pk)
    return redirect("send_tasks:detail", pk=task.pk)


@needs("send")
@require_POST
@limited(FILES)
def send_first(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the first messages now, as many as the limits of the day leave room for."""
    task = _task(request, pk)
    given = request.POST.copy()
    given["when"] = NOW
    form = SendForm(given, task=task)
    if not form.is_valid():
        return _corrected(request, task, form)
    first = whole_number(request.POST.get("first")) or 0
    try:
        sent = schedule_actions.send_first(
            task=task, user=request.user, first=first, terms=_terms(form)
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("send_tasks:check", pk=task.pk)
    return redirect("send_tasks:detail", pk=sent.pk)


@needs("send")
@require_POST
def change_time(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a scheduled task another time."""
    task = _task(request, pk)
    form = TimeForm(request.POST, task=task)
    if not form.is_valid() and task.state == TaskState.SCHEDULED:
        return _corrected(request, task, form)
    try:
        if form.moment is not None:
            schedule_actions.change_time(task=task, user=request.user, at=form.moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, form.said or _("The time was changed."))
    return redirect("send_tasks:detail", pk=task.pk)


@needs("send")
@require_POST
def send_now(request: MemberRequest, pk: int) -> HttpResponse:
    """Send a scheduled task without waiting for its time."""
    task = _task(request, pk)
    try:
        schedule_actions.send_now(task=task, user=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("send_tasks:detail", pk=task.pk)


@needs("stop")
@require_POST
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Make a scheduled task wait for a press of Send again."""
    task = _task(request, pk)
    try:
        schedule_actions.take_back(task=task, user=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The task is no longer scheduled. Nothing was sent."))
    return redirect("send_tasks:detail", pk=task.pk)


def _task(request: MemberRequest, pk: int) -> SendTask:
    return get_object_or_404(tasks.tasks(request.organization), pk=pk)


def _corrected(request: MemberRequest, task: SendTask, form: TimeForm) -> HttpResponse:
    """Show the page again with what was entered, and what is wrong with it."""
    reading = TaskReadingForm(task=task) if can_be_read_otherwise(task) else None
    return check_page(request, task, reading, form)


def _terms(form: SendForm) -> actions.SendingTerms | None:
    """Return how the task is to be sent; None of a form that nobody needs to correct any more."""
    if form.errors:
        return None
    return actions.SendingTerms(form.chosen_minutes, form.chosen_pace)
