"""Who must have a second step when signing in, and the way there for those who have none."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Pages by which a person gets a second step, or away from here.
OPEN_PREFIXES = ("account_", "mfa_", "usersessions_")
OPEN_PAGES = frozenset({
    "healthz", "readyz", "theme", "language",
    "accounts:invitation", "accounts:session_end", "accounts:switch",
})  # fmt: skip


def has_second_step(user: User) -> bool:
    """Tell whether a password alone does not let `user` in."""
    return bool(is_mfa_enabled(user, SECOND_STEPS))


def has_passkey(user: User) -> bool:
    """Tell whether `user` can sign in with a passkey."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]))


def used_passkey(request: Any) -> bool:
    """Tell whether a passkey was used in this session, to sign in or to confirm who it is."""
    records = get_authentication_records(request, request.user)
    return any(record.get("type") == Authenticator.Type.WEBAUTHN for record in records)


def missing_second_step(request: Any) -> str:
    """Return why the reader must set up a second step first, or nothing where they need not."""
    user, organization = request.user, request.organization
    staff = user.is_staff and settings.STAFF_NEED_SECOND_STEP
    asked_for = staff or (organization is not None and organization.needs_second_step)
    if not asked_for:
        return ""
    if organization is not None and organization.needs_passkey:
        if has_passkey(user):
            return ""
        return _(
            "%(organization)s requires a passkey to sign in. Add one to continue: a "
            "code from an app is not enough."
        ) % {"organization": organization}
    if has_second_step(user):
        return ""
    if staff:
        return _(
            "Staff see the data of every organization, so they need a second step to sign in. "
            "Set one up to continue."
        )
    return _("%(organization)s requires a second step to sign in. Set one up to continue.") % {
        "organization": organization
    }


class SecondStepMiddleware:
    """Leads people who must have a second step, and have none, to its set-up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; `process_view` has the say."""
        return self.get_response(request)

    def process_view(self, request: Any, *_view: object) -> HttpResponse | None:
        """Let nothing else be seen or done before; `request.second_step_reason` says why."""
        if not request.user.is_authenticated:
            return None
        request.second_step_reason = missing_second_step(request)
        name = request.resolver_match.view_name
        if name in OPEN_PAGES or name.startswith(OPEN_PREFIXES):
            return None
        if request.second_step_reason:
            to = reverse("mfa_index")
        elif self._must_use_passkey(request):
            back = urlencode({"next": request.get_full_path() if request.method == "GET" else "/"})
            to = f"{reverse('mfa_reauthenticate_webauthn')}?{back}"
        else:
            return None
        # htmx would put the page into a part of another one.
        return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)

    @staticmethod
    def _must_use_passkey(request: Any) -> bool:
        """Tell whether the reader has a passkey that must be used, and signed in without it."""
        organization = request.organization
        return (
            organization is not None
            and organization.needs_second_step
            and organization.needs_passkey
            and not used_passkey(request)
        )
