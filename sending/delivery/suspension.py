"""Suspension in the engine: what is being sent waits, paused, or is cancelled.

The state is kept by `accounts.actions.suspension`. A claim looks at it too, so that nothing goes
to the wire even where something was made due by somebody who did not know yet.
"""

from functools import partial

from django.db.models import QuerySet

from accounts.models import Organization, SmsApplication
from sending.delivery import pausing
from sending.delivery.queue import cancellation
from sending.lifecycle import TaskState
from sending.models import SendTask
from sending.task_notices import CANCELLED_BY_SUSPENSION, SUSPENDED, tell_failed


def open_tasks(subject: Organization | SmsApplication) -> QuerySet[SendTask]:
    """Return tasks of an organization, or by an application, that are being sent or paused."""
    states = [TaskState.SENDING.value, TaskState.PAUSED.value]
    tasks = SendTask.objects.filter(state__in=states).select_related("organization")
    if isinstance(subject, Organization):
        return tasks.filter(organization=subject)
    return tasks.filter(application=subject)


def stop(subject: Organization | SmsApplication, user_id: int, *, cancels: bool) -> list[SendTask]:
    """Pause what is being sent of `subject`, or cancel it and what was paused; return the tasks.

    Call it in the transaction that suspends, after that: then nothing is released behind it. What
    senders hold goes back within a fifth of a second; what is on the wire is finished. Enqueue
    `tasks.cancel` for each cancelled task on commit. Messages of programs wait too, as long as they
    are useful, or are cancelled by the next sweep.
    """
    if cancels:
        owner = "organization_id" if isinstance(subject, Organization) else "application_id"
        cancellation.stop_without_task(**{owner: subject.pk})
        halt = partial(pausing.cancel, event="cancelled_by_suspension")
    else:
        halt = partial(pausing.pause, event="suspended")
    stopped = [task for task in open_tasks(subject).order_by("pk") if halt(task.pk, user_id)]
    for task in stopped:
        tell_failed(task, CANCELLED_BY_SUSPENSION if cancels else SUSPENDED)
    return stopped
