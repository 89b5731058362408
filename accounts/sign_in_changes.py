"""What follows when somebody changes how they sign in."""

from typing import Any

from allauth.account.signals import password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from accounts.models import User
from accounts.throttle import forgive


def connect() -> None:
    """Listen to allauth; called once when the app is ready."""
    password_reset.connect(_on_password_reset, dispatch_uid="accounts.password_reset")
    authenticator_added.connect(_on_second_step, dispatch_uid="accounts.second_step")


def _on_password_reset(*, request: HttpRequest, user: User, **_: Any) -> None:
    """Let in at once who forgot the password, tried too often and has chosen a new one."""
    forgive(request, user.email)


def _on_second_step(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """End the sessions elsewhere: they were begun without the second step."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        here = request.session.session_key
        others = UserSession.objects.filter(user=user).exclude(session_key=here)
        get_adapter().end_sessions(list(others))
