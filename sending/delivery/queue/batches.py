"""The queue: batches become due, wait for another try, and leave when nothing in them is open."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from accounts import shared_time
from accounts.statements import Statement, run_together
from sending.lifecycle import Lane
from sending.models import Batch, Message
from sending.models.send_task import Pace

# Asked several times a second by every sender, and for nothing in most cases.
_IS_DUE = (
    "SELECT %s FROM sending_batch"
    " WHERE gateway_id = %s AND lane = %s AND owner = '' AND due_at <= %s LIMIT 1"
)


def lanes_due(gateway_id: int, lanes: Sequence[Lane], now: datetime) -> list[Lane]:
    """Return the lanes in which something is due, whether its sender may send now or not."""
    moment = connection.ops.adapt_datetimefield_value(now)
    asked = [
        Statement(_IS_DUE, [place, gateway_id, lane.value, moment])
        for place, lane in enumerate(lanes)
    ]
    return [lanes[place] for rows in run_together(asked) for (place,) in rows]


def release(task_id: int, due_at: datetime | None = None, pace: Pace | None = None) -> int:
    """Make the held batches of a task due, now unless said otherwise; return how many.

    With a pace so many messages become due at once, the next ones in the next slot.
    """
    due_at = due_at or shared_time.now()
    held = Batch.objects.filter(task_id=task_id, due_at=None, owner="")
    if pace is None:
        return held.update(due_at=due_at)
    return sum(map(len, _slots(held, due_at, pace)))


def _slots(held: QuerySet[Batch], first: datetime, pace: Pace) -> Iterator[list[Batch]]:
    """Cut held batches so that each is of one slot, store when it is due, and yield them."""
    filled = 0
    for batch in held.select_for_update().order_by("pk"):
        ids: list[int] = batch.ids
        pieces: list[Batch] = []
        while ids:
            slot, taken = divmod(filled, pace.messages)
            cut, ids = ids[: pace.messages - taken], ids[pace.messages - taken :]
            filled += len(cut)
            due_at = first + slot * pace.between
            if not pieces:
                batch.due_at, batch.ids = due_at, cut
                batch.save(update_fields=["due_at", "ids"])
                pieces.append(batch)
            else:
                pieces += Batch.objects.cut(
                    cut,
                    organization_id=batch.organization_id,
                    task_id=batch.task_id,
                    gateway_id=batch.gateway_id,
                    lane=batch.lane,
                    due_at=due_at,
                )
        yield pieces


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
        due_at=shared_time.now(),
    )
