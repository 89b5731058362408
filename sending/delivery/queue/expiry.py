"""What time decides: messages too late to send, and receipts that never came."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from sending.delivery.database import durably
from sending.delivery.queue import without_task as without_task_messages
from sending.delivery.queue.rendering import VALIDITY
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, Counter, Gateway, Message, SendTask
from sending.models.stepping import MessageChange, step

_AT_ONCE = 1000


def expire_late() -> int:
    """Step what waits in tasks whose validity is over to EXPIRED; return how many messages.

    A claim does the same; this is for gateways that claim nothing, and for paused tasks.
    """
    now = timezone.now()
    unfinished = [TaskState.SENDING.value, TaskState.PAUSED.value]
    waiting = SendTask.objects.filter(state__in=unfinished, sent_at__lt=now)
    late = [
        task.pk
        for task in waiting.only("pk", "sent_at", "validity_hours")
        if task.valid_until and task.valid_until <= now
    ]
    return sum(_expire_batch(pk) for pk in _waiting(late)) + _expire_without_task(now)


def _waiting(task_ids: list[int]) -> list[int]:
    waiting = Batch.objects.filter(task_id__in=task_ids, owner="")
    return list(waiting.values_list("pk", flat=True))


def _expire_batch(batch_id: int) -> int:
    with durably():
        batch = Batch.objects.select_for_update().filter(pk=batch_id, owner="").first()
        if batch is None:
            return 0
        changes = [MessageChange(pk, Reason.VALIDITY_OVER) for pk in batch.ids]
        expired = step(MessageState.EXPIRED, changes)
        batch.delete()
        return len(expired)


def _expire_without_task(now: datetime) -> int:
    """Expire messages of programs in batches that have been due for longer than they are useful."""
    gateways = list(Gateway.objects.values_list("pk", flat=True))
    expired = 0
    for lane, validity in VALIDITY.items():
        made_before = now - validity
        # Index batch_due. A batch that waits for another try is due later than it was made.
        late = Batch.objects.filter(
            gateway__in=gateways, lane=lane, owner="", task_id=None, due_at__lte=made_before
        )
        for pk in list(late.values_list("pk", flat=True)):
            expired += _expire_messages(pk, made_before)
    return expired


def _expire_messages(batch_id: int, made_before: datetime) -> int:
    """Expire those messages of a waiting batch that were made before; the rest stays in it."""
    with durably():
        batch = Batch.objects.select_for_update().filter(pk=batch_id, owner="").first()
        if batch is None:
            return 0
        late = Message.objects.filter(pk__in=batch.ids, created_at__lte=made_before)
        ids = set(late.values_list("pk", flat=True))
        expired = step(
            MessageState.EXPIRED, [MessageChange(pk, Reason.VALIDITY_OVER) for pk in ids]
        )
        batch.ids = [pk for pk in batch.ids if pk not in ids]
        if batch.ids:
            batch.save(update_fields=["ids"])
        else:
            batch.delete()
        return len(expired)


def give_up_receipts() -> int:
    """Step messages that have waited too long for a receipt to UNKNOWN; return how many.

    The counters say which tasks have any, so that no table of messages is searched for states. A
    receipt that comes later still settles them.
    """
    before = timezone.now() - timedelta(hours=settings.RECEIPT_WAIT_HOURS)
    without_task = without_task_messages.older_than(before, [MessageState.SUBMITTED])
    return sum(_give_up(chunk) for chunk in chain(_overdue(before), without_task))


def _overdue(before: datetime) -> Iterator[list[int]]:
    """Return ids of messages in SUBMITTED since before that moment, in pieces."""
    submitted = (
        Counter.objects.filter(state=MessageState.SUBMITTED.value, task_id__isnull=False)
        .values("task_id")
        .annotate(open=Sum("messages"))
        .filter(open__gt=0)
    )
    old = SendTask.objects.filter(pk__in=[row["task_id"] for row in submitted], sent_at__lt=before)
    for task_id in old.values_list("pk", flat=True):
        messages = Message.objects.filter(
            task_id=task_id, state=MessageState.SUBMITTED.value, state_at__lt=before
        )
        while ids := list(messages.values_list("pk", flat=True)[:_AT_ONCE]):
            yield ids


def _give_up(ids: list[int]) -> int:
    with durably():
        return len(step(MessageState.UNKNOWN, [MessageChange(pk, Reason.NO_RECEIPT) for pk in ids]))
