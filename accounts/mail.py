"""Builds the e-mails that people get, and queues them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import tasks
from accounts.languages import read_by, to_each
from accounts.models import (
    ApiKey,
    AuditEntry,
    Invitation,
    Member,
    Organization,
    User,
)
from accounts.names import in_mail
from accounts.roles import Role


@dataclass(frozen=True)
class Mail:
    """One mail to one address, plain text."""

    to: str
    subject: str
    text: str


def absolute(url_name: str, *args: object) -> str:
    """Return the address of a page as it stands in a mail."""
    return f"{settings.PUBLIC_URL}{reverse(url_name, args=args)}"


def render(template: str, to: str, subject: str, **context: Any) -> Mail:
    """Return a mail with the text of an HTML-free Django template."""
    # A line break in a name must not start another header.
    return Mail(to, " ".join(subject.split()), render_to_string(template, context).strip() + "\n")


def send_later(mails: Iterable[Mail]) -> None:
    """Queue mails once the transaction commits; the page still works when the broker is down."""
    waiting = list(mails)

    def queue() -> None:
        for mail in waiting:
            tasks.mail.delay(to=mail.to, subject=mail.subject, text=mail.text)

    transaction.on_commit(queue, robust=True)


def send_reset_link_later(email: str) -> None:
    """Queue the mail with a link for a new password, whether or not `email` is somebody's."""
    # Who asks and never chose a language reads the mail in that of the page.
    language = get_language() or settings.LANGUAGE_CODE
    transaction.on_commit(
        lambda: tasks.reset_link.delay(email=email, language=language), robust=True
    )


def reset_link(user: User) -> str:
    """Return the address by which `user` chooses a password, once."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=key)


def reset_link_mail(user: User, language: str = settings.LANGUAGE_CODE) -> Mail:
    """Return what people read who asked for a new password, on a page in `language`."""
    with read_by(user.email, otherwise=language):
        return render(
            "account/email/password_reset_key_message.txt",
            user.email,
            _("Choose a new password"),
            password_reset_url=reset_link(user),
            site=settings.PUBLIC_URL,
        )


def owners_of(organization: Organization) -> list[str]:
    """Return the addresses of the organization's owners."""
    owners = Member.objects.for_organization(organization).filter(
        role=Role.OWNER.value, user__is_active=True
    )
    return list(owners.order_by("id").values_list("user__email", flat=True))


def invitation_mail(invitation: Invitation, token: str) -> Mail:
    """Return the mail with the link that makes its reader a member.

    A stranger reads it in the language of whoever invites.
    """
    names = {
        "person": in_mail(invitation.invited_by),
        "organization": in_mail(invitation.organization),
    }
    inviter = get_language() or settings.LANGUAGE_CODE
    with read_by(invitation.email, invitation.organization, otherwise=inviter):
        return render(
            "accounts/mail/invitation.txt",
            invitation.email,
            _("%(person)s invites you to %(organization)s") % names,
            invitation=invitation,
            link=absolute("accounts:invitation", token),
            **names,
        )


def account_touched_mail(entry: AuditEntry, address: str) -> Mail:
    """Return what people read when staff have touched their account."""
    with read_by(address):
        subject = _("Your account was changed")
        return render("accounts/mail/staff_act.txt", address, subject, entry=entry)


def organization_touched_mails(entry: AuditEntry, owners: Iterable[str]) -> list[Mail]:
    """Return what owners read when staff have touched something of their organization."""
    link = absolute("accounts:audit_trail")

    def write(owner: str) -> Mail:
        subject = _("%(organization)s was changed") % {"organization": in_mail(entry.organization)}
        return render("accounts/mail/staff_act.txt", owner, subject, entry=entry, link=link)

    return to_each(owners, entry.organization, write)


def address_changed_mail(earlier: str, *, person: User, actor: object) -> Mail:
    """Return what the earlier address of an account is told when staff gave it another."""
    with read_by(person.email):
        return render(
            "accounts/mail/address_changed.txt",
            earlier,
            _("Your e-mail address was changed"),
            actor=actor,
            earlier=earlier,
        )


def api_key_mails(key: ApiKey, *, actor: User, replaced: ApiKey | None = None) -> list[Mail]:
    """Return what owners read about a new key: whoever has it sends at their cost.

    `replaced` is the key whose place it takes, with the moment at which that one ends.
    """

    def write(owner: str) -> Mail:
        return render(
            "accounts/mail/api_key.txt",
            owner,
            _("%(organization)s has a new API key") % {"organization": in_mail(key.organization)},
            key=key,
            actor=in_mail(actor),
            name=in_mail(key.label),
            application=in_mail(key.application.name),
            organization=in_mail(key.organization),
            replaced=replaced,
            link=absolute("applications:detail", key.application_id),
        )

    return to_each(owners_of(key.organization), key.organization, write)
