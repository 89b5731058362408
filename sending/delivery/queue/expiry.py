"""What time decides: messages too late to send, and receipts that never came."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db.models import Sum

from accounts import shared_time
from sending.delivery.database import durably
from sending.delivery.heard_segments import note_lone
from sending.delivery.queue import rendering
from sending.delivery.queue import without_task as without_task_messages
from sending.delivery.queue.program_terms import NOTHING, terms_of
from sending.error_codes.reasons import Reason
from sending.lifecycle import Lane, MessageState, TaskState
from sending.models import Batch, Counter, Gateway, Message, SendTask
from sending.models.stepping import MessageChange, step

_AT_ONCE = 1000
# Batches of programs that one call looks at, the oldest of each lane.
_BATCHES = 2000
# A text may name one minute, and a program a few seconds, for which a minute is soon enough.
_SHORTEST = timedelta(minutes=1)
_LANES = (Lane.OTP, Lane.API)
_READ = ("lane", "created_at", "variables", "text_template_version_id", "signature_version_id")


def expire_late() -> int:
    """Step what waits in tasks whose validity is over to EXPIRED; return how many messages.

    A claim does the same; this is for gateways that claim nothing, and for paused tasks.
    """
    now = shared_time.now()
    unfinished = [TaskState.SENDING.value, TaskState.PAUSED.value]
    waiting = SendTask.objects.filter(state__in=unfinished, sent_at__lt=now)
    late = [
        task.pk
        for task in waiting.only("pk", "sent_at", "validity_minutes")
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
    """Expire messages of programs that have waited for longer than they are useful."""
    gateways = list(Gateway.objects.values_list("pk", flat=True))
    expired = 0
    for lane in _LANES:
        # Index batch_due. A batch that waits for another try is due later than it was made.
        waiting = Batch.objects.filter(
            gateway__in=gateways,
            lane=lane.value,
            owner="",
            task_id=None,
            due_at__lte=now - _SHORTEST,
        )
        oldest = waiting.order_by("due_at", "pk").values_list("pk", "ids")
        rows = list(oldest[:_BATCHES])
        late = _late([pk for _batch, ids in rows for pk in ids], now)
        for batch_id, ids in rows:
            if not late.isdisjoint(ids):
                expired += _expire_messages(batch_id, late)
    return expired


def _late(ids: list[int], now: datetime) -> set[int]:
    """Return those messages of programs that are of no use any more."""
    queued = Message.objects.filter(pk__among=ids, state=MessageState.QUEUED.value)
    rows = list(queued.only(*_READ))
    asked = terms_of(message.pk for message in rows)
    return {
        message.pk
        for message in rows
        if rendering.useful_until(message, asked=asked.get(message.pk, NOTHING)) <= now
    }


def _expire_messages(batch_id: int, late: set[int]) -> int:
    """Expire those messages of a waiting batch that are late; the rest stays in it."""
    with durably():
        batch = Batch.objects.select_for_update().filter(pk=batch_id, owner="").first()
        if batch is None:
            return 0
        changes = [MessageChange(pk, Reason.VALIDITY_OVER) for pk in batch.ids if pk in late]
        expired = step(MessageState.EXPIRED, changes)
        batch.ids = [pk for pk in batch.ids if pk not in late]
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
    before = shared_time.now() - timedelta(hours=settings.RECEIPT_WAIT_HOURS)
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
        given_up = step(MessageState.UNKNOWN, [MessageChange(pk, Reason.NO_RECEIPT) for pk in ids])
        note_lone([row.message_id for row in given_up if row.segments > 1])
        return len(given_up)
