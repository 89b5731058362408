"""A number looked for from any page, and all about a number that is no customer."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.decorators import needs
from accounts.limits import SEARCHES, limited
from accounts.requests import MemberRequest
from sending.customers import finding
from sending.customers.about import about
from sending.searches import redirect_to_search, search_of


@require_http_methods(["GET", "POST"])
@needs("numbers")
@limited(SEARCHES)
def find(request: MemberRequest) -> HttpResponse:
    """Show where a number is known, whether it was entered whole, from its beginning or end."""
    if request.method == "POST":
        return redirect_to_search(request, request.POST.get("q", "").strip()[:40])
    search = search_of(request)
    context = {
        "search": search,
        "finding": finding.find(request.organization, search.text),
        "newest_messages": finding.NEWEST_MESSAGES,
    }
    return render(request, "sending/customers/find.html", context)


@require_http_methods(["GET", "POST"])
@needs("numbers")
@limited(SEARCHES)
def number(request: MemberRequest) -> HttpResponse:
    """Show everything about one number; a customer has a page of its own."""
    if request.method == "POST":
        return redirect_to_search(request, request.POST.get("number", "").strip()[:16])
    search = search_of(request)
    if not search.text.startswith("+"):
        return redirect("customers:find")
    found = about(request.organization, search.text)
    if found.customer:
        return redirect("customers:detail", pk=found.customer.pk)
    return render(request, "sending/customers/number.html", {"about": found})
