"""Taking back an approval: nothing of a text or signature goes out any more."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict, NotAllowed
from accounts.models import User
from accounts.notices import NoticeKind, owners, tell
from accounts.staff import may_revoke_texts
from templates_app.actions.versions import Version, lock, noun, record, rows_of
from templates_app.review import ReviewState

Stopped = TypeVar("Stopped")


@transaction.atomic
def revoke(*, version: Version, actor: User, reason: str, stop: Callable[[], Stopped]) -> Stopped:
    """Take back the approval of a version that is in use; raise NotAllowed or Conflict.

    `stop` sees to what is being sent with it, and its result is returned; it runs before the
    record, which locks the trail. Who wrote it, owners and contacts are told why.
    """
    if not may_revoke_texts(actor):
        raise NotAllowed(_("Only operators can revoke an approved text or signature."))
    thing = lock(version.thing)
    revoked = rows_of(version).step(
        ReviewState.WITHDRAWN,
        only_from=ReviewState.APPROVED,
        revoked_at=shared_time.now(),
        revocation_reason=reason,
    )
    if not revoked:
        raise Conflict(
            _("Version %(number)s is not in use, so there is nothing to revoke.")
            % {"number": version.number}
        )
    own = type(thing).objects.for_organization(version.organization)
    own.filter(pk=thing.pk, approved=version).update(approved=None)
    version.refresh_from_db()
    stopped = stop()
    what = noun(type(version))
    tell(
        NoticeKind.REVIEW,
        version.organization,
        people=[version.created_by, *owners(version.organization)],
        contacts=True,
        path=reverse(
            f"templates_app:{'signature' if what == 'signature' else 'template'}_detail",
            args=[thing.pk],
        ),
        what=what,
        revoked=True,
        thing=version.name,
        number=version.number,
        reason=reason,
    )
    record(version, "revoked", actor, reason=reason)
    return stopped
