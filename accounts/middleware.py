"""Puts the reader's organization on the request, and its time zone on the page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Member

SESSION_KEY = "organization_id"


def current_member(request: HttpRequest) -> Member | None:
    """Return the membership the session chose, or the oldest one, or None."""
    if not request.user.is_authenticated:
        return None
    memberships = Member.objects.filter(user=request.user).select_related("organization")
    chosen = request.session.get(SESSION_KEY)
    if chosen and (member := memberships.filter(organization_id=chosen).first()):
        return member
    return memberships.order_by("id").first()


class OrganizationMiddleware:
    """Sets `request.member` and `request.organization` (None for people without one)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the organization's time zone."""
        member = current_member(request)
        request.member = member  # type: ignore[attr-defined]
        request.organization = member.organization if member else None  # type: ignore[attr-defined]
        if member is None:
            return self.get_response(request)
        with timezone.override(member.organization.zone):
            return self.get_response(request)
