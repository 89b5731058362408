"""How allauth behaves here: who may sign up, where links point, how mail leaves."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.mail import Mail, send_later
from accounts.models import Member, User
from accounts.models.encrypted import decrypt, encrypt
from accounts.staff import OPERATE, is_reviewer


def on_public_url(url: str) -> str:
    """Return `url` at PUBLIC_URL: a request's Host header has no say in what a mail links to."""
    return settings.PUBLIC_URL + urlsplit(url).path


class AccountAdapter(DefaultAccountAdapter):
    """Public sign-up is closed unless SIGNUP_OPEN says otherwise; mail goes through the queue."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not correct."),
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait five minutes, then try again."
        ),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("The password is not correct."),
        "incorrect_code": _("The code is not correct. Wait for a new code, then try again."),
        "same_as_current": _("This is already your e-mail address."),
        "email_taken": _("There is already an account with this e-mail address."),
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

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff without an organization to their work: the review desk, or operations."""
        user = request.user
        if user.is_staff and not Member.objects.filter(user_id=user.pk).exists():
            if user.has_perm(OPERATE):
                return reverse("operations:gateways")
            return reverse("admin:review_desk" if is_reviewer(user) else "admin:index")
        return str(super().get_login_redirect_url(request))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a password reset."""
        return on_public_url(super().get_reset_password_from_key_url(key))

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


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are encrypted at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _("Confirm your e-mail address first. Open the link we sent you."),
    }

    def encrypt(self, text: str) -> str:
        """Return what is stored."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was stored."""
        return decrypt(encrypted_text)
