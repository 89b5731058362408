"""Messages of a task: the list with its filters, one message, and the export."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import needs
from accounts.downloads import download
from accounts.limits import DOWNLOADS, SEARCHES, limited
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.exporting.message_rows import MessageCells, message_headings
from sending.lifecycle import TaskState
from sending.message_history import histories_of
from sending.models import Message, SendTask
from sending.models.choices import MESSAGE_STATE_LABELS
from sending.searches import number_prefix_of, redirect_to_search, search_of
from sending.send_tasks.queries import messages as queries
from sending.send_tasks.queries import tasks
from sending.send_tasks.queries.check import (
    countries,
    messages_are_gone,
    messages_of,
    text_of_task,
)
from sending.send_tasks.queries.messages import MessageFilter
from sending.send_tasks.queries.progress import progress_of
from sending.spreadsheets.writer import XLSX, stream_csv, stream_xlsx

_INVISIBLE = frozenset({TaskState.DRAFT, TaskState.CHECKING, TaskState.REJECTED})


def _task(request: MemberRequest, pk: int) -> SendTask:
    """Return a task whose messages are complete, or 404."""
    visible = tasks.tasks(request.organization).exclude(state__in=_INVISIBLE)
    return get_object_or_404(visible, pk=pk)


def wanted_of(request: MemberRequest) -> MessageFilter:
    """Read the filters of the address; what makes no sense is as if it was not there."""
    state = request.GET.get("state", "")
    return MessageFilter(
        state=state if queries.is_known(state) else "",
        number=number_prefix_of(request),
        country=request.GET.get("country", "")[:2].upper(),
    )


@needs("view")
@require_http_methods(["GET", "POST"])
@limited(SEARCHES)
def messages(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the messages of a task in the order of the sheet, one of them beside, or search them."""
    task = _task(request, pk)
    if request.method == "POST":
        filters = {name: request.POST.get(name, "")[:20] for name in ("state", "country")}
        return redirect_to_search(request, request.POST.get("number", "")[:40], **filters)
    wanted, search = wanted_of(request), search_of(request)
    progress = progress_of(request.organization, task.pk)
    after = whole_number(request.GET.get("after"))
    page = queries.message_page(task, wanted, after, progress)
    key = search.key if wanted.number else ""
    filters = {"state": wanted.state, "search": key, "country": wanted.country}
    asked = {name: value for name, value in filters.items() if value}
    chosen = whole_number(request.GET.get("message"))
    message = messages_of(task).filter(pk=chosen).first() if chosen else None
    context = {
        "task": task,
        "page": page,
        "wanted": wanted,
        "search": search,
        "query": urlencode(asked),
        "after": after,
        # What the link of every row keeps.
        "here": urlencode(asked | ({"after": after} if after else {})),
        "states": MESSAGE_STATE_LABELS.items(),
        # A task that waits for Send has no counters yet.
        "countries": [code for code, _figures in progress.countries]
        or [row.country for row in countries(task)],
        "total": progress.whole.total,
        "gone": not page.rows and messages_are_gone(task),
        **(_about(request, task, message) if message else {}),
    }
    return render(request, "sending/send_tasks/messages.html", context)


@needs("view")
@require_GET
def message(request: MemberRequest, pk: int, message_id: int) -> HttpResponse:
    """Show one message: its state and why, what happened, and the exact text."""
    task = _task(request, pk)
    found = get_object_or_404(messages_of(task), pk=message_id)
    context = {"task": task, **_about(request, task, found)}
    return render(request, "sending/send_tasks/message.html", context)


def _about(request: MemberRequest, task: SendTask, message: Message) -> dict[str, Any]:
    """Return all that the reader may know about a message."""
    (history,) = histories_of([message])
    hides_codes = not request.member.may(Permission.NUMBERS)
    return {
        "message": message,
        "explanation": history.meaning,
        "lines": history.lines,
        "preview": text_of_task(task, message, hides_codes=hides_codes),
        "originator": tasks.shown_originator(task, message.country),
    }


@needs("view")
@require_GET
@limited(DOWNLOADS)
def export(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the messages of a task as csv, filtered as the list is."""
    task = _task(request, pk)
    if search_of(request).has_ended:
        return _to_list(request, task)
    rows = _rows(request, task)
    return download(f"task-{task.pk}-messages.csv", stream_csv(headings_of(task), rows))


@needs("view")
@require_GET
@limited(DOWNLOADS)
def export_xlsx(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the messages of a task as xlsx, filtered as the list is."""
    task = _task(request, pk)
    if search_of(request).has_ended:
        return _to_list(request, task)
    rows = _rows(request, task)
    content = stream_xlsx(headings_of(task), rows, sheet=_("Messages"))
    return download(f"task-{task.pk}-messages.xlsx", content, XLSX)


def _to_list(request: MemberRequest, task: SendTask) -> HttpResponse:
    """Lead to the list, which says that the search has ended, rather than export all messages."""
    list_ = reverse("send_tasks:messages", args=[task.pk])
    return redirect(f"{list_}?{request.GET.urlencode()}")


def _rows(request: MemberRequest, task: SendTask) -> Iterator[list[Any]]:
    """Return the cells of an export as its reader may see them."""
    whole_numbers = request.member.may(Permission.NUMBERS)
    return export_rows(task, wanted_of(request), whole_numbers=whole_numbers)


def headings_of(task: SendTask) -> list[str]:
    """Return the headings of an export."""
    return message_headings(task.currency)


def export_rows(
    task: SendTask, wanted: MessageFilter, *, whole_numbers: bool = True
) -> Iterator[list[Any]]:
    """Yield the cells of every message under `headings_of`; without `whole_numbers` masked."""
    cells = MessageCells(task.organization.zone, whole_numbers=whole_numbers)
    return map(cells.of, queries.all_messages(task, wanted))
