"""The demo's organizations, members and staff, with random passwords kept in one file."""

import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import (
    ActivationState,
    Contact,
    Member,
    Organization,
    ServiceActivation,
    SmsApplication,
    User,
)
from accounts.roles import Role
from sending.management.demo import programs

DOMAIN = "harbourline.example"
MEMBERS = (
    (Role.OWNER, "Omar Haddad", f"owner@{DOMAIN}"),
    (Role.ADMIN, "Priya Raman", f"admin@{DOMAIN}"),
    (Role.SENDER, "Mei Tan", f"sender@{DOMAIN}"),
    (Role.APPROVER, "Noor Aziz", f"approver@{DOMAIN}"),
    (Role.VIEWER, "Jonas Weber", f"viewer@{DOMAIN}"),
)
REVIEWER = ("Ines Duarte", "reviewer@console.example")
OPERATOR = ("Tobi Okafor", "operator@console.example")
DAILY_SEGMENTS = 5_000_000
# The sheet of the demo is smaller, so that a first task goes out at once.
APPROVAL_ABOVE = 1_000


def logins_file() -> Path:
    """Return where the passwords are kept."""
    return Path(settings.VAR_DIR) / "demo-logins.txt"


def load_people() -> Organization:
    """Make the demo's organization and people, and write their passwords down."""
    organization = Organization.objects.create(
        name="Harbourline Ltd",
        country="HK",
        website="https://harbourline.example",
        time_zone="Asia/Hong_Kong",
        daily_segment_limit=DAILY_SEGMENTS,
        approval_above=APPROVAL_ABOVE,
    )
    logins = []
    for role, name, email in MEMBERS:
        user, password = _person(name, email)
        Member.objects.create(organization=organization, user=user, role=role.value)
        logins.append((role.value.lower(), email, password))
    reviewer, password = _person(*REVIEWER, is_staff=True)
    reviewer.groups.add(Group.objects.get_or_create(name="Reviewers")[0])
    logins.append(("reviewer (administration)", reviewer.email, password))
    operator, password = _person(*OPERATOR, is_staff=True, is_superuser=True)
    logins.append(("operator (administration)", operator.email, password))
    _activate(organization, operator)
    Contact.objects.create(
        organization=organization, name="Mei Tan", email=f"sender@{DOMAIN}", msisdn="+85251234567"
    )
    _neighbour()
    _write_logins(logins)
    return organization


def _person(name: str, email: str, **fields: bool) -> tuple[User, str]:
    """Make one person with a random password."""
    password = secrets.token_urlsafe(12)
    return User.objects.create_user(email, password, name=name, **fields), password


def _activate(organization: Organization, operator: User) -> None:
    """Give the organization an approved activation and its default application."""
    now = timezone.now()
    ServiceActivation.objects.create(
        organization=organization,
        state=ActivationState.APPROVED.value,
        legal_name=organization.name,
        country=organization.country,
        website=organization.website,
        purpose="Sign-in codes, delivery news and offers for customers of our shops.",
        monthly_messages=50_000,
        submitted_by=organization.members.get(role=Role.OWNER.value).user,
        submitted_at=now,
        due_at=now,
        decided_by=operator,
        decided_at=now,
    )
    SmsApplication.objects.create(
        organization=organization,
        name="Default",
        originator="Harbourline",
        sdk_app_id=programs.SDK_APP_ID,
    )


def _neighbour() -> None:
    """Make a second organization that has applied and waits, so that a review desk has work."""
    organization = Organization.objects.create(
        name="Lumen and Oak Ltd", country="GB", time_zone="Europe/London"
    )
    user, _ = _person("Ada Lind", "ada@lumenoak.example")
    Member.objects.create(organization=organization, user=user, role=Role.OWNER.value)
    now = timezone.now()
    ServiceActivation.objects.create(
        organization=organization,
        legal_name="Lumen and Oak Ltd",
        country="GB",
        website="https://lumenoak.example",
        purpose="Order news for people who bought a lamp. About 8,000 members.",
        monthly_messages=8_000,
        submitted_by=user,
        submitted_at=now,
        due_at=now + timedelta(hours=2),
    )


def _write_logins(logins: list[tuple[str, str, str]]) -> None:
    """Write the passwords where only this user can read them."""
    path = logins_file()
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    lines = [f"{who:<26} {email:<28} {password}" for who, email, password in logins]
    path.write_text(
        "Demo logins of this machine, made at random at its first start.\n\n"
        + "\n".join(lines)
        + "\n"
    )
