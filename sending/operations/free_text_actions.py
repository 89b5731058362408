"""An operator grants an organization the right to free text, and takes it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict
from accounts.models import AuditEntry, Organization, User
from sending.lifecycle import Lane
from sending.models import FreeTextRight
from templates_app.actions import free_text_version


@transaction.atomic
def grant_free_text(
    *,
    actor: User,
    organization: Organization,
    is_learning: bool,
    lane: str = Lane.API.value,
    links_allowed: bool = False,
    reason: str = "",
) -> FreeTextRight:
    """Let an organization send texts that match nothing, for good or as learning mode.

    It replaces what was granted before. The organization reads it in its audit trail.
    """
    version = free_text_version(organization=organization, author=actor)
    now = shared_time.now()
    right, _is_new = FreeTextRight.objects.update_or_create(
        organization=organization,
        defaults={
            "version": version,
            "lane": lane,
            "links_allowed": links_allowed,
            "is_learning": is_learning,
            "until": FreeTextRight.learning_end(now) if is_learning else None,
            "reason": reason,
            "granted_by": actor,
            "granted_at": now,
        },
    )
    AuditEntry.record(
        action="organization.free_text_granted",
        subject=organization,
        organization=organization,
        actor=actor,
        until=right.until and right.until.isoformat(),
        lane=lane,
        links_allowed=links_allowed,
        reason=reason,
    )
    return right


@transaction.atomic
def withdraw_free_text(*, actor: User, organization: Organization) -> None:
    """Withdraw the right; raise Conflict if there is none."""
    gone, _by_model = FreeTextRight.objects.for_organization(organization).delete()
    if not gone:
        raise Conflict(_("%(name)s has no right to free text.") % {"name": organization})
    AuditEntry.record(
        action="organization.free_text_withdrawn",
        subject=organization,
        organization=organization,
        actor=actor,
    )
