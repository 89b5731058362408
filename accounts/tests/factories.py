"""Rows of people and organizations for tests: one function a noun, sensible without arguments."""

from datetime import timedelta
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.models import (
    ActivationState,
    ApiKey,
    Contact,
    Member,
    Organization,
    ServiceActivation,
    SmsApplication,
    User,
)
from accounts.models.encrypted import encrypt
from accounts.roles import Role

PASSWORD = "a long enough phrase 42"
_numbers = count(1)


def make_user(*, password: str | None = None, **fields: Any) -> User:
    """Create a person; without a password log in with `log_in`."""
    number = next(_numbers)
    fields.setdefault("email", f"person{number}@example.com")
    fields.setdefault("name", f"Person {number}")
    return User.objects.create_user(password=password, **fields)


def make_organization(**fields: Any) -> Organization:
    """Create an organization that has not applied for anything."""
    fields.setdefault("name", f"Organization {next(_numbers)}")
    return Organization.objects.create(**fields)


def make_member(
    role: Role | str = Role.OWNER,
    organization: Organization | None = None,
    user: User | None = None,
    **rights: Any,
) -> Member:
    """Create a member; organization and person are made where none is given."""
    return Member.objects.create(
        organization=organization or make_organization(),
        user=user or make_user(),
        role=Role(role).value,
        **rights,
    )


def make_activation(
    organization: Organization,
    state: ActivationState = ActivationState.PENDING,
    **fields: Any,
) -> ServiceActivation:
    """Create an application for the service, as if it had come to `state`."""
    now = timezone.now()
    defaults = {
        "legal_name": f"{organization.name} Limited",
        "country": "HK",
        "website": "https://example.com",
        "purpose": "Order notices to customers who asked for them.",
        "monthly_messages": 1000,
        "submitted_at": now,
        "due_at": now + timedelta(hours=2),
    }
    if "submitted_by" not in fields:
        fields["submitted_by"] = make_user()
    return ServiceActivation.objects.create(
        organization=organization, state=state.value, **{**defaults, **fields}
    )


def make_application(organization: Organization, **fields: Any) -> SmsApplication:
    """Create an application (SdkAppId) of `organization`."""
    fields.setdefault("name", "Default")
    return SmsApplication.objects.create(organization=organization, **fields)


def make_api_key(application: SmsApplication, **fields: Any) -> ApiKey:
    """Create a key of `application` that works from everywhere."""
    return ApiKey.objects.create(
        organization=application.organization, application=application, **fields
    )


def make_active_organization(**fields: Any) -> Organization:
    """Create an organization that may send: approved, with its default application."""
    organization = make_organization(**fields)
    make_activation(organization, ActivationState.APPROVED)
    make_application(organization)
    return organization


def make_contact(organization: Organization, **fields: Any) -> Contact:
    """Create a contact to tell of review results."""
    number = next(_numbers)
    fields.setdefault("name", f"Contact {number}")
    fields.setdefault("email", f"contact{number}@example.com")
    return Contact.objects.create(organization=organization, **fields)


def make_reviewer(**fields: Any) -> User:
    """Create a person who may decide on the review desk and nothing else in the admin."""
    reviewer = make_user(is_staff=True, **fields)
    reviewer.groups.add(Group.objects.get(name="Reviewers"))
    return reviewer


def make_operator(**fields: Any) -> User:
    """Create a person who may do what operators do in the admin, without being a superuser."""
    operator = make_user(is_staff=True, **fields)
    operator.groups.add(Group.objects.get(name="Operators"))
    return operator


def give_second_step(user: User) -> Authenticator:
    """Let a person sign in with an authenticator app."""
    data = {"secret": encrypt(generate_totp_secret())}
    authenticator, _made = Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": data}
    )
    return authenticator


def log_in(client: Client, who: Member | User) -> Client:
    """Log `who` in and return the client; a member's own organization is the current one.

    Staff have the second step that they need for every page.
    """
    user = who.user if isinstance(who, Member) else who
    if user.is_staff:
        give_second_step(user)
    if isinstance(who, Member):
        client.force_login(who.user)
        session = client.session
        session["organization_id"] = who.organization_id
        session.save()
    else:
        client.force_login(who)
    return client
