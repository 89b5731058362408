"""The list of decisions, also those about one number."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts.decorators import needs
from accounts.limits import SEARCHES, limited
from accounts.requests import MemberRequest, whole_number
from sending.guard_pages import queries
from sending.guard_pages.forms.decisions import DecisionFilterForm
from sending.searches import number_prefix_of, redirect_to_search, search_of

_FILTERS = ("rule", "action", "country")


@needs("view")
@require_http_methods(["GET", "POST"])
@limited(SEARCHES)
def decisions(request: MemberRequest) -> HttpResponse:
    """Show what the guard decided, the newest first, or search it."""
    if request.method == "POST":
        filters = {name: request.POST.get(name, "")[:20] for name in _FILTERS}
        return redirect_to_search(request, request.POST.get("number", "")[:40], **filters)
    form, search = DecisionFilterForm(request.GET), search_of(request)
    wanted = form.asked(number_prefix_of(request))
    after = whole_number(request.GET.get("after"))
    named = {name: request.GET.get(name, "")[:20] for name in (*_FILTERS, "search")}
    context = {
        "form": form,
        "search": search,
        "wanted": wanted,
        "page": queries.decision_page(request.organization, wanted, after),
        "query": urlencode({name: value for name, value in named.items() if value}),
    }
    return render(request, "sending/guard/decisions.html", context)
