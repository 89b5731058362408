"""Browsers that have signed in as somebody before: a signed cookie says as whom."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SALT = "accounts.devices"
KEPT_SECONDS = 365 * 24 * 3600
MOST_PEOPLE = 5
"""People of one browser whom the cookie remembers."""


def known_device(request: HttpRequest, email: str) -> str:
    """Return the name of a browser that has signed in as `email` before, or nothing."""
    return str(_devices(request).get(_alias(email), ""))


def remember_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Mark the browser as one that has signed in as `email`."""
    devices, alias = _devices(request), _alias(email)
    device = devices.pop(alias, None) or secrets.token_urlsafe(12)
    kept = dict([*devices.items(), (alias, device)][-MOST_PEOPLE:])
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(kept, salt=SALT),
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _devices(request: HttpRequest) -> dict[str, Any]:
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        devices: dict[str, Any] = signing.loads(cookie, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return {}
    return devices


def _alias(email: str) -> str:
    """Return what stands for an address in the cookie, which other people may read."""
    return salted_hmac(SALT, email.lower()).hexdigest()[:16]
