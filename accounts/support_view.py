"""Support looks at an organization as its members see it: to read, for a while, and it is told.

The operator's session names the organization. Its pages then see a viewer without whole numbers;
nothing can be written: no request but those that read is let through, and the database refuses
what one of them would write all the same.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from accounts import shared_time
from accounts.models import AuditEntry, Member, Organization
from accounts.roles import Role
from accounts.staff import may_look_as_support

SESSION_KEY = "support_view"
LASTS = timedelta(minutes=30)
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
# What stays the operator's own: their work, and the way out.
_OWN_NAMESPACES = frozenset({"operations", "admin"})
_OWN_PAGES = frozenset({
    "account_logout", "account_reauthenticate", "language", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "theme",
})  # fmt: skip
# Django begins reading statements so, on both databases, and the savepoints around them.
_READING = ("SELECT", "(SELECT", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK", "DECLARE", "FETCH")
_WRITING = ("INSERT ", "UPDATE ", "DELETE ", "MERGE ")


@dataclass(frozen=True, slots=True)
class SupportView:
    """A look that goes on: of which organization, and until when at the latest."""

    organization: Organization
    until: datetime
    member: Member


@transaction.atomic
def begin(request: HttpRequest, organization: Organization, reason: str) -> None:
    """Let the operator look from the next request on; the organization's trail says why."""
    until = shared_time.now() + LASTS
    request.session[SESSION_KEY] = {
        "organization": organization.pk,
        "until": until.isoformat(),
    }
    AuditEntry.record(
        action="organization.support_view_began",
        subject=organization,
        organization=organization,
        actor=request.user,
        reason=reason,
        until=until.isoformat(timespec="seconds"),
    )


@transaction.atomic
def end(request: HttpRequest, organization: Organization, *, by_itself: bool = False) -> None:
    """Let the operator look no longer."""
    request.session.pop(SESSION_KEY, None)
    AuditEntry.record(
        action="organization.support_view_ended",
        subject=organization,
        organization=organization,
        actor=request.user,
        by_itself=by_itself,
    )


def support_view_of(request: HttpRequest) -> SupportView | None:
    """Return the look that goes on in this session; one whose time is over ends here."""
    kept: Mapping[str, Any] | None = request.session.get(SESSION_KEY)
    if kept is None or not request.user.is_authenticated:
        return None
    organization = Organization.objects.filter(pk=kept["organization"]).first()
    if organization is None:
        del request.session[SESSION_KEY]
        return None
    until = datetime.fromisoformat(kept["until"])
    if until <= shared_time.now() or not may_look_as_support(request.user):
        end(request, organization, by_itself=True)
        return None
    member = Member(
        organization=organization,
        user=request.user,
        role=Role.VIEWER.value,
        sees_numbers=False,
        created_at=shared_time.now(),
    )
    return SupportView(organization, until, member)


def answered_reading(
    request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """Answer a request of somebody who looks: what would write is refused with 403."""
    view, is_own = _view_of(request)
    if is_own:
        return get_response(request)
    if request.method not in _READS:
        return render(request, "accounts/support_reads_only.html", status=403)
    if not hasattr(view, "needs"):
        return get_response(request)
    with reading_only():
        return get_response(request)


def _view_of(request: HttpRequest) -> tuple[Any, bool]:
    """Return the view that will answer, and whether it is of the operator's own work."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None, False
    is_own = bool(_OWN_NAMESPACES & set(match.namespaces)) or match.view_name in _OWN_PAGES
    return match.func, is_own


@contextmanager
def reading_only() -> Iterator[None]:
    """Refuse every statement that is not known to read; raises PermissionDenied (403)."""
    with connection.execute_wrapper(_only_reading):
        yield


def _only_reading(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django calls it so.
    statement = str(sql).lstrip().upper()
    writes = statement.startswith("WITH") and any(word in statement for word in _WRITING)
    if writes or not statement.startswith(_READING):
        raise PermissionDenied("Support can only look.")
    return execute(sql, params, many, context)
