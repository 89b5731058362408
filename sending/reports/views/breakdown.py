"""The figures of a period by template, signature, person, task, error and delay."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.limits import SEARCHES, limited
from accounts.requests import MemberRequest
from sending.reports import breakdown as queries
from sending.reports.forms import PRESETS, StatisticsForm


@needs("view")
@require_GET
@limited(SEARCHES)
def breakdown(request: MemberRequest) -> HttpResponse:
    """Show who sent what in a period, why messages failed, and how long they took."""
    form = StatisticsForm(request.GET, organization=request.organization)
    context: dict[str, Any] = {"form": form, "presets": PRESETS, "most": queries.MOST_TASKS}
    if form.is_valid():
        asked = form.asked()
        found = queries.breakdown(request.organization, asked)
        form.offer([code for code, _delays in found.countries])
        context |= {"asked": asked, "found": found}
    else:
        form.offer([])
    return render(request, "sending/reports/breakdown.html", context)
