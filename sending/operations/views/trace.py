"""All messages to one number, in all organizations."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.limits import SEARCHES, limited
from accounts.requests import PersonRequest, whole_number
from sending.operations.access import operators_only
from sending.operations.actions import record_trace
from sending.operations.forms.trace import TraceForm
from sending.operations.queries.trace import messages_to
from sending.searches import redirect_to_search, search_of


@require_http_methods(["GET", "POST"])
@limited(SEARCHES)
@operators_only
def trace(request: PersonRequest) -> HttpResponse:
    """Show what was sent to a number and what became of it; each look is written down."""
    form, search = TraceForm(request.POST or None), search_of(request)
    if form.is_valid():
        return redirect_to_search(request, form.cleaned_data["number"])
    if request.method == "GET" and search.text:
        form = TraceForm(initial={"number": search.text})
    context: dict[str, object] = {"form": form, "search": search}
    if request.method == "GET" and (msisdn := search.text):
        after = whole_number(request.GET.get("after"))
        page = messages_to(msisdn, after)
        record_trace(actor=request.user, msisdn=msisdn, found=len(page.rows))
        context |= {"msisdn": msisdn, "page": page, "later_page": after is not None}
    return render(request, "sending/operations/trace.html", context)
