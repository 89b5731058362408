"""Replies that belong to no organization: what operators may know of them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest, whole_number
from sending.operations.access import operators_only
from sending.operations.queries import unassigned as queries
from sending.operations.queries.failures import MOST


@require_GET
@operators_only
def unassigned(request: PersonRequest) -> HttpResponse:
    """List replies that answer no message, the newest first."""
    page = queries.unassigned_page(whole_number(request.GET.get("after")))
    context = {"page": page, "count": queries.unassigned_count(), "most": MOST}
    return render(request, "sending/operations/unassigned.html", context)
