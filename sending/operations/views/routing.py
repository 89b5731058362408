"""Try a number: which gateway and price it gets, and why."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.limits import SEARCHES, limited
from accounts.requests import PersonRequest
from sending.number_form import NumberForm
from sending.operations.access import operators_only
from sending.operations.queries.routing import way_of
from sending.searches import redirect_to_search, search_of


@require_http_methods(["GET", "POST"])
@limited(SEARCHES)
@operators_only
def routing(request: PersonRequest) -> HttpResponse:
    """Show the route of a number, its gateways as they are now, and the price of a segment."""
    form, search = NumberForm(request.POST or None), search_of(request)
    if form.is_valid():
        return redirect_to_search(request, form.cleaned_data["number"])
    context: dict[str, object] = {"form": form, "search": search}
    if request.method == "GET" and search.text:
        context["form"] = NumberForm(initial={"number": search.text})
        context["way"] = way_of(search.text)
    return render(request, "sending/operations/routing.html", context)
