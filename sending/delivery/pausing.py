"""Pause, resume and cancel: what people do to a task that is being sent.

`event` is the code of the line in the task's history, and `said` what stands in it.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict
from accounts.models import User
from accounts.queries import check_may_send_now
from sending.delivery.queue import batches
from sending.lifecycle import TaskState
from sending.models import ApprovalOutcome, SendApproval, SendTask, TaskEvent
from sending.models.stepping import step_task
from templates_app.models import SignatureVersion, TextTemplateVersion

PAUSED_BY_OPERATOR = "paused_by_operator"
RESUMED_BY_OPERATOR = "resumed_by_operator"
RESUMED = ("resumed", RESUMED_BY_OPERATOR)


def pause(task_id: int, user_id: int | None = None, *, event: str = "paused", **said: str) -> bool:
    """Stop sending a task; what is not on the wire within a fifth of a second waits.

    Return False when it was not being sent.
    """
    with transaction.atomic():
        if not step_task(TaskState.PAUSED, task_id):
            return False
        batches.hold_back(task_id)
        TaskEvent.objects.create(task_id=task_id, code=event, actor_id=user_id, params=said)
        return True


def operators_pause(task_id: int) -> TaskEvent | None:
    """Return the event by which an operator paused a task that nobody has resumed since."""
    codes = [PAUSED_BY_OPERATOR, *RESUMED]
    events = TaskEvent.objects.filter(task_id=task_id, code__in=codes)
    newest = events.select_related("actor").order_by("-pk").first()
    return newest if newest and newest.code == PAUSED_BY_OPERATOR else None


def resume(task_id: int, user_id: int | None = None, *, by_operator: bool = False) -> bool:
    """Go on with a paused task; return False when it was not paused.

    Raise MayNotSend, or Conflict where a text was revoked, or an operator paused it and somebody
    else resumes it.
    """
    with transaction.atomic():
        task = SendTask.objects.get(pk=task_id)
        check_may_send_now(task.organization_id, task.application_id)
        _check_texts(task)
        if not step_task(TaskState.SENDING, task_id, only_from=TaskState.PAUSED):
            return False
        # Looked at once the task is ours: an operator may have been quicker.
        if not by_operator and operators_pause(task_id):
            raise Conflict(_("An operator paused this task, so only an operator can resume it."))
        batches.release(task_id, pace=task.pace)
        said = {"task_id": task_id, "actor_id": user_id}
        if by_operator:
            TaskEvent.objects.create(code=RESUMED_BY_OPERATOR, **said)
        else:
            TaskEvent.objects.create(code="resumed", **said)
        return True


def cancel(
    task_id: int, user_id: int | None = None, *, event: str = "cancelled", **said: str
) -> bool:
    """Cancel a task that is being sent, or paused; return False when there is nothing to stop.

    From this commit on nothing new of it is claimed. `tasks.cancel` then takes its messages out of
    the queue; enqueue it on commit.
    """
    with transaction.atomic():
        now = shared_time.now()
        stopped = any(
            step_task(TaskState.CANCELLED, task_id, only_from=state, finished_at=now)
            for state in (TaskState.SENDING, TaskState.PAUSED)
        )
        if stopped:
            TaskEvent.objects.create(task_id=task_id, code=event, actor_id=user_id, params=said)
        return stopped


def discard(task: SendTask, user: User, *, event: str = "cancelled", **said: str) -> bool:
    """Cancel a task whatever it is doing, as `cancel` does, or before it was sent at all.

    Return False when it is over. Enqueue `tasks.cancel` on commit.
    """
    with transaction.atomic():
        if cancel(task.pk, user.pk, event=event, **said):
            return True
        if not step_task(TaskState.CANCELLED, task.pk, finished_at=shared_time.now()):
            return False
        TaskEvent.objects.create(task=task, code=event, actor=user, params=said)
        SendApproval.close(task, user, ApprovalOutcome.CANCELLED)
        return True


def _check_texts(task: SendTask) -> None:
    """Raise Conflict when an operator has revoked a text or the signature of the task."""
    versions = [task.text_template_version_id, *task.language_versions.values()]
    texts = TextTemplateVersion.objects.for_organization(task.organization)
    signatures = SignatureVersion.objects.for_organization(task.organization)
    for rows in (
        texts.filter(pk__in=versions),
        signatures.filter(pk=task.signature_version_id or 0),
    ):
        if revoked := rows.exclude(revoked_at=None).first():
            raise Conflict(
                _("An operator has revoked “%(name)s”. This task can only be cancelled.")
                % {"name": revoked.name}
            )
