"""Starting an organization and changing what it says about itself."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict
from accounts.models import AuditEntry, Member, Organization, User
from accounts.roles import Role
from accounts.second_step import has_passkey, has_second_step


@transaction.atomic
def create_organization(
    *,
    founder: User,
    name: str,
    country: str,
    website: str,
    time_zone: str,
    keep_messages_days: int | None = None,
) -> Organization:
    """Create an organization with `founder` as its owner."""
    organization = Organization.objects.create(
        name=name,
        country=country,
        website=website,
        time_zone=time_zone,
        keep_messages_days=keep_messages_days,
    )
    Member.objects.create(organization=organization, user=founder, role=Role.OWNER.value)
    AuditEntry.record(
        action="organization.created", subject=name, organization=organization, actor=founder
    )
    return organization


@transaction.atomic
def remove_organization(*, organization: Organization, actor: User) -> None:
    """Take an organization out of the lists; its trail stays. Raises Conflict.

    The caller knows that it is empty. Nobody can join any more: its invitations end.
    """
    rows = Organization.objects.filter(pk=organization.pk, removed_at=None, is_system=False)
    if organization.members.exists() or not rows.update(removed_at=shared_time.now()):
        raise Conflict(_("%(name)s cannot be removed.") % {"name": organization})
    organization.invitations.all().delete()
    organization.refresh_from_db()
    AuditEntry.record(
        action="organization.removed",
        subject=organization,
        organization=organization,
        actor=actor,
    )


@transaction.atomic
def allow_countries(*, organization: Organization, actor: User, countries: list[str]) -> None:
    """Let the organization send to these countries only (ISO 3166 codes); none allow all."""
    before = organization.allowed_countries
    if before == sorted(countries):
        return
    organization.allowed_countries = sorted(countries)
    organization.save(update_fields=["allowed_countries"])
    AuditEntry.record(
        action="organization.countries_changed",
        subject=organization.name,
        organization=organization,
        actor=actor,
        before=before,
        after=organization.allowed_countries,
    )


@transaction.atomic
def want_approval(*, organization: Organization, actor: User, above: int | None) -> None:
    """Let tasks of more than `above` messages wait for a second person; None lets none wait.

    What waits already keeps waiting, whatever the setting becomes.
    """
    before = organization.approval_above
    if before == above:
        return
    organization.approval_above = above
    organization.save(update_fields=["approval_above"])
    AuditEntry.record(
        action="organization.approval_changed",
        subject=organization.name,
        organization=organization,
        actor=actor,
        before=before,
        after=above,
    )


@transaction.atomic
def require_second_step(
    *, organization: Organization, actor: User, required: bool, passkey: bool = False
) -> None:
    """Let only members with a second step see anything of the organization, or all of them.

    With `passkey`, only one of these counts, and it must be used to sign in. Raises Conflict when
    `actor` has none, who would be locked out by the same click.
    """
    passkey = required and passkey
    if (organization.needs_second_step, organization.needs_passkey) == (required, passkey):
        return
    if passkey and not has_passkey(actor):
        raise Conflict(_("Add a passkey for yourself first."))
    if required and not has_second_step(actor):
        raise Conflict(_("Set up a second step for yourself first."))
    organization.needs_second_step, organization.needs_passkey = required, passkey
    organization.save(update_fields=["needs_second_step", "needs_passkey"])
    word = "required" if required else "optional"
    AuditEntry.record(
        action="organization.passkey_required" if passkey else f"organization.second_step_{word}",
        subject=organization.name,
        organization=organization,
        actor=actor,
    )


@transaction.atomic
def edit_organization(
    *,
    organization: Organization,
    actor: User,
    name: str,
    country: str,
    website: str,
    time_zone: str,
    keep_messages_days: int | None = None,
) -> Organization:
    """Write the settings of an organization; the trail keeps what was there before."""
    wanted = {
        "name": name,
        "country": country,
        "website": website,
        "time_zone": time_zone,
        "keep_messages_days": keep_messages_days,
    }
    before = {
        field: getattr(organization, field)
        for field, value in wanted.items()
        if getattr(organization, field) != value
    }
    if not before:
        return organization
    changed = list(before)
    for field in before:
        setattr(organization, field, wanted[field])
    if "time_zone" in before:
        organization.time_zone = before["time_zone"]
        changed += organization.move_to(time_zone, shared_time.now())
    organization.save(update_fields=changed)
    AuditEntry.record(
        action="organization.changed",
        subject=name,
        organization=organization,
        actor=actor,
        before=before,
        after={field: wanted[field] for field in before},
    )
    return organization
