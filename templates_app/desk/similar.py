"""Texts like the one on the desk, of any organization, and what was decided about them.

Each look-up reads a bounded number of rows from an index, however many texts there are.
"""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.queries import ReviewerPlaces, reviewer_places
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
_SHOWN = ("state", "digest", "revoked_at", "organization__name")
"""What is shown of a similar text, beside its words."""
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


def same_words(item: Item) -> set[int]:
    """Return the newest versions with the words of an item, or nothing."""
    if item.kind not in DECIDED_BY_ANOTHER or not item.row.digest:
        return set()
    # Any organization: the same text may come from several.
    same = type(item.row).objects.filter(digest=item.row.digest).exclude(pk=item.row.pk)
    return set(same.order_by("-pk").values_list("pk", flat=True)[:IDENTICAL_READ])


def similar_texts(item: Item, same: set[int] | None = None) -> list[SimilarText]:
    """Return the texts most like an item's, the most alike and newest first.

    `same` are its `same_words`, where they are known.
    """
    if item.kind not in DECIDED_BY_ANOTHER:
        return []
    version = item.row
    own = shingles(version.text)
    alike = []
    for other in _candidates(item, same_words(item) if same is None else same):
        is_same = bool(version.digest) and other.digest == version.digest
        share = 1.0 if is_same else likeness(own, shingles(other.text))
        if share >= LEAST_LIKENESS:
            alike.append((other, share, is_same))
    reviews = _newest_reviews(item.kind, [other for other, *_rest in alike])
    found = [
        SimilarText(
            version=other,
            percent=int(share * 100),
            has_same_words=is_same,
            is_same_organization=other.organization_id == version.organization_id,
            review=reviews.get(other.pk),
        )
        for other, share, is_same in alike
    ]
    found.sort(key=lambda one: (one.percent, one.is_rejected, one.version.pk), reverse=True)
    return found[:SHOWN]


def _candidates(about: Item, same: set[int]) -> list[ReviewedVersion]:
    version = about.row
    model = type(version)
    ids = same | TextMark.objects.newest_with(about.kind, marks(version.text), A_MARK_READ)
    # Any organization: the same text may come from several.
    others = model.objects.filter(pk__in=ids - {version.pk}).exclude(state__in=_DRAFTS)
    text = "content" if model is SignatureVersion else "body"
    shown = others.select_related("organization").only(*_SHOWN, text)
    return list(shown)


def _newest_reviews(kind: str, versions: list[ReviewedVersion]) -> dict[int, Review]:
    field = "signature_version" if kind == "signature" else "text_template_version"
    # Any organization: see above.
    reviews = Review.objects.filter(**{f"{field}__in": [version.pk for version in versions]})
    reviews = reviews.only("approved", "reasons", "at", f"{field}_id")
    return {getattr(review, f"{field}_id"): review for review in reviews.order_by("pk")}


def identical_open(about: Item, reviewer: User, places: ReviewerPlaces | None = None) -> list[Item]:
    """Return other open items with the very same text, which one press can approve too.

    Without appeals, what waits for an answer, and what `reviewer` may not decide. `places` spares
    a read.
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
    if not found:
        return []
    refused = (places or reviewer_places(reviewer)).refused
    return [
        one for one in found if one.row.organization_id not in refused and one.is_free_for(reviewer)
    ]
