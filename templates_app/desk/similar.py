"""Texts like the one on the desk, of any organization, and what was decided about them.

Each look-up reads a bounded number of rows from an index, however many texts there are.
"""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.queries import may_review
from templates_app.desk.queries import DECIDED_BY_ANOTHER, Item, pending_items
from templates_app.likeness import likeness, marks, shingles
from templates_app.models import (
    DecisionState,
    DeskDecision,
    Review,
    SignatureVersion,
    TextMark,
    TextTemplateVersion,
)
from templates_app.models.reviewed_version import ReviewedVersion
from templates_app.review import ReviewState

IDENTICAL_READ = 20
A_MARK_READ = 15
"""Rows read of each mark, the newest."""
SHOWN = 6
LEAST_LIKENESS = 0.5
MOST_TOGETHER = 100
"""Identical texts that one press approves."""
_DRAFTS = (ReviewState.DRAFT.value, ReviewState.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class SimilarText:
    """Another submitted text; `percent` is how alike it is, and `review` the decision about it."""

    version: Any
    percent: int
    has_same_words: bool
    is_same_organization: bool
    review: Review | None

    @property
    def is_rejected(self) -> bool:
        """Tell whether the newest decision about it is a rejection."""
        return self.review is not None and not self.review.approved


def similar_texts(item: Item) -> list[SimilarText]:
    """Return the texts most like an item's, the most alike and newest first."""
    if item.kind not in DECIDED_BY_ANOTHER:
        return []
    version = item.row
    own = shingles(version.text)
    found = []
    candidates = _candidates(item)
    reviews = _newest_reviews(item.kind, candidates)
    for other in candidates:
        same = bool(version.digest) and other.digest == version.digest
        alike = 1.0 if same else likeness(own, shingles(other.text))
        if alike >= LEAST_LIKENESS:
            found.append(
                SimilarText(
                    version=other,
                    percent=int(alike * 100),
                    has_same_words=same,
                    is_same_organization=other.organization_id == version.organization_id,
                    review=reviews.get(other.pk),
                )
            )
    found.sort(key=lambda one: (one.percent, one.is_rejected, one.version.pk), reverse=True)
    return found[:SHOWN]


def _candidates(about: Item) -> list[ReviewedVersion]:
    version = about.row
    model = type(version)
    # Any organization: the same text may come from several.
    same = model.objects.filter(digest=version.digest).exclude(pk=version.pk).exclude(digest="")
    ids = set(same.order_by("-pk").values_list("pk", flat=True)[:IDENTICAL_READ])
    ids |= TextMark.objects.newest_with(about.kind, marks(version.text), A_MARK_READ)
    # Any organization: see above.
    others = model.objects.filter(pk__in=ids - {version.pk}).exclude(state__in=_DRAFTS)
    owner = "signature" if model is SignatureVersion else "text_template"
    return list(others.select_related("organization", owner))


def _newest_reviews(kind: str, versions: list[ReviewedVersion]) -> dict[int, Review]:
    field = "signature_version" if kind == "signature" else "text_template_version"
    # Any organization: see above.
    reviews = Review.objects.filter(**{f"{field}__in": [version.pk for version in versions]})
    return {getattr(review, f"{field}_id"): review for review in reviews.order_by("pk")}


def identical_open(about: Item, reviewer: User) -> list[Item]:
    """Return other open items with the very same text, which one press can approve too.

    Without appeals, what waits for an answer, and what `reviewer` may not decide.
    """
    version = about.row
    if about.kind not in DECIDED_BY_ANOTHER or not version.digest:
        return []
    model = type(version)
    same: dict[str, object] = {"digest": version.digest}
    if isinstance(version, TextTemplateVersion):
        same |= {"body": version.body, "sms_type": version.sms_type}
    else:
        same |= {"content": version.content, "for_others": False, "kind": version.kind}
    # Any organization: the same text may come from several.
    rows = model.objects.filter(**same, appealed_at=None, asked_at=None).exclude(pk=version.pk)
    # Any organization: what the desk has decided about.
    decided = DeskDecision.objects.filter(kind=about.kind, state=DecisionState.HELD.value)
    rows = rows.exclude(pk__in=decided.values("item_id"))
    found = pending_items(about.kind, rows.order_by("due_at", "pk"), most=MOST_TOGETHER)
    organizations = {one.row.organization for one in found}
    allowed = {each for each in organizations if may_review(reviewer, each)[0]}
    return [one for one in found if one.row.organization in allowed and one.is_free_for(reviewer)]
