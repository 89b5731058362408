"""All messages to one number, in all organizations."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest, whole_number
from sending.operations.access import operators_only
from sending.operations.actions import record_trace
from sending.operations.forms.trace import TraceForm
from sending.operations.queries.trace import messages_to


@require_GET
@operators_only
def trace(request: PersonRequest) -> HttpResponse:
    """Show what was sent to a number and what became of it; each look is written down."""
    form = TraceForm(request.GET if "number" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        msisdn = form.cleaned_data["number"]
        after = whole_number(request.GET.get("after"))
        page = messages_to(msisdn, after)
        record_trace(actor=request.user, msisdn=msisdn, found=len(page.rows))
        context |= {"msisdn": msisdn, "page": page, "later_page": after is not None}
    return render(request, "sending/operations/trace.html", context)
