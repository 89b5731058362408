"""The decision about one version: who, why, and what follows from it."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions.decision import Reason, reviewer_decision, step_decided
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.notices import NoticeKind, tell
from templates_app.actions.versions import Version, lock, noun, record, rows_of
from templates_app.models import Review
from templates_app.review import ReviewState
from templates_app.sentences import reason_lines


@transaction.atomic
def decide(
    *,
    version: Version,
    reviewer: User,
    approve: bool,
    reasons: Sequence[Reason] = (),
    note: str = "",
) -> Review:
    """Approve or reject a version in review; of two reviewers at once exactly one decides.

    `reasons` is a list of {"code": one of review.REASON_CODES, "field", "advice"}; a rejection
    needs one. An approved version is in use at once and the one before it becomes REPLACED.
    Raises what `reviewer_decision` raises, NotAllowed for the first reviewer of an appeal, and
    Conflict when it is already decided or withdrawn.
    """
    decision = reviewer_decision(
        organization=version.organization,
        reviewer=reviewer,
        approve=approve,
        reasons=reasons,
        note=note,
    )
    lock(version.thing)
    check_another(version, reviewer)
    to = ReviewState.APPROVED if approve else ReviewState.REJECTED
    step_decided(rows_of(version), to, decision, asked_at=None)
    version.refresh_from_db()
    if approve:
        _put_in_use(version)
    review = Review.objects.create(
        organization=version.organization,
        approved=decision.approved,
        reasons=decision.reasons,
        note=decision.note,
        reviewer=reviewer,
        of_appeal=version.appealed_at is not None,
        by_own_organization=decision.by_own_organization,
        **{f"{noun(type(version))}_version": version},
    )
    _tell(version, review)
    record(version, to.value.lower(), reviewer, by_own_organization=decision.by_own_organization)
    return review


def _tell(version: Version, review: Review) -> None:
    """Tell who submitted it, and the contacts, what was decided."""
    what = noun(type(version))
    page = "signature_detail" if what == "signature" else "template_detail"
    tell(
        NoticeKind.REVIEW,
        version.organization,
        people=[version.created_by],
        contacts=True,
        path=reverse(f"templates_app:{page}", args=[version.thing.pk]),
        what=what,
        approved=review.approved,
        thing=version.name,
        number=version.number,
        # In the reader's language, so the template calls it.
        reasons=partial(reason_lines, review.reasons),
        note=review.note,
    )


def check_another(version: Version, reviewer: User) -> None:
    """Leave an appeal to somebody who has not decided about the version yet."""
    if version.reviews.filter(reviewer=reviewer).exists():
        raise NotAllowed(_("You rejected it. Another reviewer decides on the appeal."))


def _put_in_use(version: Version) -> None:
    """Point to the approved version; the one used until now is replaced."""
    thing = version.thing
    versions = thing.versions.filter(state=ReviewState.APPROVED.value)
    versions.exclude(pk=version.pk).step(ReviewState.REPLACED)
    things = type(thing).objects.for_organization(version.organization)
    things.filter(pk=thing.pk).update(approved=version)
