"""How long somebody stays signed in: until idle for some hours, and never longer than a day's work.

Idle time is the session's own expiry (SESSION_COOKIE_AGE), renewed by every sign of life.
"""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from accounts import shared_time

BEGAN, SEEN = "signed_in_at", "seen_at"
NOTED_EVERY = 60
"""Seconds between two notes of a sign of life: not every request writes to the database."""


class SessionLifetimeMiddleware:
    """Ends sessions that are too old, and notes when and where the others were seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer the request; whose session is over is nobody from here on."""
        if request.user.is_authenticated:
            now = int(shared_time.now().timestamp())
            if now - request.session.setdefault(BEGAN, now) > settings.SESSION_LIFETIME:
                logout(request)
            elif is_sign_of_life(request) and now - request.session.get(SEEN, 0) >= NOTED_EVERY:
                request.session[SEEN] = now
                UserSession.objects.create_from_request(request)
        return self.get_response(request)


def is_sign_of_life(request: Any) -> bool:
    """Tell a person from a page that asks for its own news."""
    return not (request.method == "GET" and request.headers.get("HX-Request"))
