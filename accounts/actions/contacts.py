"""Changing who is told what happens, and by which ways."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from accounts import shared_time
from accounts.models import AuditEntry, Contact, Notice, Organization, User
from accounts.names import in_mail
from accounts.notice_delivery import CONTACT_CHANGED
from accounts.notice_kinds import NoticeState
from accounts.notices import NoticeKind, tell

Choices = Mapping[str, Sequence[str]]
"""{kind: [channel, ..]}."""


@transaction.atomic
def create_contact(
    *,
    organization: Organization,
    actor: User,
    name: str,
    email: str,
    msisdn: str,
    language: str = "",
    notices: Choices | None = None,
) -> Contact:
    """Add a contact; `msisdn` is E.164 with + or empty, `notices` by which ways what is told."""
    contact = Contact.objects.create(
        organization=organization,
        name=name,
        email=email,
        msisdn=msisdn,
        language=language,
        notices=notices or {},
    )
    _record("contact.created", contact, actor)
    return contact


@transaction.atomic
def edit_contact(
    *,
    contact: Contact,
    actor: User,
    name: str,
    email: str,
    msisdn: str,
    notices: Choices,
    language: str = "",
) -> Contact:
    """Change the details of a contact, its language, and what it is told.

    What still waited to go to an address that it no longer has goes nowhere.
    """
    _stop(contact, but_for={email, msisdn})
    contact.name, contact.email, contact.msisdn = name, email, msisdn
    contact.notices, contact.language = notices, language
    contact.save(update_fields=["name", "email", "msisdn", "notices", "language"])
    _record("contact.changed", contact, actor)
    return contact


@transaction.atomic
def delete_contact(*, contact: Contact, actor: User) -> None:
    """Delete a contact, who is no longer told anything."""
    _record("contact.deleted", contact, actor)
    _stop(contact)
    contact.delete()


def _stop(contact: Contact, but_for: Iterable[str] = ()) -> None:
    """Give up what waits for a contact; its lease is nobody's any more."""
    waiting = Notice.objects.for_organization(contact.organization).filter(
        contact=contact, due_at__isnull=False
    )
    now = shared_time.now()
    waiting.exclude(to__in=list(but_for)).step(
        NoticeState.FAILED, due_at=None, ended_at=now, text="", code=CONTACT_CHANGED
    )


def _record(action: str, contact: Contact, actor: User) -> None:
    """Write the trail with the name only: addresses and numbers leave with the contact."""
    AuditEntry.record(
        action=action, subject=contact.name, organization=contact.organization, actor=actor
    )


@transaction.atomic
def send_test(*, contact: Contact, actor: User, path: str) -> None:
    """Tell a contact nothing but that notices come, by mail and by SMS where it has both."""
    tell(
        NoticeKind.TEST,
        contact.organization,
        contacts=[contact],
        path=path,
        person=in_mail(actor),
    )
    _record("contact.tested", contact, actor)


@transaction.atomic
def choose_notices(*, person: User, unwanted: list[str]) -> None:
    """Write down what a person does not want to be told."""
    person.unwanted_notices = unwanted
    person.save(update_fields=["unwanted_notices"])
