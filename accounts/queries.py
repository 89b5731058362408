"""What pages and other apps ask about organizations and people."""

import hashlib
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import releases, shared_time
from accounts.errors import MayNotSend
from accounts.models import (
    ActivationState,
    ApiKey,
    Invitation,
    KeyKind,
    Member,
    Organization,
    Originator,
    ServiceActivation,
    SmsApplication,
    Suspendable,
)
from accounts.paging import Page, page_of
from accounts.roles import Permission, Role
from accounts.second_step import SECOND_STEPS
from accounts.staff import reviews_by_own_organization
from accounts.statements import Rows, Statement

ENDED_KEYS = 50
_ORIGINATORS_A_PAGE = 50


def current_activation(organization: Organization) -> ServiceActivation | None:
    """Return the newest application for the service, or None before the first."""
    activations = ServiceActivation.objects.for_organization(organization)
    return activations.order_by("-submitted_at", "-id").first()


def may_send(organization: Organization) -> bool:
    """Tell whether the organization may send."""
    try:
        check_may_send(organization)
    except MayNotSend:
        return False
    return True


def check_may_send(organization: Organization, application: SmsApplication | None = None) -> None:
    """Raise MayNotSend unless the organization, and the application it sends by, may send.

    This is the only place that decides it, for pages, Send, resume and programs. What is queued
    already is looked at once more by each claim.
    """
    check_not_suspended(organization)
    activations = ServiceActivation.objects.for_organization(organization)
    if not activations.filter(state=ActivationState.APPROVED.value).exists():
        raise MayNotSend(
            "SERVICE_NOT_ACTIVE",
            _("The service is not activated. Apply for it under Settings, then send again."),
        )
    if application is None:
        return
    name = {"name": application.name}
    suspended = _("Sending by the application “%(name)s” is suspended.") % name
    _check_not_suspended(application, "APPLICATION_SUSPENDED", suspended)
    if not application.is_enabled:
        off = _("The application “%(name)s” is switched off. Switch it on, then send again.")
        raise MayNotSend("APPLICATION_DISABLED", off % name)


def check_not_suspended(organization: Organization) -> None:
    """Raise MayNotSend while the organization is suspended: nothing new is prepared then either."""
    _check_not_suspended(organization, "ORGANIZATION_SUSPENDED", _("Sending is suspended."))


def _check_not_suspended(subject: Suspendable, code: str, sentence: str) -> None:
    if subject.is_suspended:
        reason = _("Reason: %(reason)s") % {"reason": subject.suspension_reason}
        raise MayNotSend(code, f"{sentence} {reason}")


def check_may_send_now(organization_id: int, application_id: int) -> None:
    """Raise MayNotSend by what the database says now; call it in the transaction that releases.

    The organization stays locked until that transaction ends, so that a suspension comes either
    before this check or after the commit, and then finds what was released.
    """
    locked = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    own = SmsApplication.objects.for_organization(locked)
    check_may_send(locked, own.get(pk=application_id))


# What check_may_send asks, of rows that are there: nearly always the answer is yes.
_MAY_SEND = (
    "SELECT 1 FROM accounts_smsapplication a"
    " JOIN accounts_organization o ON o.id = a.organization_id"
    " WHERE a.id = %s AND o.id = %s AND a.is_enabled AND a.suspended_at IS NULL"
    " AND o.suspended_at IS NULL AND EXISTS (SELECT 1 FROM accounts_serviceactivation s"
    "  WHERE s.organization_id = o.id AND s.state = %s)"
)


def may_send_together(organization_id: int, application_id: int) -> list[Statement]:
    """Return what asks for check_may_send_now without keeping others from sending meanwhile.

    Run it in the transaction that releases, then `check_may_send_answered` with the rows of the
    last one. Suspensions wait until the transaction ends, and then find what was released.
    """
    state = ActivationState.APPROVED.value
    question = Statement(_MAY_SEND, [application_id, organization_id, state])
    return [*releases.sharing(organization_id), question]


def check_may_send_answered(rows: Rows, organization_id: int, application_id: int) -> None:
    """Raise MayNotSend by the rows that answered `may_send_together`."""
    if rows:
        return
    organization = Organization.objects.get(pk=organization_id)
    own = SmsApplication.objects.for_organization(organization)
    check_may_send(organization, own.get(pk=application_id))


def default_application(organization: Organization) -> SmsApplication | None:
    """Return the application that pages send with, or None before approval."""
    return SmsApplication.objects.for_organization(organization).order_by("id").first()


def applications_of(organization: Organization) -> QuerySet[SmsApplication]:
    """Return the applications with `keys`, how many work, and `last_used_at`, by age."""
    now = shared_time.now()
    working = Q(api_keys__revoked_at=None) & (
        Q(api_keys__expires_at=None) | Q(api_keys__expires_at__gt=now)
    )
    applications = SmsApplication.objects.for_organization(organization)
    return applications.select_related("organization").annotate(
        keys=Count("api_keys", filter=working), last_used_at=Max("api_keys__last_used_at")
    ).order_by("id")  # fmt: skip


def usable_keys(application: SmsApplication) -> QuerySet[ApiKey]:
    """Return the keys that work but for the auth token, the oldest first."""
    keys = ApiKey.objects.for_organization(application.organization)
    own = keys.filter(application=application).select_related("created_by")
    return own.usable().exclude(kind=KeyKind.TOKEN.value).order_by("id")


def ended_keys(application: SmsApplication) -> QuerySet[ApiKey]:
    """Return the newest keys that were revoked or ran out, but for the auth token."""
    keys = ApiKey.objects.for_organization(application.organization)
    ended = keys.filter(application=application).ended()
    return ended.exclude(kind=KeyKind.TOKEN.value).order_by("-id")[:ENDED_KEYS]


def may_review(user: Any, organization: Organization) -> tuple[bool, bool]:
    """Tell whether `user` may decide on items of `organization`, and whether it is their own.

    The second answer belongs in the history ("by a member of the organization"). Permission to use
    the review desk is another question: `accounts.staff.is_reviewer`.
    """
    memberships = Member.objects.for_organization(organization)
    if not memberships.filter(user=user).exists():
        return True, False
    return _may_review_own(), True


class ReviewerPlaces(NamedTuple):
    """The organizations of a reviewer, and those of them whose items they may not decide on."""

    own: frozenset[int]
    refused: frozenset[int]


def reviewer_places(user: Any) -> ReviewerPlaces:
    """Return what `may_review` tells of one organization for all of them, in one read."""
    # Any organization: the user's own.
    own = frozenset(Member.objects.filter(user=user).values_list("organization_id", flat=True))
    return ReviewerPlaces(own, own if own and not _may_review_own() else frozenset())


def _may_review_own() -> bool:
    # Two rows tell one organization from several.
    organizations = len(
        Organization.objects.filter(is_system=False).values_list("pk", flat=True)[:2]
    )
    return reviews_by_own_organization(organizations)


def members_of(organization: Organization) -> QuerySet[Member]:
    """Return the members with their people and `has_second_step`, the longest there first."""
    members = Member.objects.for_organization(organization)
    with_step = Exists(_second_steps())
    return members.select_related("user").annotate(has_second_step=with_step).order_by("id")


def members_who_may(organization: Organization, permission: Permission) -> list[Member]:
    """Return the members with their people who may do something, and can sign in."""
    members = Member.objects.for_organization(organization).filter(user__is_active=True)
    found = members.select_related("user").order_by("id")
    return [member for member in found if member.may(permission)]


def members_without_second_step(organization: Organization) -> QuerySet[Member]:
    """Return the members with their people whom a password alone lets in."""
    members = Member.objects.for_organization(organization).select_related("user")
    return members.filter(~Exists(_second_steps())).order_by("id")


def _second_steps() -> QuerySet[Any]:
    return Authenticator.objects.filter(user=OuterRef("user"), type__in=SECOND_STEPS)  # type: ignore[no-any-return]


def is_last_owner(member: Member) -> bool:
    """Tell whether the organization would have no owner without `member`."""
    owners = Member.objects.for_organization(member.organization).filter(role=Role.OWNER.value)
    return member.role == Role.OWNER.value and not owners.exclude(pk=member.pk).exists()


def hash_token(token: str) -> str:
    """Return what is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Return invitations that can still be accepted, the newest first."""
    invitations = Invitation.objects.for_organization(organization)
    return invitations.filter(accepted_at=None, expires_at__gt=shared_time.now()).order_by("-id")


def invitation_by_token(token: str) -> Invitation | None:
    """Return the invitation behind a link if it can still be accepted.

    The token itself is the proof, so that no organization is asked for.
    """
    # Any organization: the token of the link names the row.
    return (
        Invitation.objects.filter(
            token_hash=hash_token(token),
            accepted_at=None,
            expires_at__gt=shared_time.now(),
            invited_by__is_active=True,
        )
        .select_related("organization", "invited_by")
        .first()
    )


def originator_page(organization: Organization, after: int | None) -> Page[Originator]:
    """Return originators, the newest first, that come after originator `after`."""
    own = Originator.objects.for_organization(organization)
    if after:
        own = own.filter(pk__lt=after)
    return page_of(own.order_by("-pk"), _ORIGINATORS_A_PAGE, lambda originator: originator.pk)
