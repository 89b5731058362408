"""The decision of a reviewer: the same path for activations, signatures and text templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict, NotAllowed, Refusal
from accounts.models import Organization, User
from accounts.models.stepping import StepQuerySet
from accounts.queries import may_review
from accounts.staff import is_reviewer

# As accounts/reasons.py says.
Reason = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """An approval or a rejection; `reviewer` is None when the console approves automatically.

    `reasons` are as in accounts/reasons.py, empty for an approval.
    """

    approved: bool
    reviewer: User | None = None
    reasons: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""
    by_own_organization: bool = False
    at: datetime = field(default_factory=shared_time.now)

    @property
    def stored(self) -> dict[str, Any]:
        """Return the fields of `Decided` that keep it."""
        return {
            "decided_by": self.reviewer,
            "reasons": self.reasons,
            "note": self.note,
            "by_own_organization": self.by_own_organization,
        }


def reviewer_decision(
    *,
    organization: Organization,
    reviewer: User,
    approve: bool,
    reasons: Sequence[Reason] = (),
    note: str = "",
) -> Decision:
    """Return the decision of `reviewer` about something of `organization`.

    Raises NotAllowed for people who are not reviewers, and for a reviewer's own organization
    (unless REVIEW_BY_OWN_ORGANIZATION); Refusal for a rejection without a reason.
    """
    if not is_reviewer(reviewer):
        raise NotAllowed(_("Only reviewers can approve or reject."))
    allowed, by_own_organization = may_review(reviewer, organization)
    if not allowed:
        raise NotAllowed(
            _("You cannot review your own organization. Ask a reviewer who is not a member of it.")
        )
    if not approve and not reasons:
        raise Refusal(_("Give at least one reason for the rejection."))
    return Decision(
        approved=approve,
        reviewer=reviewer,
        reasons=[] if approve else [dict(reason) for reason in reasons],
        note=note,
        by_own_organization=by_own_organization,
    )


def step_decided(rows: StepQuerySet, to: StrEnum, decision: Decision, **fields: Any) -> None:
    """Step the one row of `rows` to the decided state; of two reviewers only one does.

    Raises Conflict when it no longer waits for a decision.
    """
    if not rows.step(to, decided_at=decision.at, **fields):
        raise Conflict(_("Someone has already approved, rejected or withdrawn this."))
