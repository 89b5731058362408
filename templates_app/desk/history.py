"""What a reviewer must know of an organization: its activation, and what was decided before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from accounts.models import (
    ActivationState,
    Organization,
    Originator,
    OriginatorState,
    ServiceActivation,
    User,
)
from templates_app.models import Review

DECISIONS_SHOWN = 10
OTHERS_SHOWN = 5


def activation_of(organization: Organization) -> ServiceActivation | None:
    """Return the approved application, or else the newest one."""
    rows = ServiceActivation.objects.for_organization(organization)
    approved = rows.filter(state=ActivationState.APPROVED.value).first()
    return approved or rows.order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One earlier decision about anything of an organization."""

    thing: str
    approved: bool
    reasons: list[dict[str, Any]]
    reviewer: User | None
    by_own_organization: bool
    at: datetime


def earlier_decisions(organization: Organization) -> list[PastDecision]:
    """Return the newest decisions about an organization."""
    both = chain(_reviews(organization), _activations(organization), _originators(organization))
    return sorted(both, key=lambda decision: decision.at, reverse=True)[:DECISIONS_SHOWN]


def _reviews(organization: Organization) -> Iterator[PastDecision]:
    reviews = Review.objects.for_organization(organization).select_related(
        "reviewer", "signature_version", "text_template_version__text_template"
    )
    for review in reviews.order_by("-pk")[:DECISIONS_SHOWN]:
        yield PastDecision(
            thing=str(review.signature_version or review.text_template_version),
            approved=review.approved,
            reasons=review.reasons,
            reviewer=review.reviewer,
            by_own_organization=review.by_own_organization,
            at=review.at,
        )


def _activations(organization: Organization) -> Iterator[PastDecision]:
    rows = ServiceActivation.objects.for_organization(organization).exclude(decided_at=None)
    for row in rows.select_related("decided_by").order_by("-pk")[:DECISIONS_SHOWN]:
        yield PastDecision(
            thing=row.legal_name,
            approved=row.state == ActivationState.APPROVED.value,
            reasons=row.reasons,
            reviewer=row.decided_by,
            by_own_organization=row.by_own_organization,
            at=row.decided_at,
        )


def _originators(organization: Organization) -> Iterator[PastDecision]:
    rows = Originator.objects.for_organization(organization).exclude(decided_by=None)
    for row in rows.select_related("decided_by").order_by("-pk")[:DECISIONS_SHOWN]:
        yield PastDecision(
            thing=row.address,
            approved=row.state != OriginatorState.REJECTED.value,
            reasons=row.reasons,
            reviewer=row.decided_by,
            by_own_organization=row.by_own_organization,
            at=row.decided_at,
        )


def others_with(originator: Originator) -> list[Organization]:
    """Return other organizations that show, or want to show, the same originator."""
    same = Originator.objects.filter(
        address__iexact=originator.address,
        state__in=[OriginatorState.PENDING.value, OriginatorState.APPROVED.value],
    ).exclude(organization=originator.organization)
    others = Organization.objects.filter(pk__in=same.values("organization"))
    return list(others.order_by("name")[:OTHERS_SHOWN])
