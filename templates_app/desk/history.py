"""What a reviewer must know of an organization: its activation, and what was decided before."""

from collections.abc import Iterator, Sequence
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
_OF_DECISIONS = ("reasons", "by_own_organization")
_OF_REVIEWS = (
    *_OF_DECISIONS,
    "approved",
    "at",
    "reviewer__email",
    "reviewer__name",
    "signature_version__content",
    "signature_version__number",
    "text_template_version__number",
    "text_template_version__text_template__name",
    "text_template_version__text_template__language",
    "text_template_version__text_template__variant_of",
)
_OF_ORIGINATORS = (
    *_OF_DECISIONS,
    "address",
    "state",
    "decided_at",
    "decided_by__email",
    "decided_by__name",
)
"""What is shown of an earlier decision; so many rows are long."""


def activations_of(organization: Organization) -> list[ServiceActivation]:
    """Return the newest applications, among them the approved one; only one can wait."""
    rows = ServiceActivation.objects.for_organization(organization).select_related("decided_by")
    return list(rows.order_by("-pk")[: DECISIONS_SHOWN + 1])


def activation_of(applications: Sequence[ServiceActivation]) -> ServiceActivation | None:
    """Return the approved application of an organization, or else the newest one."""
    approved = (one for one in applications if one.state == ActivationState.APPROVED.value)
    return next(approved, next(iter(applications), None))


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One earlier decision about anything of an organization."""

    thing: str
    approved: bool
    reasons: list[dict[str, Any]]
    reviewer: User | None
    by_own_organization: bool
    at: datetime


def earlier_decisions(
    organization: Organization, applications: Sequence[ServiceActivation]
) -> list[PastDecision]:
    """Return the newest decisions about an organization; `applications` are its newest ones."""
    found = chain(_reviews(organization), _activations(applications), _originators(organization))
    return sorted(found, key=lambda decision: decision.at, reverse=True)[:DECISIONS_SHOWN]


def _reviews(organization: Organization) -> Iterator[PastDecision]:
    reviews = Review.objects.for_organization(organization).select_related(
        "reviewer", "signature_version", "text_template_version__text_template"
    )
    for review in reviews.only(*_OF_REVIEWS).order_by("-pk")[:DECISIONS_SHOWN]:
        yield PastDecision(
            thing=str(review.signature_version or review.text_template_version),
            approved=review.approved,
            reasons=review.reasons,
            reviewer=review.reviewer,
            by_own_organization=review.by_own_organization,
            at=review.at,
        )


def _activations(applications: Sequence[ServiceActivation]) -> Iterator[PastDecision]:
    for row in applications:
        if row.decided_at is None:
            continue
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
    decided = rows.select_related("decided_by").only(*_OF_ORIGINATORS)
    for row in decided.order_by("-pk")[:DECISIONS_SHOWN]:
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
