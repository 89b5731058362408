"""Changing who is told about review decisions."""

from django.db import transaction

from accounts.models import AuditEntry, Contact, Organization, User


@transaction.atomic
def create_contact(
    *,
    organization: Organization,
    actor: User,
    name: str,
    email: str,
    msisdn: str,
    language: str = "",
) -> Contact:
    """Add a contact; `msisdn` is E.164 with + or empty."""
    contact = Contact.objects.create(
        organization=organization, name=name, email=email, msisdn=msisdn, language=language
    )
    _record("contact.created", contact, actor)
    return contact


@transaction.atomic
def edit_contact(
    *, contact: Contact, actor: User, name: str, email: str, msisdn: str, language: str = ""
) -> Contact:
    """Change the details of a contact."""
    contact.name, contact.email, contact.msisdn, contact.language = name, email, msisdn, language
    contact.save(update_fields=["name", "email", "msisdn", "language"])
    _record("contact.changed", contact, actor)
    return contact


@transaction.atomic
def delete_contact(*, contact: Contact, actor: User) -> None:
    """Delete a contact, who is no longer told about decisions."""
    _record("contact.deleted", contact, actor)
    contact.delete()


def _record(action: str, contact: Contact, actor: User) -> None:
    """Write the trail with the name only: addresses and numbers leave with the contact."""
    AuditEntry.record(
        action=action, subject=contact.name, organization=contact.organization, actor=actor
    )
