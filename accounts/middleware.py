"""Puts the reader's organization on the request, and writes down who was refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils import timezone
from structlog.contextvars import bind_contextvars

from accounts import security_log
from accounts.models import Member
from accounts.support_view import answered_reading, support_view_of

SESSION_KEY = "organization_id"
REFUSALS = {403: "access.refused", 404: "access.not_found", 429: "access.limited"}


def memberships_of(request: HttpRequest) -> list[Member]:
    """Return the reader's places in organizations, by the names of these."""
    if not request.user.is_authenticated:
        return []
    memberships = Member.objects.filter(user=request.user).select_related("organization")
    return list(memberships.order_by("organization__name"))


def current_member(request: HttpRequest, memberships: list[Member]) -> Member | None:
    """Return the membership the session chose, or the oldest one, or None."""
    chosen = request.session.get(SESSION_KEY) if memberships else None
    for member in memberships:
        if member.organization_id == chosen:
            return member
    return min(memberships, key=lambda member: member.pk, default=None)


class OrganizationMiddleware:
    """Sets `request.member` and `request.organization` (None for people without one).

    `request.memberships` are all places of the reader, for the switch of organizations. While an
    operator looks at an organization for support, `request.support_view` says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the organization's time zone."""
        support = support_view_of(request)
        request.support_view = support  # type: ignore[attr-defined]
        memberships = [] if support else memberships_of(request)
        member = support.member if support else current_member(request, memberships)
        request.memberships = memberships  # type: ignore[attr-defined]
        request.member = member  # type: ignore[attr-defined]
        request.organization = member.organization if member else None  # type: ignore[attr-defined]
        if member is None:
            return self.get_response(request)
        bind_contextvars(organization_id=member.organization_id)
        with timezone.override(member.organization.zone):
            if support:
                return answered_reading(request, self.get_response)
            return self.get_response(request)


class RefusalLogMiddleware:
    """Writes refused requests into the security log: the view and ids, never the address.

    A row of another organization does not exist for the reader, so that of all the 404s those are
    written down that somebody who is signed in gets for an id.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write down a refusal."""
        response = self.get_response(request)
        event = REFUSALS.get(response.status_code)
        match: ResolverMatch | None = request.resolver_match
        rows = _rows_asked_for(match)
        if event and (response.status_code != 404 or (rows and request.user.is_authenticated)):
            organization = getattr(request, "organization", None)
            security_log.write(
                event,
                actor=request.user.pk,
                organization=organization.pk if organization else None,
                method=request.method,
                view=match.view_name if match else None,
                rows=rows or None,
            )
        return response


def _rows_asked_for(match: ResolverMatch | None) -> str:
    """Return the numeric ids of an address, such as `pk=12 customer_pk=3`: no token or key."""
    ids = match.kwargs.items() if match else ()
    return " ".join(f"{name}={value}" for name, value in ids if isinstance(value, int))
