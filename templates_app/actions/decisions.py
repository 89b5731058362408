"""The decision about one version: who, why, and what follows from it."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed, Refusal
from accounts.mail import send_later
from accounts.models import User
from accounts.queries import may_review
from accounts.staff import is_reviewer
from templates_app.actions.versions import Version, lock, noun, record, rows_of
from templates_app.mail import decision_mails
from templates_app.models import Review
from templates_app.review import ReviewState
from templates_app.signals import review_decided

Reason = Mapping[str, str]


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
    Raises NotAllowed for one's own organization (unless REVIEW_BY_OWN_ORGANIZATION) and for people
    who are no reviewers, Conflict when it is already decided or withdrawn.
    """
    if not is_reviewer(reviewer):
        raise NotAllowed(_("Only reviewers decide about texts."))
    allowed, by_own = may_review(reviewer, version.organization)
    if not allowed:
        raise NotAllowed(
            _("This is your own organization's. Ask a reviewer who is not a member of it.")
        )
    if not approve and not reasons:
        raise Refusal(_("A rejection needs at least one reason, so that people can correct it."))
    lock(version.thing)
    to = ReviewState.APPROVED if approve else ReviewState.REJECTED
    if not rows_of(version).step(to, decided_at=timezone.now()):
        raise Conflict(_("Somebody else has already decided about this version, or withdrew it."))
    version.refresh_from_db()
    if approve:
        _put_in_use(version)
    review = Review.objects.create(
        organization=version.organization,
        approved=approve,
        reasons=[] if approve else [dict(reason) for reason in reasons],
        note=note,
        reviewer=reviewer,
        by_own_organization=by_own,
        **{f"{noun(type(version))}_version": version},
    )
    record(version, to.value.lower(), reviewer, by_own_organization=by_own)
    review_decided.send(sender=type(version), version=version, review=review)
    send_later(decision_mails(version, review))
    return review


def _put_in_use(version: Version) -> None:
    """Point to the approved version; the one used until now is replaced."""
    thing = version.thing
    versions = thing.versions.filter(state=ReviewState.APPROVED.value)
    versions.exclude(pk=version.pk).step(ReviewState.REPLACED)
    things = type(thing).objects.for_organization(version.organization)
    things.filter(pk=thing.pk).update(approved=version)
