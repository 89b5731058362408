"""The queue: batches become due, wait for another try, and leave when nothing in them is open."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from sending.models import Batch, Message


def release(task_id: int, due_at: datetime | None = None) -> int:
    """Make the held batches of a task due, now unless said otherwise; return how many."""
    return Batch.objects.filter(task_id=task_id, due_at=None, owner="").update(
        due_at=due_at or timezone.now()
    )


def hold_back(task_id: int) -> int:
    """Hold the waiting batches of a task; those on the wire are not touched."""
    return Batch.objects.filter(task_id=task_id, owner="").update(due_at=None)


def enqueue(
    *,
    organization_id: int,
    task_id: int | None,
    application_id: int | None,
    gateway_id: int,
    lane: str,
    ids: Iterable[int],
    due_at: datetime,
) -> None:
    """Put QUEUED messages into the queue again: to be tried again, or through another gateway.

    `application_id` is that of messages without a task.
    """
    Batch.objects.cut(
        sorted(ids),
        organization_id=organization_id,
        task_id=task_id,
        application_id=None if task_id else application_id,
        gateway_id=gateway_id,
        lane=lane,
        due_at=due_at,
    )


def put_back(message: Message, gateway_id: int) -> None:
    """Put one QUEUED message into the queue again, due now."""
    enqueue(
        organization_id=message.organization_id,
        task_id=message.task_id,
        application_id=message.application_id,
        gateway_id=gateway_id,
        lane=message.lane,
        ids=[message.pk],
        due_at=timezone.now(),
    )
