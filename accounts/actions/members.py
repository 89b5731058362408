"""Changing who may do what in an organization."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.invitations import end_invitations_of
from accounts.errors import Conflict, NotAllowed
from accounts.models import AuditEntry, Member, Organization
from accounts.queries import is_last_owner
from accounts.roles import Permission, Role


@transaction.atomic
def change_role(*, member: Member, role: Role, actor: Member) -> Member:
    """Give `member` another role. Only owners make and unmake owners; one owner must stay."""
    member = _locked(member)
    _check_owner_matters(actor, member.role, role.value)
    if member.role == role.value:
        return member
    _check_not_last_owner(member)
    before = member.role
    member.role = role.value
    member.save(update_fields=["role"])
    end_invitations_of(member, actor=actor)
    AuditEntry.record(
        action="member.role_changed",
        subject=member.user,
        organization=member.organization,
        actor=actor.user,
        member_id=member.pk,
        before=before,
        after=member.role,
    )
    return member


@transaction.atomic
def change_rights(
    *, member: Member, actor: Member, most_messages: int | None, sees_numbers: bool | None
) -> Member:
    """Agree with `member` on more or less than the role says; None leaves it to the role.

    Nobody but an owner changes their own rights: a limit that people raise themselves is none.
    """
    member = _locked(member)
    _check_owner_matters(actor, member.role)
    if member.pk == actor.pk and not actor.may(Permission.OWN):
        raise NotAllowed(_("Someone else has to change your rights."))
    before = {"most_messages": member.most_messages, "sees_numbers": member.sees_numbers}
    after = {"most_messages": most_messages, "sees_numbers": sees_numbers}
    if before == after:
        return member
    member.most_messages, member.sees_numbers = most_messages, sees_numbers
    member.save(update_fields=list(after))
    AuditEntry.record(
        action="member.rights_changed",
        subject=member.user,
        organization=member.organization,
        actor=actor.user,
        person=member.user,
        before=before,
        after=after,
    )
    return member


@transaction.atomic
def remove_member(*, member: Member, actor: Member) -> None:
    """Take a person out of the organization; what they did stays. People may also leave."""
    member = _locked(member)
    if member.pk != actor.pk:
        _check_owner_matters(actor, member.role)
    _check_not_last_owner(member)
    leaves = member.pk == actor.pk
    member.delete()
    end_invitations_of(member, actor=actor)
    AuditEntry.record(
        action="member.left" if leaves else "member.removed",
        subject=member.user,
        organization=member.organization,
        actor=actor.user,
        role=member.role,
    )


def _locked(member: Member) -> Member:
    """Return the member as the database has it, while nobody else changes this organization.

    Without the lock two owners could demote each other at the same moment.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(
        pk=member.organization_id
    )
    fresh = Member.objects.for_organization(organization).select_related("user", "organization")
    try:
        return fresh.get(pk=member.pk)
    except Member.DoesNotExist:
        raise Conflict(_("This person is no longer a member.")) from None


def _check_owner_matters(actor: Member, *roles: str) -> None:
    """Refuse what touches ownership unless an owner does it."""
    if not actor.may(Permission.MANAGE):
        raise NotAllowed(_("Only owners and administrators can change members."))
    if Role.OWNER.value in roles and not actor.may(Permission.OWN):
        raise NotAllowed(_("Only an owner can make, change or remove an owner."))


def _check_not_last_owner(member: Member) -> None:
    """Refuse to leave an organization without an owner."""
    if is_last_owner(member):
        raise Conflict(
            _("%(person)s is the last owner. Make someone else an owner first.")
            % {"person": member.user}
        )
