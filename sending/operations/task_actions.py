"""What operators do to what organizations send: stop a task, revoke a text."""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import AuditEntry, User
from sending import tasks
from sending.delivery import pausing, revocation
from sending.models import SendTask
from sending.task_notices import CANCELLED_BY_OPERATOR, PAUSED_BY_OPERATOR, tell_failed
from templates_app.actions import revoke
from templates_app.actions.versions import Version, noun


@transaction.atomic
def pause_task(*, actor: User, task: SendTask, reason: str) -> None:
    """Pause a task of any organization; its people are told why. Raise Conflict."""
    if not pausing.pause(task.pk, actor.pk, event="paused_by_operator", reason=reason):
        raise Conflict(_("This task is not sending, so there is nothing to pause."))
    tell_failed(task, PAUSED_BY_OPERATOR, reason=reason)
    _record(task, "paused_by_operator", actor, reason)


@transaction.atomic
def resume_task(*, actor: User, task: SendTask, reason: str) -> None:
    """Resume a task of any organization, whoever paused it; raise Conflict or MayNotSend."""
    if not pausing.resume(task.pk, actor.pk, by_operator=True):
        raise Conflict(_("This task is not paused, so there is nothing to resume."))
    _record(task, "resumed_by_operator", actor, reason)
    transaction.on_commit(tasks.submit.delay, robust=True)


@transaction.atomic
def cancel_task(*, actor: User, task: SendTask, reason: str) -> None:
    """Cancel a task of any organization, whatever it is doing; raise Conflict when it is over."""
    if not pausing.discard(task, actor, event="cancelled_by_operator", reason=reason):
        raise Conflict(_("This task is over, so there is nothing to cancel."))
    tell_failed(task, CANCELLED_BY_OPERATOR, reason=reason)
    _record(task, "cancelled_by_operator", actor, reason)
    # The sweep does it, too; a broker that is away must not hide that it is cancelled.
    transaction.on_commit(partial(tasks.cancel.delay, task_id=task.pk), robust=True)


@transaction.atomic
def revoke_text(*, actor: User, version: Version, reason: str) -> int:
    """Revoke an approved text or signature; return how many tasks were stopped.

    Raise NotAllowed or Conflict. Each task that pauses is in the organization's audit trail.
    """
    stop = partial(revocation.stop, version, actor.pk, reason)
    stopped = revoke(version=version, actor=actor, reason=reason, stop=stop)
    for task in stopped:
        _record(task, "paused", actor, reason)
    transaction.on_commit(
        partial(tasks.cancel_revoked.delay, kind=noun(type(version)), version_id=version.pk),
        robust=True,
    )
    return len(stopped)


def _record(task: SendTask, act: str, actor: User, reason: str) -> None:
    AuditEntry.record(
        action=f"send_task.{act}",
        subject=f"{task.pk} {task.name}",
        organization=task.organization,
        actor=actor,
        reason=reason,
    )
