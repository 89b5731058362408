"""Puts the reader's organization on the request, and its time zone on the page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Member

SESSION_KEY = "organization_id"


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

    `request.memberships` are all places of the reader, for the switch of organizations.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the organization's time zone."""
        memberships = memberships_of(request)
        member = current_member(request, memberships)
        request.memberships = memberships  # type: ignore[attr-defined]
        request.member = member  # type: ignore[attr-defined]
        request.organization = member.organization if member else None  # type: ignore[attr-defined]
        if member is None:
            return self.get_response(request)
        with timezone.override(member.organization.zone):
            return self.get_response(request)
