"""Suspending an organization or an application, and the end of it: state, trail and mail.

What waits in the queue is the business of `sending.operations.actions`, which calls these.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import releases, shared_time
from accounts.errors import Conflict, NotAllowed
from accounts.models import AuditEntry, Organization, SmsApplication, User
from accounts.names import in_mail
from accounts.notices import NoticeKind, owners, tell
from accounts.queries import may_review
from accounts.staff import may_suspend

Stopped = TypeVar("Stopped")


@transaction.atomic
def suspend(
    subject: Organization | SmsApplication,
    *,
    actor: User,
    reason: str,
    cancels: bool,
    stop: Callable[[], Stopped],
) -> Stopped:
    """Suspend; from the commit on nothing of it is claimed. Raise NotAllowed or Conflict.

    `cancels` says what becomes of queued messages: they are cancelled, or they wait. `stop` sees
    to it, and its result is returned; it runs before the record, which locks the trail.
    """
    organization = _locked(subject, actor)
    if organization.is_system:
        raise NotAllowed(
            _("This is the console's own organization. Without it, nobody gets notices by SMS.")
        )
    sending = _rows(subject).filter(suspended_at=None)
    if not sending.update(suspended_at=shared_time.now(), suspension_reason=reason):
        raise Conflict(_("%(name)s is already suspended.") % {"name": subject.name})
    subject.refresh_from_db()
    stopped = stop()
    _tell(organization, subject, cancelled=cancels)
    AuditEntry.record(
        action="organization.suspended" if subject == organization else "smsapplication.suspended",
        subject=subject,
        organization=organization,
        actor=actor,
        reason=reason,
        queued="cancelled" if cancels else "waits",
    )
    return stopped


@transaction.atomic
def end_suspension(subject: Organization | SmsApplication, *, actor: User) -> None:
    """Let it send again. Nothing goes on by itself: people resume what was paused.

    Raise NotAllowed, also for the actor's own organization where own items are not reviewed
    either, or Conflict.
    """
    organization = _locked(subject, actor)
    allowed, by_own_organization = may_review(actor, organization)
    if not allowed:
        raise NotAllowed(
            _("You cannot end a suspension of your own organization. Ask another operator.")
        )
    suspended = _rows(subject).exclude(suspended_at=None)
    if not suspended.update(suspended_at=None, suspension_reason=""):
        raise Conflict(_("%(name)s is not suspended.") % {"name": subject.name})
    subject.refresh_from_db()
    _tell(organization, subject)
    AuditEntry.record(
        action=(
            "organization.suspension_ended"
            if subject == organization
            else "smsapplication.suspension_ended"
        ),
        subject=subject,
        organization=organization,
        actor=actor,
        by_own_organization=by_own_organization,
    )


def _tell(
    organization: Organization, subject: Organization | SmsApplication, *, cancelled: bool = False
) -> None:
    """Tell owners and contacts that a suspension begins, or has ended: `subject` as it is now."""
    tell(
        NoticeKind.SUSPENSION,
        organization,
        people=owners(organization),
        contacts=True,
        path=reverse("send_tasks:list"),
        application="" if subject == organization else in_mail(subject.name),
        since=subject.suspended_at,
        reason=subject.suspension_reason,
        cancelled=cancelled,
        support=settings.SUPPORT_EMAIL,
    )


def _locked(subject: Organization | SmsApplication, actor: User) -> Organization:
    """Return the organization, locked: of a release and a suspension one waits for the other."""
    if not may_suspend(actor):
        raise NotAllowed(_("Only operators can suspend, and end a suspension."))
    pk = subject.pk if isinstance(subject, Organization) else subject.organization_id
    releases.exclude(pk)
    return Organization.objects.select_for_update(no_key=True).get(pk=pk)


def _rows(subject: Organization | SmsApplication) -> QuerySet[Any]:
    # Any organization: operators suspend all of them.
    return type(subject)._default_manager.filter(pk=subject.pk)
