"""Inviting people by e-mail, and their acceptance."""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict, NotAllowed
from accounts.mail import invitation_mail, send_later
from accounts.models import AuditEntry, Invitation, Member, Organization, User
from accounts.queries import hash_token, open_invitations
from accounts.roles import Permission, Role

VALID_FOR = timedelta(days=7)
MOST_OPEN = 50
MOST_A_DAY = 50
"""Invitations of one organization in 24 hours, cancelled ones included."""
MOST_TO_ONE_ADDRESS, MOST_TO_ONE_ADDRESS_BY_ALL = 3, 10
"""The same to one address: by one organization, and by all of them together."""


@transaction.atomic
def invite(*, actor: Member, email: str, role: Role) -> tuple[Invitation, str]:
    """Invite an address into the actor's organization and mail the link; return it with its token.

    A newer invitation replaces an open one to the same address. Only owners invite owners.
    """
    organization, email = actor.organization, email.lower()
    if role is Role.OWNER and not actor.may(Permission.OWN):
        raise NotAllowed(_("Only an owner can invite an owner."))
    if Member.objects.for_organization(organization).filter(user__email__iexact=email).exists():
        raise Conflict(_("%(email)s is already a member.") % {"email": email})
    _check_pace(organization, email)
    _expire(open_invitations(organization).filter(email=email))
    if open_invitations(organization).count() >= MOST_OPEN:
        raise Conflict(
            _("%(number)d invitations are open. Withdraw some before you invite more people.")
            % {"number": MOST_OPEN}
        )
    return _invitation(organization, email, role, actor.user)


@transaction.atomic
def invite_owner(*, organization: Organization, email: str, staff: User) -> tuple[Invitation, str]:
    """Invite the first owner of an organization that staff have made; the rest is theirs to do.

    Raises Conflict where there is an owner: staff let nobody into what belongs to others.
    """
    email = email.lower()
    owners = Member.objects.for_organization(organization).filter(role=Role.OWNER.value)
    if owners.exists():
        raise Conflict(_("The organization has an owner, who invites others."))
    _check_pace(organization, email)
    _expire(open_invitations(organization).filter(role=Role.OWNER.value))
    return _invitation(organization, email, Role.OWNER, staff)


def _invitation(
    organization: Organization, email: str, role: Role, by: User
) -> tuple[Invitation, str]:
    """Make an invitation and mail its link."""
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role.value,
        token_hash=hash_token(token),
        invited_by=by,
        expires_at=shared_time.now() + VALID_FOR,
    )
    AuditEntry.record(
        action="member.invited",
        subject=email,
        organization=organization,
        actor=by,
        role=role.value,
    )
    send_later([invitation_mail(invitation, token)])
    return invitation, token


def _check_pace(organization: Organization, email: str) -> None:
    """Refuse to flood strangers with mail; two at the same moment are counted one by one."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    day_ago = shared_time.now() - timedelta(days=1)
    of_organization = Invitation.objects.for_organization(organization)
    if of_organization.filter(created_at__gt=day_ago).count() >= MOST_A_DAY:
        raise Conflict(
            _("Your organization has sent %(number)d invitations in 24 hours. Try again tomorrow.")
            % {"number": MOST_A_DAY}
        )
    # Any organization: its neighbours reach the same mailbox.
    to_address = Invitation.objects.filter(email=email, created_at__gt=day_ago)
    own = to_address.filter(organization=organization).count()
    if own >= MOST_TO_ONE_ADDRESS or to_address.count() >= MOST_TO_ONE_ADDRESS_BY_ALL:
        raise Conflict(
            _("Several invitations were already sent to %(email)s. Try again tomorrow.")
            % {"email": email}
        )


def end_invitations_of(member: Member, *, actor: Member) -> None:
    """End the open invitations that `member` has sent and may no longer send.

    Call it when the member was given another role, or was deleted and has no pk any more.
    """
    sent = open_invitations(member.organization).filter(invited_by=member.user)
    if member.pk and member.may(Permission.OWN):
        return
    if member.pk and member.may(Permission.MANAGE):
        sent = sent.filter(role=Role.OWNER.value)
    ended = list(sent)
    _expire(sent)
    for invitation in ended:
        _record_end(invitation, actor)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: Member) -> None:
    """Take an open invitation back; its link stops working."""
    if not _expire(open_invitations(invitation.organization).filter(pk=invitation.pk)):
        raise Conflict(_("This invitation is no longer open."))
    _record_end(invitation, actor)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User) -> Member:
    """Make `user` a member. Raises Conflict when the link was used or withdrawn, or has expired."""
    if user.email.lower() != invitation.email.lower():
        raise NotAllowed(
            _("This invitation is for %(email)s, but you are signed in as %(own)s.")
            % {"email": invitation.email, "own": user.email}
        )
    _use_up(invitation)
    member, made = Member.objects.get_or_create(
        organization=invitation.organization, user=user, defaults={"role": invitation.role}
    )
    if made:
        AuditEntry.record(
            action="member.joined",
            subject=user,
            organization=invitation.organization,
            actor=user,
            role=member.role,
        )
    return member


@transaction.atomic
def accept_invitation_as_new_person(*, invitation: Invitation, name: str, password: str) -> Member:
    """Make a person out of an invitation, and a member of the person.

    The link came by mail, so the address is known to be theirs.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, name=name)
    except IntegrityError:
        raise Conflict(
            _("%(email)s already has an account. Sign in to accept the invitation.")
            % {"email": invitation.email}
        ) from None
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return accept_invitation(invitation=invitation, user=user)


def _use_up(invitation: Invitation) -> None:
    """Mark the invitation as accepted; of two clicks on one link only one passes."""
    now, link = shared_time.now(), Invitation.objects.for_organization(invitation.organization)
    used = link.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=now).update(
        accepted_at=now
    )
    if not used:
        raise Conflict(_("This invitation was used or withdrawn, or has expired."))


def _record_end(invitation: Invitation, actor: Member) -> None:
    AuditEntry.record(
        action="invitation.revoked",
        subject=invitation.email,
        organization=invitation.organization,
        actor=actor.user,
    )


def _expire(invitations: QuerySet[Invitation]) -> int:
    """End open invitations now; return how many were open."""
    return invitations.update(expires_at=shared_time.now())
