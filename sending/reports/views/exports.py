"""Exports that are written in the background: the list, the file, asking for one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import needs
from accounts.downloads import download
from accounts.errors import Refusal
from accounts.limits import DOWNLOADS, limited
from accounts.paging import page_of
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.exporting.writing import path_of
from sending.lifecycle import MessageState, TaskState
from sending.models import Export, ExportKind, ExportState, SendTask
from sending.reports import actions
from sending.reports.forms import StatisticsForm
from sending.spreadsheets.writer import XLSX

_A_PAGE = 25
_PIECE = 1 << 16
_OPEN = frozenset({ExportState.WAITING, ExportState.RUNNING})
# The tone and the icon of each state.
_LOOKS = {
    ExportState.WAITING: ("idle", "queued"),
    ExportState.RUNNING: ("busy", "submitting"),
    ExportState.READY: ("ok", "delivered"),
    ExportState.FAILED: ("bad", "failed"),
    ExportState.ERASED: ("idle", "cancelled"),
}


@needs("view")
@require_GET
def exports(request: MemberRequest) -> HttpResponse:
    """Show what was exported, the newest first, and how far the rest is."""
    own = Export.objects.for_organization(request.organization).select_related("created_by")
    if after := whole_number(request.GET.get("after")):
        own = own.filter(pk__lt=after)
    page = page_of(own.order_by("-pk"), _A_PAGE, lambda export: export.pk)
    whole_numbers = request.member.may(Permission.NUMBERS)
    rows = [
        {
            "export": export,
            "tone": _LOOKS[ExportState(export.state)][0],
            "icon": _LOOKS[ExportState(export.state)][1],
            "is_open": export.state in _OPEN,
            "is_masked": not export.has_numbers and export.kind != ExportKind.STATISTICS.value,
            "may_take": whole_numbers or not export.has_numbers,
        }
        for export in page.rows
    ]
    context = {
        "rows": rows,
        "page": page,
        "live": any(row["is_open"] for row in rows),
        "days": settings.KEEP_EXPORTS_DAYS,
    }
    return render(request, "sending/reports/exports.html", context)


@needs("view")
@require_POST
@limited(DOWNLOADS)
def export_create(request: MemberRequest) -> HttpResponse:
    """Ask for a file; the list shows how far it is."""
    kind = request.POST.get("kind", "")
    wanted = _of_task(request) if kind == ExportKind.TASK.value else _of_period(request, kind)
    if wanted is None:
        messages.error(
            request, _("There is nothing to export: the period or the task is missing or wrong.")
        )
        return redirect("reports:exports")
    if request.POST.get("format") == "xlsx":
        wanted["asked"]["format"] = "xlsx"
        wanted["name"] = wanted["name"].removesuffix("csv") + "xlsx"
    try:
        actions.ask_for_export(member=request.member, **wanted)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Your file is being written. You get an e-mail when it is ready.")
        )
    return redirect("reports:exports")


def _of_task(request: MemberRequest) -> dict[str, Any] | None:
    """Return what to export of a task, or None."""
    tasks = SendTask.objects.for_organization(request.organization).exclude(
        state__in=[TaskState.DRAFT.value, TaskState.CHECKING.value, TaskState.REJECTED.value]
    )
    task = tasks.filter(pk=whole_number(request.POST.get("task")) or 0).first()
    if task is None:
        return None
    state, code = request.POST.get("state", ""), request.POST.get("country", "")[:2].upper()
    asked = {
        "task": task.pk,
        "state": state if state in set(MessageState) else "",
        "country": code if code.isalpha() and code.isascii() else "",
    }
    return {"kind": ExportKind.TASK, "asked": asked, "name": f"task-{task.pk}-messages.csv"}


def _of_period(request: MemberRequest, kind: str) -> dict[str, Any] | None:
    """Return what to export of a period, or None."""
    form = StatisticsForm(request.POST, organization=request.organization)
    if kind not in {ExportKind.PERIOD, ExportKind.STATISTICS} or not form.is_valid():
        return None
    period = form.asked()
    first, last = period.first.isoformat(), period.last.isoformat()
    asked = {
        "first": first,
        "last": last,
        "country": period.country,
        "application": period.application,
    }
    what = "messages" if kind == ExportKind.PERIOD else "statistics"
    return {"kind": ExportKind(kind), "asked": asked, "name": f"{what}-{first}-{last}.csv"}


def _export(request: MemberRequest, pk: int) -> Export:
    """Return an export that its reader may have; whole numbers are for those who may see them."""
    own = Export.objects.for_organization(request.organization)
    if not request.member.may(Permission.NUMBERS):
        own = own.filter(has_numbers=False)
    return get_object_or_404(own, pk=pk)


@needs("view")
@require_GET
@limited(DOWNLOADS)
def export_download(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Give the file; one that is gone is told in the list."""
    export = _export(request, pk)
    path = path_of(export)
    if export.state != ExportState.READY.value or not path.is_file():
        messages.error(
            request, _("This file does not exist or is not ready yet. Ask for it again.")
        )
        return redirect(reverse("reports:exports"))
    kind = (XLSX,) if export.is_xlsx else ()
    response = download(export.name, _read(path), *kind)
    response["Content-Length"] = str(export.size)
    return response


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


@needs("view")
@require_POST
def export_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a file of one's own, or stop it; who may see numbers may delete any."""
    export = _export(request, pk)
    if export.created_by_id == request.user.pk or request.member.may(Permission.NUMBERS):
        actions.delete_export(member=request.member, export=export)
    return redirect("reports:exports")
