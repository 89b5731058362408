"""The review of a version: its states, and its legal steps."""

from collections.abc import Mapping
from enum import StrEnum


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
