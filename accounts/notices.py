"""Tells members and contacts what happened, each in their language: `tell`, for every room.

A notice is a row of the outbox, written with the act. E-mails are delivered by
`accounts.notice_delivery`, SMS by `sending.notices`, which this app does not know.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import tasks
from accounts.models import Contact, Member, Notice, Organization, User
from accounts.models.notice import LONGEST_SUBJECT
from accounts.names import in_mail
from accounts.notice_kinds import NOTICE_LABELS, NoticeChannel, NoticeKind
from accounts.roles import Role

__all__ = ["NOTICE_LABELS", "NoticeKind", "owners", "readers", "sms_written", "tell"]

sms_written = Signal()
"""Sent after the commit that wrote notices which go by SMS."""

Contacts = bool | Iterable[Contact]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told, by one way."""

    channel: NoticeChannel
    to: str
    language: str
    person: User | None = None
    contact: Contact | None = None


def tell(
    kind: NoticeKind,
    organization: Organization,
    *,
    people: Iterable[User] = (),
    contacts: Contacts = False,
    path: str = "",
    **params: object,
) -> None:
    """Tell `people` by e-mail, and contacts by what they chose, with the caller's transaction.

    `contacts` are all of the organization, or those given. The template gets `params` (what is
    called there is called in the reader's language), `organization` (its name) and `link` (the
    whole address of `path`, a path on this console). Its first line is the subject, and all that an
    SMS says. Nobody is told twice of the same thing, by whichever way their address is known.
    """
    context = {
        **params,
        "organization": in_mail(organization),
        "link": settings.PUBLIC_URL + path if path else "",
    }
    wanted = readers(kind, organization, people=people, contacts=contacts)
    notices = [_notice(kind, organization, reader, context) for reader in wanted]
    Notice.objects.bulk_create(notices)
    _wake({NoticeChannel(notice.channel) for notice in notices})


def readers(
    kind: NoticeKind,
    organization: Organization,
    *,
    people: Iterable[User] = (),
    contacts: Contacts = False,
) -> list[Reader]:
    """Return who is told, each address once."""
    found = [*_of_people(kind, people), *_of_contacts(kind, organization, contacts)]
    once: dict[tuple[NoticeChannel, str], Reader] = {}
    for reader in found:
        once.setdefault((reader.channel, reader.to.lower()), reader)
    return list(once.values())


def owners(organization: Organization) -> list[User]:
    """Return the owners of an organization."""
    members = Member.objects.for_organization(organization).filter(role=Role.OWNER.value)
    return [member.user for member in members.select_related("user").order_by("pk")]


def _of_people(kind: NoticeKind, people: Iterable[User]) -> Iterator[Reader]:
    for person in people:
        if person.wants(kind):
            yield Reader(NoticeChannel.EMAIL, person.email, person.language, person=person)


def _of_contacts(
    kind: NoticeKind, organization: Organization, contacts: Contacts
) -> Iterator[Reader]:
    if isinstance(contacts, bool):
        own = Contact.objects.for_organization(organization)
        contacts = own.order_by("pk") if contacts else ()
    for contact in contacts:
        for channel in contact.told_by(kind):
            to = contact.address(channel)
            yield Reader(channel, to, contact.language, contact=contact)


def _notice(
    kind: NoticeKind, organization: Organization, reader: Reader, context: Mapping[str, object]
) -> Notice:
    language = reader.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(organization.zone):
        words = render_to_string(f"notices/{kind.value.lower()}.txt", dict(context)).strip()
    subject, _end, text = words.partition("\n")
    return Notice(
        organization=organization,
        kind=kind.value,
        channel=reader.channel.value,
        person=reader.person,
        contact=reader.contact,
        to=reader.to,
        language=language,
        # A line break in a name must not start another header.
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        text=text.strip() + "\n" if reader.channel is NoticeChannel.EMAIL else "",
    )


def _wake(channels: Iterable[NoticeChannel]) -> None:
    """Say what waits once the transaction commits; the act holds when the broker is away."""
    if NoticeChannel.EMAIL in channels:
        transaction.on_commit(tasks.deliver_notices.delay, robust=True)
    if NoticeChannel.SMS in channels:
        transaction.on_commit(lambda: sms_written.send(sender=Notice), robust=True)
