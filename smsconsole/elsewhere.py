"""A link to a row of another of the reader's organizations: an offer to switch, not "not found"."""

import copy
import logging
from collections.abc import Callable
from typing import Any

from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Member

log = logging.getLogger(__name__)

# Who works in more of them chooses by hand.
_MOST_PLACES = 20


class ElsewhereMiddleware:
    """Where a page of an organization is not found, looks whether another one of theirs has it.

    The page itself is asked, as the reader would ask there: what they may not see there, nobody
    tells them of. The status stays 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer, perhaps with an offer."""
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code != 404 or request.method != "GET" or match is None:
            return response
        names_a_row = any(isinstance(value, int) for value in match.kwargs.values())
        if not names_a_row or not hasattr(match.func, "needs") or request.headers.get("HX-Request"):
            return response
        others = [place for place in request.memberships if place != request.member]
        for place in others[:_MOST_PLACES]:
            if _answers(request, place):
                context = {"place": place, "path": request.get_full_path()}
                return render(request, "elsewhere.html", context, status=404)
        return response


def _answers(request: Any, place: Member) -> bool:
    """Tell whether the page would be there; nothing that it does by the way stays."""
    asked = copy.copy(request)
    asked.member, asked.organization = place, place.organization
    asked.session = SessionStore()
    asked.session.update(dict(request.session.items()))
    asked._messages = default_storage(asked)  # noqa: SLF001 - where Django keeps them.
    match = request.resolver_match
    try:
        with transaction.atomic(), timezone.override(place.organization.zone):
            answer = match.func(asked, *match.args, **match.kwargs)
            transaction.set_rollback(True)
    except (Http404, PermissionDenied):
        return False
    except Exception:
        log.exception("asking another organization for a page failed")
        return False
    return answer.status_code in {200, 302}
