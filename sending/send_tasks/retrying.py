"""What a press of "Send again" does to the temporary failures of a task."""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import AuditEntry, User
from sending import tasks
from sending.lifecycle import TaskState
from sending.models import PriceVersion, RecipientSource, SendTask, TaskEvent
from sending.models.stepping import step_task
from sending.send_tasks.queries.retries import given_up, temporary_failures, unsent_retry

_NAME_CHARS = 80


@transaction.atomic
def retry_failures(*, task: SendTask, user: User, other_route: bool) -> SendTask:
    """Make a task of the failures of `task` that may pass, and begin to check it.

    It says the same to the same people; price and route are those of now. With `other_route` each
    message avoids the gateway by which it failed, where its route has another one. Raises Conflict.
    """
    # Two presses at the same moment come one after the other.
    SendTask.objects.for_organization(task.organization).select_for_update().get(pk=task.pk)
    if unsent_retry(task):
        raise Conflict(
            _("Another task has these failures already. Send it, or throw it away, then try again.")
        )
    failures = temporary_failures(task)
    if not failures:
        raise Conflict(_("No message of this task failed for a reason that may pass."))
    given_up(task).delete()
    new = SendTask.objects.create(
        organization=task.organization,
        application=task.application,
        name=_("Again: %(name)s") % {"name": task.name[: _NAME_CHARS - 20]},
        lane=task.lane,
        text_template_version=task.text_template_version,
        signature_version=task.signature_version,
        price_version=PriceVersion.current(),
        originator=task.originator,
        validity_hours=task.validity_hours,
        source=RecipientSource.RETRY.value,
        retry_of=task,
        retry={
            "codes": [each.meaning.code for each in failures],
            "other_route": other_route,
        },
        created_by=user,
    )
    TaskEvent.objects.create(task=task, code="retried", params={"task": str(new.pk)}, actor=user)
    AuditEntry.record(
        action="send_task.retried",
        subject=f"{task.pk} {task.name}",
        organization=task.organization,
        actor=user,
        task=new.pk,
        other_route=other_route,
    )
    step_task(TaskState.CHECKING, new.pk)
    transaction.on_commit(partial(tasks.check.delay, task_id=new.pk))
    return new
