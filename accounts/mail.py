"""Builds the e-mails that people get, and queues them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import tasks
from accounts.models import (
    AuditEntry,
    Contact,
    Invitation,
    Member,
    Organization,
    ServiceActivation,
    Suspendable,
    User,
)
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


def people_to_tell(organization: Organization, submitter: User) -> list[str]:
    """Return who is told about a decision: the submitter and the contacts, each address once."""
    return _with_contacts(organization, [submitter.email])


def owners_and_contacts(organization: Organization) -> list[str]:
    """Return who is told what happened to the organization itself, each address once."""
    owners = Member.objects.for_organization(organization).filter(
        role=Role.OWNER.value, user__is_active=True
    )
    return _with_contacts(organization, owners.order_by("id").values_list("user__email", flat=True))


def _with_contacts(organization: Organization, addresses: Iterable[str]) -> list[str]:
    contacts = Contact.objects.for_organization(organization).exclude(email="")
    everybody = [*addresses, *contacts.order_by("id").values_list("email", flat=True)]
    return list({address.lower(): address for address in everybody}.values())


def invitation_mail(invitation: Invitation, token: str) -> Mail:
    """Return the mail with the link that makes its reader a member."""
    return render(
        "accounts/mail/invitation.txt",
        invitation.email,
        _("%(person)s invites you to %(organization)s")
        % {"person": invitation.invited_by, "organization": invitation.organization},
        invitation=invitation,
        link=absolute("accounts:invitation", token),
    )


def activation_mails(activation: ServiceActivation) -> list[Mail]:
    """Return what the submitter and the contacts read about a decided application."""
    organization = activation.organization
    subject = (
        _("%(organization)s can now send messages")
        if activation.is_approved
        else _("The application from %(organization)s was rejected")
    )
    return [
        render(
            "accounts/mail/activation_decided.txt",
            address,
            subject % {"organization": organization},
            activation=activation,
            link=absolute("accounts:activation"),
        )
        for address in people_to_tell(organization, activation.submitted_by)
    ]


def account_touched_mail(entry: AuditEntry, address: str) -> Mail:
    """Return what people read when staff have touched their account."""
    subject = _("Your account was changed")
    return render("accounts/mail/staff_act.txt", address, subject, entry=entry)


def organization_touched_mails(entry: AuditEntry, owners: Iterable[str]) -> list[Mail]:
    """Return what owners read when staff have touched something of their organization."""
    subject = _("%(organization)s was changed") % {"organization": entry.organization}
    link = absolute("accounts:audit_trail")
    return [
        render("accounts/mail/staff_act.txt", owner, subject, entry=entry, link=link)
        for owner in owners
    ]


def address_changed_mail(earlier: str, *, actor: object) -> Mail:
    """Return what the earlier address of an account is told when staff gave it another."""
    return render(
        "accounts/mail/address_changed.txt",
        earlier,
        _("Your e-mail address was changed"),
        actor=actor,
        earlier=earlier,
    )


def suspension_mails(
    organization: Organization, subject: Suspendable, *, cancelled: bool = False
) -> list[Mail]:
    """Return what owners and contacts read when a suspension begins, or has ended.

    `subject` is the organization or one application of it, as it is now; `cancelled` says that
    what was queued was cancelled.
    """
    started, ended = _("Sending is suspended for %(name)s"), _("%(name)s can send again")
    title = (started if subject.is_suspended else ended) % {"name": organization}
    return [
        render(
            "accounts/mail/suspension.txt",
            address,
            title,
            organization=organization,
            application=None if subject == organization else subject,
            suspended=subject,
            cancelled=cancelled,
            support=settings.SUPPORT_EMAIL,
            link=absolute("send_tasks:list"),
        )
        for address in owners_and_contacts(organization)
    ]
