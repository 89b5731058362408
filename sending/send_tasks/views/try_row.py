"""Send the text of one row to a number of one's own; what it costs is said before."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.limits import TRIALS, limited
from accounts.requests import MemberRequest, whole_number
from sending.acceptance.request import RefusedMessage
from sending.lifecycle import TaskState
from sending.models import Message, SendTask
from sending.send_tasks import try_actions
from sending.send_tasks.forms import TryRowForm
from sending.send_tasks.queries import check as queries
from sending.send_tasks.queries import tasks

SESSION_KEY = "test_number"
_OPEN = (TaskState.READY, TaskState.WAITING, TaskState.SCHEDULED)


@needs("send")
@require_http_methods(["GET", "POST"])
@limited(TRIALS)
def try_row(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask for a number, say what the test costs, then send it."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    row = queries.row_view(task, whole_number(given.get("row")))
    if task.state not in _OPEN or row is None or row.message is None:
        messages.info(request, _("There is no row to test: choose one that will be sent."))
        return redirect("send_tasks:check", pk=task.pk)
    context: dict[str, Any] = {
        "task": task,
        "row": row,
        "originator": tasks.shown_originator(task, row.message.country),
        "tests": queries.tests_of(task),
        "once": _once(request) or secrets.token_hex(12),
    }
    initial = {"number": request.session.get(SESSION_KEY, ""), "row": row.row}
    form = TryRowForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        request.session[SESSION_KEY] = form.cleaned_data["number"]
        try:
            context["cost"] = _tried(request, task, row.message, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if context["cost"] is None:
                return redirect(f"{reverse('send_tasks:try_row', args=[task.pk])}?row={row.row}")
    return render(request, "sending/send_tasks/try_row.html", {**context, "form": form})


def _once(request: MemberRequest) -> str:
    return "".join(filter(str.isalnum, request.POST.get("once", "")[:24]))


def _tried(request: MemberRequest, task: SendTask, message: Message, form: TryRowForm) -> Any:
    """Return what the test costs; None when it was sent. Refusals become errors of the form."""
    number = form.cleaned_data["number"]
    answer: Any
    if "send" in request.POST:
        answer = try_actions.send_test(
            task=task, user=request.user, number=number, like=message, once=_once(request)
        )
        if not isinstance(answer, RefusedMessage):
            messages.success(request, _("The test is on its way. See below how it goes."))
            return None
    else:
        answer = try_actions.cost_of_test(task=task, number=number, like=message)
    if isinstance(answer, RefusedMessage):
        form.add_error("number", answer.sentence)
        return False
    return answer
