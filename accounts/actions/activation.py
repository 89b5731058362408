"""Applying for the service, and deciding about it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed, Refusal
from accounts.mail import activation_mails, send_later
from accounts.models import (
    ActivationState,
    AuditEntry,
    Organization,
    ServiceActivation,
    SmsApplication,
    User,
)
from accounts.queries import may_review
from accounts.signals import activation_decided
from accounts.staff import is_reviewer

REVIEW_TIME = timedelta(hours=2)

Reason = Mapping[str, str]


@transaction.atomic
def apply_for_activation(
    *,
    organization: Organization,
    applicant: User,
    legal_name: str,
    country: str,
    website: str,
    purpose: str,
    monthly_messages: int,
) -> ServiceActivation:
    """File an application; with AUTO_APPROVE_ACTIVATION it is approved at once.

    Raises Conflict while another one is pending or approved.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            activation = ServiceActivation.objects.create(
                organization=organization,
                legal_name=legal_name,
                country=country,
                website=website,
                purpose=purpose,
                monthly_messages=monthly_messages,
                submitted_by=applicant,
                submitted_at=now,
                due_at=now + REVIEW_TIME,
            )
    except IntegrityError:
        raise Conflict(
            _("There is already an application that is pending or approved. Look at its state.")
        ) from None
    AuditEntry.record(
        action="service_activation.submitted",
        subject=legal_name,
        organization=organization,
        actor=applicant,
        activation_id=activation.pk,
    )
    if settings.AUTO_APPROVE_ACTIVATION:
        return _decide(activation, reviewer=None, to=ActivationState.APPROVED)
    return activation


@transaction.atomic
def decide_activation(
    *,
    activation: ServiceActivation,
    reviewer: User,
    approve: bool,
    reasons: Sequence[Reason] = (),
    note: str = "",
) -> ServiceActivation:
    """Approve or reject a pending application; of two reviewers at once exactly one decides.

    `reasons` is a list of {"code", "field", "advice"} as in reviews of texts; a rejection needs
    one. Raises NotAllowed for one's own organization (unless REVIEW_BY_OWN_ORGANIZATION) and
    for people who are no reviewers, Conflict when it is already decided. Returns the fresh row.
    """
    if not is_reviewer(reviewer):
        raise NotAllowed(_("Only reviewers decide applications."))
    allowed, by_own = may_review(reviewer, activation.organization)
    if not allowed:
        raise NotAllowed(
            _("This is your own organization. Ask a reviewer who is not a member of it.")
        )
    if not approve and not reasons:
        raise Refusal(_("A rejection needs at least one reason, so that people can correct it."))
    return _decide(
        activation,
        reviewer=reviewer,
        to=ActivationState.APPROVED if approve else ActivationState.REJECTED,
        reasons=[] if approve else [dict(reason) for reason in reasons],
        note=note,
        by_own_organization=by_own,
    )


def _decide(
    activation: ServiceActivation, *, reviewer: User | None, to: ActivationState, **fields: object
) -> ServiceActivation:
    """Step, write the trail, tell people; `reviewer` None is the console itself."""
    # Any organization: reviewers decide for all of them.
    done = ServiceActivation.objects.filter(pk=activation.pk).step(
        to, decided_by=reviewer, decided_at=timezone.now(), **fields
    )
    if not done:
        raise Conflict(_("Somebody else has already decided this application."))
    activation.refresh_from_db()
    if to is ActivationState.APPROVED:
        _make_default_application(activation.organization)
    AuditEntry.record(
        action=f"service_activation.{to.value.lower()}",
        subject=activation.legal_name,
        organization=activation.organization,
        actor=reviewer,
        activation_id=activation.pk,
        by_own_organization=activation.by_own_organization,
    )
    activation_decided.send(sender=ServiceActivation, activation=activation)
    send_later(activation_mails(activation))
    return activation


def _make_default_application(organization: Organization) -> None:
    """Give the organization the application that its pages send with."""
    if not SmsApplication.objects.for_organization(organization).exists():
        SmsApplication.objects.create(organization=organization, name=_("Default"))
