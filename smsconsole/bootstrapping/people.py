"""The first operator, a reviewer, and how somebody without a password gets in."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.mail import reset_link
from accounts.models import AuditEntry, User
from accounts.staff import sync_groups

_REVIEWERS = "Reviewers"


def address_of(entered: str) -> str:
    """Return an e-mail address as it is stored; raise CommandError."""
    email = entered.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{entered!r} is not an e-mail address.") from None
    return email


def way_in(person: User) -> list[str]:
    """Return the link by which a person without a password chooses one; nothing for others."""
    if person.has_usable_password():
        return []
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    return [
        f"  {person.email} chooses a password here, once, within {days} days:",
        f"  {reset_link(person)}",
    ]


@transaction.atomic
def operator(email: str, name: str) -> tuple[User, list[str]]:
    """Return the operator to go on with. One who has a password needs no bootstrap."""
    operators = list(User.objects.filter(is_superuser=True, is_active=True).order_by("pk"))
    for one in operators:
        if one.has_usable_password():
            others = "" if one.email == email else " Others are added under People."
            return one, [f"{one.email} is the operator already.{others}"]
    for one in operators:
        if one.email == email:
            return one, [f"{email} is the operator, and has not chosen a password yet."]
    if operators:
        raise CommandError(
            f"{operators[0].email} is the operator but has not chosen a password yet. "
            "Run this command again with that address."
        )
    if User.objects.filter(email=email).exists():
        raise CommandError(f"{email} already has an account. Use another address.")
    made = User.objects.create_superuser(email, None, name=name)
    AuditEntry.record(action="operator.created", subject=email, organization=None, person=made)
    return made, [f"Made the operator {email}."]


@transaction.atomic
def reviewer(email: str) -> list[str]:
    """Let somebody review, who is made if need be; whoever is there keeps what they have."""
    person, made = User.objects.get_or_create(email=email, defaults={"name": "Reviewer"})
    if made:
        person.set_unusable_password()
    elif person.groups.filter(name=_REVIEWERS).exists():
        return [f"{email} is a reviewer already.", *way_in(person)]
    elif not person.is_staff:
        raise CommandError(
            f"{email} has an account that is not staff. Use another address for the reviewer."
        )
    person.is_staff = True
    person.save()
    sync_groups()
    person.groups.add(Group.objects.get(name=_REVIEWERS))
    AuditEntry.record(
        action="user.added" if made else "user.changed",
        subject="",
        organization=None,
        person=person,
        fields=["groups"],
    )
    return [f"Made the reviewer {email}.", *way_in(person)]
