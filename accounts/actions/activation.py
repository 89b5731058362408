"""Applying for the service, and deciding about it."""

from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.actions.decision import Decision, Reason, reviewer_decision, step_decided
from accounts.errors import Conflict
from accounts.languages import read_by
from accounts.models import (
    ActivationState,
    AuditEntry,
    Organization,
    ServiceActivation,
    SmsApplication,
    User,
)
from accounts.notices import NoticeKind, tell
from accounts.review_clock import due_after


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
    now = shared_time.now()
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
                due_at=due_after(now),
            )
    except IntegrityError:
        raise Conflict(
            _("Your organization has already applied. Check the status of the application.")
        ) from None
    AuditEntry.record(
        action="service_activation.submitted",
        subject=legal_name,
        organization=organization,
        actor=applicant,
        activation_id=activation.pk,
    )
    if settings.AUTO_APPROVE_ACTIVATION:
        return _apply(activation, Decision(approved=True))
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
    one. Raises what `reviewer_decision` raises, and Conflict when it is already decided. Returns
    the fresh row.
    """
    decision = reviewer_decision(
        organization=activation.organization,
        reviewer=reviewer,
        approve=approve,
        reasons=reasons,
        note=note,
    )
    return _apply(activation, decision)


def _apply(activation: ServiceActivation, decision: Decision) -> ServiceActivation:
    """Step, write the audit trail, and tell people."""
    # Any organization: reviewers decide for all of them.
    rows = ServiceActivation.objects.filter(pk=activation.pk)
    step_decided(
        rows,
        ActivationState.APPROVED if decision.approved else ActivationState.REJECTED,
        decision,
        **decision.stored,
    )
    activation.refresh_from_db()
    if decision.approved:
        with read_by(activation.submitted_by.email):
            _make_default_application(activation.organization)
    _tell(activation)
    AuditEntry.record(
        action=f"service_activation.{activation.state.lower()}",
        subject=activation.legal_name,
        organization=activation.organization,
        actor=decision.reviewer,
        activation_id=activation.pk,
        by_own_organization=decision.by_own_organization,
    )
    return activation


def _tell(activation: ServiceActivation) -> None:
    """Tell the submitter and the contacts what was decided."""
    tell(
        NoticeKind.REVIEW,
        activation.organization,
        people=[activation.submitted_by],
        contacts=True,
        path=reverse("accounts:activation"),
        what="activation",
        approved=activation.is_approved,
        reasons=activation.reason_lines,
        note=activation.note,
    )


def _make_default_application(organization: Organization) -> None:
    """Give the organization the application that its pages send with."""
    if not SmsApplication.objects.for_organization(organization).exists():
        SmsApplication.objects.create(organization=organization, name=_("Default"))
