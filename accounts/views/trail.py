"""Who did what: in the organization for those who manage it, to one's own account for everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.limits import SEARCHES, limited
from accounts.queries import audit_page, security_events_page
from accounts.requests import MemberRequest, PersonRequest, whole_number
from accounts.trail_forms import AuditFilterForm


@require_GET
@needs("manage")
@limited(SEARCHES)
def audit_trail(request: MemberRequest) -> HttpResponse:
    """Show what was done in the organization, the newest first, perhaps only some of it."""
    form = AuditFilterForm(request.GET, organization=request.organization)
    after = whole_number(request.GET.get("after"))
    page = audit_page(request.organization, after, form.wanted())
    is_filtered = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "page": page, "is_filtered": is_filtered}
    return render(request, "accounts/audit_trail.html", context)


@require_GET
def security_events(request: PersonRequest) -> HttpResponse:
    """Show what happened to the reader's own account, the newest first."""
    page = security_events_page(request.user, whole_number(request.GET.get("after")))
    return render(request, "accounts/security_events.html", {"page": page})
