"""An appeal against a rejection: once a version, and decided by another reviewer."""

from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict
from accounts.models import User
from accounts.review_clock import due_after
from accounts.staff import REVIEW
from templates_app.actions.versions import Version, lock, record, rows_of
from templates_app.review import ReviewState


@transaction.atomic
def appeal(*, version: Version, submitter: User, reason: str) -> Version:
    """Put a rejected version before another reviewer; raises Conflict where that cannot be.

    It can be once, while there is no newer version, and if somebody else is there to decide.
    """
    lock(version.thing)
    version = rows_of(version).select_for_update().get()
    _check(version)
    now = shared_time.now()
    try:
        with transaction.atomic():
            rows_of(version).step(
                ReviewState.PENDING,
                only_from=ReviewState.REJECTED,
                appealed_at=now,
                appeal=reason,
                due_at=due_after(now),
                decided_at=None,
                asked_at=None,
            )
    except IntegrityError:
        raise Conflict(
            _("Another version is in review. Withdraw it, or wait for the decision.")
        ) from None
    version.refresh_from_db()
    record(version, "appealed", submitter)
    return version


def may_be_appealed(version: Version) -> bool:
    """Tell whether a page should offer it."""
    try:
        _check(version)
    except Conflict:
        return False
    return True


def _check(version: Version) -> None:
    if version.state != ReviewState.REJECTED or version.thing.deleted_at:
        raise Conflict(_("Version %(number)s was not rejected.") % {"number": version.number})
    if version.appealed_at:
        raise Conflict(
            _("The decision on the appeal is final. Correct the text and submit a new version.")
        )
    newer = version.thing.versions.filter(number__gt=version.number)
    if newer.exclude(state=ReviewState.WITHDRAWN.value).exists():
        raise Conflict(_("There is a newer version. Submit that one instead."))
    deciders = version.reviews.values("reviewer")
    if not reviewers().exclude(pk__in=deciders).exists():
        raise Conflict(
            _("There is no other reviewer on this console. Ask a question about the review.")
        )


def reviewers() -> QuerySet[User]:
    """Return everybody who works on the review desk."""
    app, _dot, codename = REVIEW.partition(".")
    permissions = Permission.objects.filter(content_type__app_label=app, codename=codename)
    by_group = Q(groups__permissions__in=permissions)
    return User.objects.filter(
        Q(is_superuser=True) | by_group | Q(user_permissions__in=permissions),
        is_active=True,
        is_staff=True,
    ).distinct()
