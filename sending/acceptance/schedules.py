"""Tasks whose time has come are sent through the one acceptance, or come back and say why not.

`send_due` is called every few seconds. The row of a task stays locked while it is looked at, so
that whoever changes its time, takes it back or sends it now comes before or after.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts import shared_time
from accounts.names import in_mail
from accounts.notices import NoticeKind, tell
from sending.acceptance.not_accepted import NUMBER_ERASED, NotAccepted
from sending.acceptance.starting import Press, grace, note, start
from sending.lifecycle import TaskState
from sending.models import SendTask
from sending.models.stepping import step_task

log = logging.getLogger(__name__)

_AT_ONCE = 200


def send_due(now: datetime | None = None) -> list[SendTask]:
    """Send the tasks that are due, the earliest first; return those that this call sent."""
    now = now or shared_time.now()
    due = _due(now).order_by("scheduled_at", "pk").values_list("pk", flat=True)
    return [task for pk in list(due[:_AT_ONCE]) if (task := _send(pk, now))]


def _due(now: datetime) -> QuerySet[SendTask]:
    return SendTask.objects.filter(state=TaskState.SCHEDULED.value, scheduled_at__lte=now)


def _send(task_id: int, now: datetime) -> SendTask | None:
    """Send one task; a failure of ours leaves it scheduled, and the others go on."""
    try:
        with transaction.atomic():
            task = _due(now).select_for_update().filter(pk=task_id).first()
            if task is None:
                return None
            # Whoever schedules a task is stored with it, and no account is ever deleted.
            assert task.scheduled_by is not None
            press = Press(by=task.scheduled_by, at=task.scheduled_at, only_from=TaskState.SCHEDULED)
            return task if start(task, press, now) else None
    except NotAccepted as refusal:
        _give_back(task_id, refusal, now)
    except Exception:
        log.exception("scheduled task %s could not be sent", task_id)
    return None


@transaction.atomic
def _give_back(task_id: int, refusal: NotAccepted, now: datetime) -> None:
    """Make a task wait for a person again, who is told why."""
    task = _due(now).select_for_update().filter(pk=task_id).first()
    if task is None or task.scheduled_at is None:
        return
    if refusal.code == NUMBER_ERASED and now - task.scheduled_at < grace():
        # Over in a minute.
        return
    reason = {"code": refusal.code, "params": refusal.params}
    if not step_task(TaskState.READY, task.pk, only_from=TaskState.SCHEDULED, not_sent=reason):
        return
    local = task.scheduled_at.astimezone(task.organization.zone)
    tell(
        NoticeKind.TASK_FAILED,
        task.organization,
        people=[task.scheduled_by] if task.scheduled_by else [],
        path=reverse("send_tasks:check", args=[task.pk]),
        task=in_mail(task.name),
        at=f"{local:%Y-%m-%d %H:%M} ({task.organization.time_zone})",
        not_sent=reason,
    )
    note(task, "not_sent", task.scheduled_by, nobody=True, **reason)
