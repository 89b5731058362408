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
from sending.message_history import histories_of
from sending.models import Message
from sending.operations import actions
from sending.operations.access import operators_only
from sending.operations.queries import failures
from sending.operations.queries.trace import receipts_for


@require_GET
@operators_only
def messages_in_doubt(request: PersonRequest) -> HttpResponse:
    """List the messages in doubt, the oldest first."""
    page = failures.messages_in_doubt(_cursor(request.GET.get("after", "")))
    context = {"page": page, "pile": failures.in_doubt()}
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
def message_in_doubt(request: PersonRequest, pk: int) -> HttpResponse:
    """Show the evidence about one message in doubt, and take the decision."""
    message = get_object_or_404(Message, pk=pk)
    if request.method == "POST":
        return _decided(request, message)
    if message.state != MessageState.IN_DOUBT:
        return _no_longer_in_doubt(request)
    (traced,) = histories_of([message])
    context = {"traced": traced, "receipts": receipts_for(message), "tries": message.attempt}
    return render(request, "sending/operations/doubt.html", context)


def _no_longer_in_doubt(request: PersonRequest) -> HttpResponse:
    messages.info(request, _("This message is no longer in doubt."))
    return redirect("operations:doubts")


def _decided(request: PersonRequest, message: Message) -> HttpResponse:
    decision = request.POST.get("decision", "")
    if decision not in {"again", "unknown"}:
        messages.error(request, _("Choose whether to send it again."))
        return redirect("operations:doubt", pk=message.pk)
    if request.POST.get("attempt") != str(message.attempt):
        return _no_longer_in_doubt(request)
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
