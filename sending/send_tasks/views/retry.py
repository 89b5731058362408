"""Send the temporary failures of a task again: a new task, checked as always."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.limits import FILES, limited
from accounts.requests import MemberRequest
from sending.intake.retry_recipients import MOST
from sending.send_tasks import actions
from sending.send_tasks.queries import tasks
from sending.send_tasks.queries.retries import temporary_failures, unsent_retry


@needs("send")
@require_http_methods(["GET", "POST"])
@limited(FILES)
def retry(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what would be sent again, and put it into a new task."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    if request.method == "POST":
        other_route = request.POST.get("other_route") == "yes"
        try:
            new = actions.retry_failures(task=task, user=request.user, other_route=other_route)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("send_tasks:detail", pk=task.pk)
        return redirect("send_tasks:check", pk=new.pk)
    waiting = unsent_retry(task)
    if waiting:
        messages.info(request, _("This task already contains these failures. Send or discard it."))
        return redirect("send_tasks:check", pk=waiting.pk)
    failures = temporary_failures(task)
    if not failures:
        messages.info(request, _("No message in this task failed temporarily."))
        return redirect("send_tasks:detail", pk=task.pk)
    found = sum(each.messages for each in failures)
    total = min(found, MOST)
    context = {"task": task, "failures": failures, "total": total, "left": found - total}
    return render(request, "sending/send_tasks/retry.html", context)
