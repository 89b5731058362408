"""Messages in doubt: the list, one with its evidence, and the decision about it."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import shared_time
from accounts.errors import Refusal
from accounts.requests import PersonRequest, whole_number
from sending.lifecycle import MessageState
from sending.message_history import histories_of
from sending.models import Message
from sending.operations import actions
from sending.operations.access import operators_only
from sending.operations.forms.doubts import AGAIN, DoubtDecisionForm, DoubtFilterForm
from sending.operations.queries import doubts, failures
from sending.operations.queries.trace import receipts_for


@require_http_methods(["GET", "POST"])
@operators_only
def messages_in_doubt(request: PersonRequest) -> HttpResponse:
    """List the messages in doubt, the oldest first, and decide about all that the filter means."""
    if request.method == "POST":
        return _many_decided(request)
    form = DoubtFilterForm(request.GET)
    wanted = form.asked()
    page = doubts.messages_in_doubt(wanted, _cursor(request.GET.get("after", "")))
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "pile": failures.in_doubt(),
        "most": doubts.MOST_AT_ONCE,
        "until": shared_time.now().isoformat(),
    }
    return render(request, "sending/operations/doubts.html", context)


def _many_decided(request: PersonRequest) -> HttpResponse:
    """Take the decision about what the page could show; what came into doubt since is left out."""
    form = DoubtDecisionForm(request.POST)
    wanted = form.asked()
    where = f"{reverse('operations:doubts')}?{wanted.query}"
    if wanted.until is None or not form.is_valid():
        messages.error(request, _("Choose what to do, and confirm that you mean all of them."))
        return redirect(where)
    again = form.cleaned_data["decision"] == AGAIN
    settled = actions.settle_many(actor=request.user, wanted=wanted, again=again)
    done = (
        ngettext("%(n)s message is in the queue again.", "%(n)s messages are in the queue again.",
                 settled)
        if again
        else ngettext("%(n)s message is unknown now.", "%(n)s messages are unknown now.", settled)
    ) % {"n": number_format(settled, force_grouping=True)}  # fmt: skip
    messages.success(
        request, f"{done} {_('Messages that cannot be settled this way stay in doubt.')}"
    )
    return redirect(where)


def _cursor(text: str) -> tuple[datetime, int] | None:
    """Read where a page begins; anything else is the first page."""
    at, _tilde, number = text.partition("~")
    pk = whole_number(number)
    try:
        moment = parse_datetime(at)
        if moment is None or moment.tzinfo is None or pk is None:
            return None
        return moment.astimezone(UTC), pk
    except (ValueError, OverflowError):
        # A day at the very edge of the calendar has no UTC.
        return None


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
