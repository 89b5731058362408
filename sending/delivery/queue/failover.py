"""Failover: what waits for a gateway that does not work goes to the next one of its route."""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from accounts import shared_time
from sending.delivery.database import durably
from sending.delivery.queue import batches
from sending.delivery.submissions import accepted_segments
from sending.lifecycle import LANES_BY_PRIORITY, Lane, MessageState
from sending.models import Batch, FailoverRecord, Gateway, Message, TaskEvent
from sending.models.routing import Condition, RouteTable

log = logging.getLogger(__name__)

# Batches that one call looks at for one gateway and lane, so that it takes about a second.
_AT_ONCE = 50
_EVENT = "shifted"
_FORGOTTEN = timedelta(days=7)


class FailoverReason(StrEnum):
    """Why messages go another way, besides the codes with which gateways refuse."""

    STOPPED = "STOPPED"
    CIRCUIT_OPEN = "CIRCUIT_OPEN"
    PROBE = "PROBE"


_REASONS = {
    Condition.STOPPED: FailoverReason.STOPPED,
    Condition.CIRCUIT_OPEN: FailoverReason.CIRCUIT_OPEN,
}


@dataclass(frozen=True, slots=True, order=True)
class FailoverMove:
    """From where to where, why, and of which task."""

    from_gateway_id: int
    to_gateway_id: int
    reason: str
    task_id: int | None


class Failover:
    """Moves waiting batches, a few with each call; remembers how far it looked."""

    def __init__(self) -> None:
        self._looked_at: dict[tuple[int, Lane], int] = {}

    def move_waiting(self) -> int:
        """Move what is due at gateways that are stopped or whose circuit is open.

        OTP and API messages first, batch by batch, each in a short transaction. Return how many
        messages were moved; call it again soon.
        """
        table = RouteTable.load()
        now = shared_time.now()
        moved = 0
        for lane in LANES_BY_PRIORITY:
            for gateway_id, condition in table.conditions.items():
                if reason := _REASONS.get(condition):
                    moved += self._move(table, gateway_id, lane, reason, now)
        tried = [pk for pk, how in table.conditions.items() if how is Condition.CIRCUIT_HALF_OPEN]
        return moved + sum(_fetch_probe(table, pk, now) for pk in tried)

    def _move(
        self, table: RouteTable, gateway_id: int, lane: Lane, reason: FailoverReason, now: datetime
    ) -> int:
        """Look at the next few batches; those that have no other way are looked at in turns."""
        key = (gateway_id, lane)
        waiting = _waiting(gateway_id, now).filter(lane=lane.value)
        further = waiting.filter(pk__gt=self._looked_at.get(key, 0)).order_by("pk")
        ids = list(further.values_list("pk", flat=True)[:_AT_ONCE])
        self._looked_at[key] = ids[-1] if len(ids) == _AT_ONCE else 0
        return sum(_move_batch(table, pk, gateway_id, reason, now) for pk in ids)


def _waiting(gateway_id: int, now: datetime) -> QuerySet[Batch]:
    return Batch.objects.filter(gateway_id=gateway_id, owner="", due_at__lte=now)


def _move_batch(
    table: RouteTable, batch_id: int, gateway_id: int, reason: FailoverReason, now: datetime
) -> int:
    waiting = _waiting(gateway_id, now).filter(pk=batch_id)
    # Most batches that cannot go are found without a lock.
    seen = waiting.first()
    if seen is None or not _alternatives(table, seen, gateway_id):
        return 0
    with durably():
        batch = waiting.select_for_update().first()
        if batch is None:
            return 0
        destinations = _alternatives(table, batch, gateway_id)
        for to, ids in destinations.items():
            _take(batch, to, ids)
        moves = {
            _move_of(batch, gateway_id, to, reason): len(ids) for to, ids in destinations.items()
        }
        note(moves)
        return sum(moves.values())


def _move_of(batch: Batch, gateway_id: int, to: int, reason: FailoverReason) -> FailoverMove:
    return FailoverMove(gateway_id, to, reason, batch.task_id)


def _take(batch: Batch, to: int, ids: Sequence[int]) -> None:
    """Put messages of a locked batch, or the whole of it, into the queue of another gateway."""
    rest = sorted(set(batch.ids) - set(ids))
    if not rest:
        Batch.objects.filter(pk=batch.pk).update(gateway_id=to)
        return
    Batch.objects.filter(pk=batch.pk).update(ids=rest)
    batch.ids = rest
    assert batch.due_at is not None
    batches.enqueue(
        organization_id=batch.organization_id,
        task_id=batch.task_id,
        application_id=batch.application_id,
        gateway_id=to,
        lane=batch.lane,
        ids=ids,
        due_at=batch.due_at,
    )


def _alternatives(table: RouteTable, batch: Batch, gateway_id: int) -> dict[int, list[int]]:
    """Return {another gateway: messages of the batch that may go there}."""
    destinations: dict[int, list[int]] = defaultdict(list)
    for message in movable(batch.ids):
        to = table.first_for(message.msisdn, message.country)
        if to is not None and to != gateway_id:
            destinations[to].append(message.pk)
    return destinations


def movable(ids: Collection[int]) -> list[Message]:
    """Return those QUEUED messages that no gateway may know of already, by id.

    Not those of which a part was accepted, nor those in doubt that someone decided to send again:
    their gateway may have them, and it alone can tell.
    """
    queued = Message.objects.filter(pk__in=ids, state=MessageState.QUEUED.value)
    free = list(queued.exclude(from_state=MessageState.IN_DOUBT.value).order_by("pk"))
    again = [message.pk for message in free if message.attempt]
    known = accepted_segments(again) if again else {}
    return [message for message in free if message.pk not in known]


def _fetch_probe(table: RouteTable, gateway_id: int, now: datetime) -> int:
    """Give a half-open circuit one message of a route that prefers its gateway, if any waits."""
    own = Batch.objects.filter(gateway_id=gateway_id)
    if _waiting(gateway_id, now).exists() or own.exclude(owner="").exists():
        return 0
    others = Batch.objects.filter(owner="", lane=Lane.BULK.value, due_at__lte=now)
    for other_id in table.conditions.keys() - {gateway_id}:
        batch_id = others.filter(gateway_id=other_id).values_list("pk", flat=True).first()
        if batch_id and _probe_with(table, batch_id, gateway_id, other_id):
            return 1
    return 0


def _probe_with(table: RouteTable, batch_id: int, gateway_id: int, other_id: int) -> bool:
    with durably():
        waiting = _waiting(other_id, shared_time.now()).filter(pk=batch_id)
        batch = waiting.select_for_update(skip_locked=True).first()
        for message in movable(batch.ids) if batch else ():
            if batch and table.prefers(gateway_id, message.msisdn, message.country, other_id):
                _take(batch, gateway_id, [message.pk])
                note({FailoverMove(other_id, gateway_id, FailoverReason.PROBE, batch.task_id): 1})
                return True
    return False


def next_gateways(gateway_id: int, ids: Collection[int]) -> dict[int, int]:
    """Return {message: the next gateway of its route} of those that may go another way.

    Asked in the transaction that put them back into the queue, because their gateway refused them
    temporarily.
    """
    table = RouteTable.load()
    found = {}
    for message in movable(ids):
        to = table.next_for(message.msisdn, message.country, gateway_id)
        if to is not None:
            found[message.pk] = to
    return found


def note(moves: Mapping[FailoverMove, int]) -> None:
    """Write down how many messages went another way: for operators, and in each task's history."""
    now = shared_time.now()
    pairs: Counter[tuple[int, int, str]] = Counter()
    for move, messages in moves.items():
        pairs[move.from_gateway_id, move.to_gateway_id, move.reason] += messages
    FailoverRecord.objects.bulk_create(
        FailoverRecord(from_gateway_id=a, to_gateway_id=b, reason=reason, messages=messages, at=now)
        for (a, b, reason), messages in pairs.items()
    )
    for (a, b, reason), messages in pairs.items():
        log.info("%s messages from gateway %s to %s: %s", messages, a, b, reason)
    _tell_tasks(moves)


def forget() -> int:
    """Delete records that no page shows any more; return how many."""
    return FailoverRecord.objects.filter(at__lt=shared_time.now() - _FORGOTTEN).delete()[0]


def _tell_tasks(moves: Mapping[FailoverMove, int]) -> None:
    """Add to the line of a task's history that says the same, or begin one."""
    of_tasks = sorted((move.task_id, move) for move in moves if move.task_id)
    names = dict(Gateway.objects.values_list("pk", "name")) if of_tasks else {}
    for task_id, move in of_tasks:
        said = {
            "from": names.get(move.from_gateway_id, ""),
            "to": names.get(move.to_gateway_id, ""),
            "reason": move.reason,
        }
        events = TaskEvent.objects.select_for_update().filter(task_id=task_id)
        last = events.order_by("-pk").first()
        if last and last.code == _EVENT and said.items() <= last.params.items():
            last.params["messages"] += moves[move]
            last.save(update_fields=["params"])
        else:
            params = {**said, "messages": moves[move]}
            TaskEvent.objects.create(task_id=task_id, code=_EVENT, params=params)
