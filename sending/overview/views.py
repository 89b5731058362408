"""The overview page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.decorators import needs
from accounts.roles import Permission
from sending.overview import queries


@needs("view")
def overview(request: HttpRequest) -> HttpResponse:
    """Show the guide, running tasks, what needs someone, today and what waits for review."""
    organization = request.organization  # type: ignore[attr-defined]
    today = queries.today(organization)
    return render(
        request,
        "sending/overview/overview.html",
        {
            "waiting": queries.waiting_for(request.member),  # type: ignore[attr-defined]
            "incidents": queries.open_incidents(organization),
            "guide": queries.guide(request.member),  # type: ignore[attr-defined]
            "today": today,
            "running": queries.running_tasks(organization),
            "needed": queries.needed(organization),
            "has_drafts": request.member.may(Permission.SEND)  # type: ignore[attr-defined]
            and queries.has_drafts(organization),
            "in_review": queries.in_review(organization),
        },
    )
