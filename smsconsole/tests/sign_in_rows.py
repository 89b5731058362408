"""How people sign in, as rows: a passkey, a session."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts.models import User


def make_passkey(user: User) -> Authenticator:
    """Make a passkey of a person who is no reader."""
    data = {"name": "Phone", "credential": {}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def make_session(user: User) -> UserSession:
    """Make a session of a person who is no reader."""
    return UserSession.objects.create(user=user, ip="192.0.2.1", session_key=f"no-such-{user.pk}")
