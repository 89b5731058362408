"""The status page, for who is signed in or, if the console is set up so, for everybody."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Organization
from sending.status import queries


@login_not_required
@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """Show open and recent incidents, and to members how the gateways of their countries are."""
    if not request.user.is_authenticated and not settings.STATUS_PAGE_PUBLIC:
        return redirect_to_login(request.get_full_path())
    organization: Organization | None = request.organization  # type: ignore[attr-defined]
    concerned = queries.concerned(organization) if organization else None
    now, over = queries.incidents(concerned)
    context: dict[str, Any] = {
        "open": now,
        "over": over,
        "days": queries.DAYS,
        "health": queries.health(concerned) if concerned is not None else (),
        # Strangers are not told which carriers there are.
        "names_gateways": request.user.is_authenticated,
    }
    return render(request, "sending/status/status.html", context)
