"""Read a stored spreadsheet in another way, and check its recipients once more."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.limits import FILES, limited
from accounts.requests import MemberRequest
from sending.lifecycle import TaskState
from sending.models import SendTask
from sending.send_tasks import actions
from sending.send_tasks.queries import tasks
from sending.send_tasks.reading import TaskReadingForm, can_be_read_otherwise
from sending.send_tasks.views.check import check_page


@needs("send")
@require_POST
@limited(FILES)
def read_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Check the recipients once more: other columns, another encoding, cheaper characters."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    reading: dict[str, Any] = {}
    if "replace" in request.POST:
        reading["replace"] = request.POST["replace"] == "yes"
    form = TaskReadingForm(request.POST, task=task)
    # The buttons about characters say nothing of the rest, which stays as it was.
    asked = request.POST.keys() & form.fields.keys()
    if can_be_read_otherwise(task) and (asked or not (reading or "again" in request.POST)):
        if not form.is_valid():
            return check_page(request, task, form)
        reading |= form.reading()
    try:
        task = _read(task, request, reading)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("send_tasks:check", pk=task.pk)


def _read(task: SendTask, request: MemberRequest, reading: dict[str, Any]) -> SendTask:
    """Return the task that is being checked now: a refused one is over, so a new one follows."""
    if task.state == TaskState.REJECTED:
        return actions.compose_like_refused(task=task, user=request.user, **reading)
    actions.read_again(task=task, user=request.user, **reading)
    return task
