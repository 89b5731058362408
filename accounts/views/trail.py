"""Who did what: in the organization for its owners, to one's own account for everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.queries import audit_page, security_events_page
from accounts.requests import MemberRequest, PersonRequest
from accounts.trail_forms import AuditFilterForm


@require_GET
@needs("manage")
def audit_trail(request: MemberRequest) -> HttpResponse:
    """Show what was done in the organization, the newest first, perhaps only some of it."""
    form = AuditFilterForm(request.GET, organization=request.organization)
    before = _entry_id(request.GET.get("before", ""))
    entries, more = audit_page(request.organization, before, form.wanted())
    filters = {name: request.GET.get(name, "")[:40] for name in form.fields}
    context = {
        "form": form,
        "entries": entries,
        "older": entries[-1].pk if more else None,
        "is_later_page": before is not None,
        "query": urlencode({name: value for name, value in filters.items() if value}),
    }
    return render(request, "accounts/audit_trail.html", context)


@require_GET
def security_events(request: PersonRequest) -> HttpResponse:
    """Show what happened to the reader's own account, the newest first."""
    before = _entry_id(request.GET.get("before", ""))
    entries, more = security_events_page(request.user, before)
    context = {
        "entries": entries,
        "older": entries[-1].pk if more else None,
        "is_later_page": before is not None,
    }
    return render(request, "accounts/security_events.html", context)


def _entry_id(text: str) -> int | None:
    """Read the cursor of an address; anything else is as if it was not there."""
    # Longer ones fit no column of ours.
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 18 else None
