"""The review of a version: its states, its legal steps, when it is due, why it can be refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

REVIEW_HOURS = 2


class ReviewState(StrEnum):
    """Where a version of a signature or text template stands."""

    DRAFT = "DRAFT"  # Being written; only its organization sees it.
    PENDING = "PENDING"  # Submitted and frozen; waits for a reviewer.
    APPROVED = "APPROVED"  # May be used.
    REJECTED = "REJECTED"  # Refused with reasons; corrected by a new version, or appealed.
    WITHDRAWN = "WITHDRAWN"  # By its organization, or an approval by staff.
    REPLACED = "REPLACED"  # Was approved until a newer version was.


STEPS: Mapping[ReviewState, frozenset[ReviewState]] = {
    ReviewState.DRAFT: frozenset({ReviewState.PENDING, ReviewState.WITHDRAWN}),
    ReviewState.PENDING: frozenset(
        {ReviewState.APPROVED, ReviewState.REJECTED, ReviewState.WITHDRAWN}
    ),
    ReviewState.APPROVED: frozenset({ReviewState.REPLACED, ReviewState.WITHDRAWN}),
    # By an appeal, once.
    ReviewState.REJECTED: frozenset({ReviewState.PENDING}),
    ReviewState.WITHDRAWN: frozenset(),
    ReviewState.REPLACED: frozenset(),
}


def due_at(submitted_at: datetime) -> datetime:
    """Return when a version should be decided at the latest."""
    return submitted_at + timedelta(hours=REVIEW_HOURS)


# What a reviewer can say is wrong, in the order a form offers it. Where a lint rule finds the same
# thing, the code is the rule's, so that one sentence serves both.
SIGNATURE_REASON_CODES: tuple[str, ...] = (
    "OWNER_UNCLEAR",
    "SIGNATURE_GENERIC",
    "SYMBOL_FORBIDDEN",
    "EVIDENCE_MISSING",
    "EVIDENCE_UNREADABLE",
    "EVIDENCE_MISMATCH",
    "SUBJECT_FORBIDDEN",
    "OTHER",
)
TEXT_TEMPLATE_REASON_CODES: tuple[str, ...] = (
    "TYPE_WRONG",
    "CONTENT_UNCLEAR",
    "VARIABLE_FORMAT",
    "VARIABLE_UNCLEAR",
    "VARIABLE_IN_LINK",
    "VARIABLES_MANY",
    "OTP_CODE_WORD",
    "OTP_LINK",
    "OPTOUT_MISSING",
    "OPTOUT_NO_REPLY",
    "MARKETING_IN_NOTIFICATION",
    "LINK_INVALID",
    "SYMBOL_FORBIDDEN",
    "SUBJECT_FORBIDDEN",
    "ABUSE_RISK",
    "OUT_OF_DATE",
    "OTHER",
)
REASON_CODES: tuple[str, ...] = tuple(
    dict.fromkeys((*SIGNATURE_REASON_CODES[:-1], *TEXT_TEMPLATE_REASON_CODES))
)
