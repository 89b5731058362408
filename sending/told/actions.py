"""A test message to a contact."""

from django.db import transaction
from django.urls import reverse

from accounts.models import AuditEntry, Contact, User
from accounts.names import in_mail
from accounts.notices import NoticeKind, tell


@transaction.atomic
def send_test(*, contact: Contact, actor: User) -> None:
    """Tell a contact nothing but that notices come, by mail and by SMS where it has both."""
    tell(
        NoticeKind.TEST,
        contact.organization,
        contacts=[contact],
        path=reverse("told:list"),
        person=in_mail(actor),
    )
    AuditEntry.record(
        action="contact.tested",
        subject=contact.name,
        organization=contact.organization,
        actor=actor,
    )
