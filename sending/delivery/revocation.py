"""Revocation in the engine: what is being sent of a text or signature stops.

The state is kept by `templates_app.actions.revoking`. Tasks pause and cannot be resumed; what
programs had accepted and no gateway has leaves the queue.
"""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from sending.delivery import pausing
from sending.delivery.database import durably
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, Message, SendTask
from sending.models.stepping import MessageChange, step
from sending.task_notices import REVOKED, tell_failed
from templates_app.models import SignatureVersion, TextTemplateVersion

Version = SignatureVersion | TextTemplateVersion
_BATCHES_AT_ONCE = 20


def open_tasks(version: Version) -> list[SendTask]:
    """Return the tasks with a version that are being sent or paused, by index send_task_state."""
    states = [TaskState.SENDING.value, TaskState.PAUSED.value]
    own = SendTask.objects.for_organization(version.organization).filter(state__in=states)
    own = own.select_related("organization").order_by("pk")
    if isinstance(version, SignatureVersion):
        return list(own.filter(signature_version=version))
    # Other languages are pinned in a field that no index knows; open tasks are few.
    return [
        task
        for task in own
        if version.pk in (task.text_template_version_id, *task.language_versions.values())
    ]


def stop(version: Version, user_id: int, reason: str) -> list[SendTask]:
    """Pause what is being sent of a version, in the transaction that revokes it; return the tasks.

    What was paused already stays so, and its people are told, too.
    """
    stopped = open_tasks(version)
    for task in stopped:
        pausing.pause(task.pk, user_id, event="revoked", reason=reason)
        tell_failed(task, REVOKED, reason=reason, thing=version.name)
    return stopped


def cancel_of_programs(version: Version) -> int:
    """Step queued messages of programs with a revoked version to CANCELLED; return how many.

    Senders pass over what is not QUEUED any more. Each transaction looks at a few batches.
    """
    if version.revoked_at is None:
        return 0
    of_version = (
        Q(signature_version_id=version.pk)
        if isinstance(version, SignatureVersion)
        else Q(text_template_version_id=version.pk)
    )
    return sum(_cancel(ids, of_version) for ids in _queued(version.organization_id))


def _queued(organization_id: int) -> Iterator[list[int]]:
    """Yield the messages of some batches of programs at a time, by primary key."""
    after = 0
    while True:
        rows = Batch.objects.filter(organization_id=organization_id, task_id=None, pk__gt=after)
        found = list(rows.order_by("pk").values_list("pk", "ids")[:_BATCHES_AT_ONCE])
        if not found:
            return
        after = found[-1][0]
        yield [pk for _batch, ids in found for pk in ids]


def _cancel(ids: list[int], of_version: Q) -> int:
    with durably():
        rows: QuerySet[Message] = Message.objects.filter(of_version, pk__among=ids)
        waiting = rows.filter(state=MessageState.QUEUED.value).values_list("pk", flat=True)
        return len(
            step(
                MessageState.CANCELLED,
                [MessageChange(pk, Reason.TEXT_REVOKED) for pk in waiting],
            )
        )
