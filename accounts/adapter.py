"""How allauth behaves here: who may sign up, where links point, how mail leaves."""

import math
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.devices import remember_device
from accounts.mail import Mail, send_later
from accounts.models import AuditEntry, Member, User
from accounts.models.encrypted import decrypt, encrypt
from accounts.staff import OPERATE, is_reviewer
from accounts.throttle import LoginAttempt


def too_many_attempts(wait: timedelta) -> str:
    """Return the sentence for somebody who has to wait before the next attempt."""
    minutes = math.ceil(wait.total_seconds() / 60)
    return ngettext(
        "Too many failed attempts. Wait %(n)d minute, then try again.",
        "Too many failed attempts. Wait %(n)d minutes, then try again.",
        minutes,
    ) % {"n": minutes}


def on_public_url(url: str) -> str:
    """Return `url` at PUBLIC_URL: a request's Host header has no say in what a mail links to."""
    return settings.PUBLIC_URL + urlsplit(url).path


class AccountAdapter(DefaultAccountAdapter):
    """Public sign-up is closed unless SIGNUP_OPEN says otherwise; mail goes through the queue."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not correct."),
        "too_many_login_attempts": _("Too many wrong codes. Wait a few minutes, then try again."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("The password is not correct."),
        "incorrect_code": _("The code is not correct. Wait for a new code, then try again."),
        "same_as_current": _("This is already your e-mail address."),
        "email_taken": _("There is already an account with this e-mail address."),
        "max_email_addresses": _("You cannot add more than %d e-mail addresses."),
        "cannot_remove_primary_email": _("You cannot remove the e-mail address you sign in with."),
        "duplicate_email": _("This is already one of your e-mail addresses."),
        "unknown_email": _("No account has this e-mail address."),
        "unverified_primary_email": _("Confirm your e-mail address first."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell whether strangers may sign up."""
        return bool(settings.SIGNUP_OPEN)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002
        """Keep the name that the person gave at sign-up."""
        user.name = form.cleaned_data["name"]
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt, or refuse it; `authenticate` takes it back where it succeeds."""
        self._attempt = LoginAttempt(request, credentials.get("email", ""))
        if wait := self._attempt.begin():
            raise ValidationError(too_many_attempts(wait), code="too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the person with this address and password."""
        user: User | None = super().authenticate(request, **credentials)
        if user:
            self._attempt.succeed()
        return user

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """Remember the browser: what strangers fail elsewhere is no longer its concern."""
        response: HttpResponse = super().post_login(request, user, **options)
        remember_device(request, response, user.email)
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to confirm who it is, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from your authenticator app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff to their desk: the review desk, or operations.

        A superuser who is a member too, such as who runs a console alone, sends as everybody does.
        """
        user = request.user
        sends = user.is_superuser and Member.objects.filter(user_id=user.pk).exists()
        if not user.is_staff or sends:
            return str(super().get_login_redirect_url(request))
        if user.has_perm(OPERATE):
            return reverse("operations:gateways")
        return reverse("admin:review_desk" if is_reviewer(user) else "admin:index")

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link that proves an address."""
        return on_public_url(super().get_email_confirmation_url(request, emailconfirmation))

    def format_email_subject(self, subject: str) -> str:
        """Return the subject alone: the sender's name says who we are."""
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail; the page does not wait for a mail server."""
        full = {"request": current.request, "email": email, "site": settings.PUBLIC_URL, **context}
        message = self.render_mail(template_prefix, email, full)
        send_later([Mail(to=email, subject=message.subject, text=str(message.body))])


class UserSessionsAdapter(DefaultUserSessionsAdapter):
    """Ends sessions at once, and writes that down."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        """End them; nothing is written where there are none."""
        super().end_sessions(sessions)
        if sessions:
            person = sessions[0].user
            AuditEntry.record(
                action="account.sessions_ended",
                subject="",
                organization=None,
                actor=person,
                person=person,
                number=len(sessions),
            )


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are encrypted at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _("Confirm your e-mail address first. Open the link we sent you."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        """Return a name for a new passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who asks for a passkey: this host, by the product's name."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.MFA_TOTP_ISSUER}

    def encrypt(self, text: str) -> str:
        """Return what is stored."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was stored."""
        return decrypt(encrypted_text)
