"""What the review desk asks: open items of all organizations, and what a reviewer must know."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from accounts import shared_time
from accounts.models import (
    ActivationState,
    Member,
    Organization,
    Originator,
    OriginatorState,
    ServiceActivation,
    User,
)
from accounts.queries import may_review
from templates_app.actions.questions import ASKED_ABOUT
from templates_app.models import Review, SignatureVersion, TextTemplateVersion
from templates_app.review import ReviewState

ReviewedRow = ServiceActivation | Originator | SignatureVersion | TextTemplateVersion
MODELS: dict[str, type[Any]] = {
    "activation": ServiceActivation,
    "originator": Originator,
    "signature": SignatureVersion,
    "template": TextTemplateVersion,
}
# Kinds whose rejection can be appealed, which is decided by somebody else.
DECIDED_BY_ANOTHER = frozenset({"signature", "template"})
QUEUE_SHOWN = 200
DECISIONS_SHOWN = 10
OTHERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the desk; `kind` is a key of MODELS."""

    kind: str
    row: Any

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for a decision."""
        return bool(self.row.state == ReviewState.PENDING.value)

    @property
    def is_overdue(self) -> bool:
        """Tell whether it should have been decided by now."""
        return bool(self.is_open and not self.is_asked and self.row.due_at < shared_time.now())

    @property
    def is_asked(self) -> bool:
        """Tell whether it waits for an answer of who submitted it."""
        return getattr(self.row, "asked_at", None) is not None

    @property
    def is_appeal(self) -> bool:
        """Tell whether a rejection was appealed."""
        return getattr(self.row, "appealed_at", None) is not None

    @property
    def may_be_asked_about(self) -> bool:
        """Tell whether a reviewer can ask who submitted it."""
        return bool(self.row.state in ASKED_ABOUT)


@dataclass(frozen=True, slots=True)
class Queue:
    """Open items by due time; `own` counts those of the reader's own organizations, left out."""

    items: list[Item]
    total: int
    own: int


def _pending(kind: str) -> Any:
    rows = MODELS[kind].objects.filter(state=ReviewState.PENDING.value)
    return rows.select_related("organization")


def queue(reviewer: User) -> Queue:
    """Return what `reviewer` may decide, the most urgent first."""
    refused = _refused(reviewer)
    items: list[Item] = []
    total = own = 0
    for kind in MODELS:
        rows = _pending(kind)
        mine = rows.exclude(organization_id__in=refused)
        if kind in DECIDED_BY_ANOTHER:
            mine = mine.exclude(reviews__reviewer=reviewer)
        open_here = mine.count()
        total += open_here
        own += rows.count() - open_here
        items += [Item(kind, row) for row in mine.order_by("due_at", "pk")[:QUEUE_SHOWN]]
    items.sort(key=lambda item: item.row.due_at)
    return Queue(items[:QUEUE_SHOWN], total, own)


def _refused(reviewer: User) -> list[int]:
    """Return the organizations whose items `reviewer` may not decide."""
    memberships = Member.objects.filter(user=reviewer).select_related("organization")
    return [
        membership.organization_id
        for membership in memberships
        if not may_review(reviewer, membership.organization)[0]
    ]


def items_before(due: datetime | None = None) -> int:
    """Return how many open items are due before `due`; without it, all open items."""
    limit = {"due_at__lt": due} if due else {}
    return sum(_pending(kind).filter(**limit).count() for kind in MODELS)


def item(kind: str, pk: int) -> Item | None:
    """Return one thing that was submitted, or None."""
    model = MODELS.get(kind)
    if model is None:
        return None
    row = model.objects.filter(pk=pk).exclude(submitted_at=None).first()
    return Item(kind, row) if row else None


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
    reasons: list[dict[str, str]]
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
