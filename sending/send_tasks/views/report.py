"""The report of a task: a page to print, and a workbook."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import shared_time
from accounts.decorators import needs
from accounts.downloads import download
from accounts.limits import DOWNLOADS, SEARCHES, limited
from accounts.requests import MemberRequest
from accounts.roles import Permission
from sending.models import SendTask
from sending.send_tasks.event_labels import event_label
from sending.send_tasks.queries import report as queries
from sending.send_tasks.queries import tasks
from sending.send_tasks.queries.messages import MessageFilter
from sending.send_tasks.views.messages import export_rows, headings_of
from sending.send_tasks.views.task import states_of
from sending.spreadsheets.writer import XLSX, stream_xlsx


def _sent(request: MemberRequest, pk: int) -> SendTask:
    return get_object_or_404(tasks.tasks(request.organization), pk=pk)


@needs("view")
@require_GET
@limited(SEARCHES)
def report(request: MemberRequest, pk: int) -> HttpResponse:
    """Show all figures of a task that was sent, as they are now, for paper."""
    task = _sent(request, pk)
    if task.sent_at is None:
        return redirect("send_tasks:check", pk=task.pk)
    found = queries.report_of(task)
    context = {
        "task": task,
        "report": found,
        "progress": found.progress.whole,
        "states": states_of(found.progress.whole),
        "history": [event_label(event) for event in tasks.history(task)],
        "originator": tasks.shown_originator(task),
        "now": shared_time.now(),
        "most": queries.MOST_READ,
    }
    return render(request, "sending/send_tasks/report.html", context)


@needs("view")
@require_GET
@limited(DOWNLOADS)
def report_xlsx(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the report as a workbook: a sheet that sums up, and all messages."""
    task = _sent(request, pk)
    if task.sent_at is None:
        return redirect("send_tasks:check", pk=task.pk)
    summary = queries.summary_rows(queries.report_of(task))
    whole_numbers = request.member.may(Permission.NUMBERS)
    rows = export_rows(task, MessageFilter(), whole_numbers=whole_numbers)
    content = stream_xlsx(
        headings_of(task), rows, sheet=_("Messages"), summary=(_("Summary"), summary)
    )
    return download(f"task-{task.pk}-report.xlsx", content, XLSX)
