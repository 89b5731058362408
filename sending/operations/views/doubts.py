"""Messages in doubt: the list, one with its evidence, and the decision about it."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import Refusal
from accounts.requests import PersonRequest
from sending.lifecycle import MessageState
from sending.models import Message
from sending.operations import actions
from sending.operations.access import operators_only
from sending.operations.queries.failures import DOUBTS_A_PAGE, in_doubt
from sending.operations.queries.failures import doubts as doubts_after
from sending.operations.queries.trace import receipts_for, tell


@require_GET
@operators_only
def doubts(request: PersonRequest) -> HttpResponse:
    """List the messages in doubt, the oldest first."""
    found = doubts_after(_cursor(request.GET.get("after", "")))
    shown = found[:DOUBTS_A_PAGE]
    last = shown[-1].attention if len(found) > DOUBTS_A_PAGE else None
    context = {
        "doubts": shown,
        "pile": in_doubt(),
        "next": f"{last.at.isoformat()}~{last.message_id}" if last else "",
    }
    return render(request, "sending/operations/doubts.html", context)


def _cursor(text: str) -> tuple[datetime, int] | None:
    """Read where a page begins; anything else is the first page."""
    at, _tilde, pk = text.partition("~")
    try:
        moment = parse_datetime(at)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not (pk.isdecimal() and len(pk) <= 18):
        return None
    return moment, int(pk)


@require_http_methods(["GET", "POST"])
@operators_only
def doubt(request: PersonRequest, pk: int) -> HttpResponse:
    """Show the evidence about one message in doubt, and take the decision."""
    message = get_object_or_404(Message, pk=pk)
    if request.method == "POST":
        return _decided(request, message)
    if message.state != MessageState.IN_DOUBT:
        return _settled(request)
    (traced,) = tell([message])
    context = {"traced": traced, "receipts": receipts_for(message), "tries": message.attempt}
    return render(request, "sending/operations/doubt.html", context)


def _settled(request: PersonRequest) -> HttpResponse:
    messages.info(request, _("This message is no longer in doubt."))
    return redirect("operations:doubts")


def _decided(request: PersonRequest, message: Message) -> HttpResponse:
    decision = request.POST.get("decision", "")
    if decision not in {"again", "unknown"}:
        messages.error(request, _("Choose whether to send it again."))
        return redirect("operations:doubt", pk=message.pk)
    if request.POST.get("attempt") != str(message.attempt):
        return _settled(request)
    try:
        actions.settle(actor=request.user, message=message, again=decision == "again")
    except Refusal as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _done(message, decision))
    return redirect("operations:doubts")


def _done(message: Message, decision: str) -> str:
    if decision == "again":
        return _("Message %(id)s is in the queue again.") % {"id": message.pk}
    return _("Message %(id)s is unknown now. A late receipt still counts.") % {"id": message.pk}
