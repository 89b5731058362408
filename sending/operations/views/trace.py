"""All messages to one number, in all organizations."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.limits import SEARCHES, limited
from accounts.requests import PersonRequest, whole_number
from sending.operations.access import operators_only
from sending.operations.actions import record_trace
from sending.operations.forms.trace import TraceForm
from sending.operations.queries.trace import messages_to


@require_GET
@limited(SEARCHES)
@operators_only
def trace(request: PersonRequest) -> HttpResponse:
    """Show what was sent to a number and what became of it; each look is written down."""
    form = TraceForm(request.GET if "number" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        msisdn = form.cleaned_data["number"]
        before = whole_number(request.GET.get("before"))
        page = messages_to(msisdn, before)
        record_trace(actor=request.user, msisdn=msisdn, found=len(page.rows))
        context |= {
            "msisdn": msisdn,
            "found": page.rows,
            "next": whole_number(page.next),
            "later_page": before is not None,
        }
    return render(request, "sending/operations/trace.html", context)
