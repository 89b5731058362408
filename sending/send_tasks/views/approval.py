"""Decide on a task that somebody else wants to send, or take one's own back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.requests import MemberRequest, whole_number
from sending.send_tasks import approval
from sending.send_tasks.approval_forms import SendBackForm
from sending.send_tasks.queries import tasks
from sending.send_tasks.views.check import check_page


@needs("approve")
@require_POST
def approve(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the task be sent as it was shown."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    try:
        approval.approve(task=task, user=request.user, approval_id=_shown(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("send_tasks:check", pk=task.pk)
    messages.success(request, _("You approved the task."))
    return redirect("send_tasks:detail", pk=task.pk)


@needs("approve")
@require_POST
def send_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Return the task with a note."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return check_page(request, task, None, send_back=form)
    note, shown = form.cleaned_data["note"], _shown(request)
    try:
        approval.send_back(task=task, user=request.user, approval_id=shown, note_text=note)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You returned the task. The note is shown on its page."))
    return redirect("send_tasks:check", pk=task.pk)


@needs("stop")
@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Stop asking for approval."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    try:
        approval.withdraw(task=task, user=request.user, approval_id=_shown(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The request for approval was withdrawn."))
    return redirect("send_tasks:check", pk=task.pk)


def _shown(request: MemberRequest) -> int:
    return whole_number(request.POST.get("approval")) or 0
