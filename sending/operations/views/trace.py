"""All messages to one number, in all organizations."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest
from sending.operations.access import operators_only
from sending.operations.actions import record_trace
from sending.operations.forms.trace import TraceForm
from sending.operations.queries.trace import SHOWN, messages_to


@require_GET
@operators_only
def trace(request: PersonRequest) -> HttpResponse:
    """Show what was sent to a number and what became of it; each look is written down."""
    form = TraceForm(request.GET if "number" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        msisdn = form.cleaned_data["number"]
        before = request.GET.get("before", "")
        known = before.isdecimal() and before.isascii() and len(before) <= 18
        found = messages_to(msisdn, int(before) if known else None)
        shown = found[:SHOWN]
        record_trace(actor=request.user, msisdn=msisdn, found=len(shown))
        more = len(found) > SHOWN
        context |= {
            "msisdn": msisdn,
            "found": shown,
            "next": shown[-1].message.pk if more else None,
            "later_page": known,
        }
    return render(request, "sending/operations/trace.html", context)
