"""What every page's template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.roles import FOR_SENDING, Permission
from sending.inbox.queries import unread_conversations
from sending.models import Gateway

THEME_COOKIE = "theme"


def _simulator_only() -> bool:
    """Tell whether every gateway in use is a simulator."""
    kinds = set(
        Gateway.objects.exclude(mode=Gateway.Mode.STOPPED).values_list("is_simulator", flat=True)
    )
    return kinds == {True}


def console(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's membership and what it may do now (`may.send`), theme and gateways."""
    theme = request.COOKIES.get(THEME_COOKIE)
    member = getattr(request, "member", None)
    closed = FOR_SENDING if member and member.organization.is_suspended else frozenset()
    return {
        "member": member,
        "may": {p.value: bool(member and p not in closed and member.may(p)) for p in Permission},
        "organization": member.organization if member else None,
        "memberships": getattr(request, "memberships", []),
        "support_view": getattr(request, "support_view", None),
        "second_step_reason": getattr(request, "second_step_reason", ""),
        "unread_conversations": SimpleLazyObject(
            lambda: unread_conversations(member.organization) if member else 0
        ),
        "simulator_only": SimpleLazyObject(_simulator_only),
        "support_email": settings.SUPPORT_EMAIL,
        "is_demo": settings.MODE == "demo",
        "mails_reach_nobody": settings.PRODUCTION and settings.MAILS_IN_FILES,
        "is_signup_open": settings.SIGNUP_OPEN,
        "theme": theme if theme in ("light", "dark") else "light",
    }
