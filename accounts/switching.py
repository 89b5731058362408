"""Where somebody goes who switches to another organization."""

from urllib.parse import urlsplit

from django.http import Http404
from django.urls import resolve, reverse

from accounts.models import Member
from accounts.roles import FOR_SENDING

_LONGEST = 2_000


def page_after_switch(shown: str, member: Member) -> str:
    """Return the page nearest to `shown`, a path, that `member` may open in their organization.

    A page about one thing (a task, a template) leads to the list of such things: the other
    organization does not have it. What nothing is near to leads to the overview.
    """
    path = urlsplit(shown).path if len(shown) <= _LONGEST else ""
    while path.startswith("/") and path != "/":
        if _is_open(path, member):
            return path
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return reverse("overview:overview")


def _is_open(path: str, member: Member) -> bool:
    """Tell whether the address names no row, and is for members with rights that `member` has."""
    try:
        match = resolve(path)
    except Http404:
        return False
    needed = getattr(match.func, "needs", None)
    closed = needed in FOR_SENDING and member.organization.is_suspended
    return needed is not None and not match.kwargs and member.may(needed) and not closed
