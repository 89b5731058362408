"""Celery: sends mail away from the request that caused it, and erases what is no longer kept."""

from smtplib import SMTPException
from typing import Any

from celery import current_app, shared_task
from django.conf import settings
from django.core.mail import EmailMessage

from accounts import notice_delivery, retention
from accounts.held import is_held

# A mail server that is away is tried again for about two hours.
SENDS_MAIL: dict[str, Any] = {
    "acks_late": True,
    "autoretry_for": (OSError, SMTPException),
    "retry_backoff": 30,
    "max_retries": 8,
}


@shared_task(name="accounts.mail", **SENDS_MAIL)
def mail(*, to: str, subject: str, text: str, **later: Any) -> None:
    """Send one mail."""
    del later
    EmailMessage(subject=subject, body=text, to=[to]).send()


@shared_task(name="accounts.reset_link", **SENDS_MAIL)
def reset_link(*, email: str, language: str = "", **later: Any) -> None:
    """Mail the link for a new password to the person with this address, if there is one."""
    from accounts.account_events import record_account_event
    from accounts.mail import reset_link_mail
    from accounts.models import User

    del later
    for person in User.objects.filter(email=email.lower(), is_active=True):
        each = reset_link_mail(person, language or settings.LANGUAGE_CODE)
        mail(to=each.to, subject=each.subject, text=each.text)
        record_account_event("password_reset_requested", person)


@shared_task(name="accounts.deliver_notices", acks_late=True)
def deliver_notices(**_later: Any) -> None:
    """Send the notices that go by e-mail and are due."""
    # Mails about people's own accounts go out all the same: an operator must be able to sign in.
    if is_held():
        # It builds mails, which are sent by tasks of this module.
        from accounts import held_notice

        held_notice.tell_operators()
    else:
        notice_delivery.deliver_mail()


@shared_task(name="accounts.erase_expired", acks_late=True)
def erase_expired(**_later: Any) -> None:
    """Erase sessions that are over."""
    retention.erase_due()


current_app.add_periodic_task(
    5.0,
    current_app.signature("accounts.deliver_notices"),
    name="accounts.deliver_notices",
    expires=5,
)
current_app.add_periodic_task(
    3600.0, current_app.signature("accounts.erase_expired"), name="accounts.erase_expired"
)
