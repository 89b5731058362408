"""Who did what: in the organization for those who manage it, to one's own account for everybody."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.downloads import download
from accounts.limits import DOWNLOADS, SEARCHES, limited
from accounts.models import AuditEntry
from accounts.requests import MemberRequest, PersonRequest, whole_number
from accounts.templatetags.audit import audit_actor, audit_sentence
from accounts.trail_forms import AuditFilterForm
from accounts.trail_queries import (
    MOST_EXPORTED,
    audit_page,
    exported_entries,
    security_events_page,
)
from sending.spreadsheets.writer import stream_csv


@require_GET
@needs("manage")
@limited(SEARCHES)
def audit_trail(request: MemberRequest) -> HttpResponse:
    """Show what was done in the organization, the newest first, perhaps only some of it."""
    form = AuditFilterForm(request.GET, organization=request.organization)
    after = whole_number(request.GET.get("after"))
    page = audit_page(request.organization, after, form.wanted())
    is_filtered = any(request.GET.get(name) for name in form.fields)
    export = request.GET.copy()
    export.pop("after", None)
    context = {
        "form": form,
        "page": page,
        "is_filtered": is_filtered,
        "export": export.urlencode(),
        "most": MOST_EXPORTED,
    }
    return render(request, "accounts/audit_trail.html", context)


@require_GET
@needs("manage")
@limited(DOWNLOADS)
def audit_trail_export(request: MemberRequest) -> HttpResponseBase:
    """Download what the filter shows, the newest first; that somebody did is an entry itself."""
    form = AuditFilterForm(request.GET, organization=request.organization)
    wanted = form.wanted()
    with transaction.atomic():
        AuditEntry.record(
            action="audit_trail.exported",
            subject=request.organization.name,
            organization=request.organization,
            actor=request.user,
            filter={name: request.GET[name] for name in form.fields if request.GET.get(name)},
        )
    headings = [_("What"), _("About"), _("Who"), _("When"), _("Number"), _("Seal")]
    zone = request.organization.zone
    rows = (_row(entry, zone) for entry in exported_entries(request.organization, wanted))
    day = timezone.localdate().isoformat()
    return download(f"audit-trail-{day}.csv", stream_csv(headings, rows))


def _row(entry: AuditEntry, zone: ZoneInfo) -> list[str | int]:
    """Return the cells of an entry; a download is made after the page's own zone is over."""
    about = str(entry.subject or entry.person or "")
    at = entry.at.astimezone(zone).isoformat(timespec="seconds")
    return [audit_sentence(entry), about, audit_actor(entry), at, entry.position, entry.seal]


@require_GET
def security_events(request: PersonRequest) -> HttpResponse:
    """Show what happened to the reader's own account, the newest first."""
    page = security_events_page(request.user, whole_number(request.GET.get("after")))
    return render(request, "accounts/security_events.html", {"page": page})
