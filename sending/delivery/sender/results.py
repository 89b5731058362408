"""What came of attempts, written in bulk: submissions, states, and what has to go again."""

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from accounts import shared_time
from accounts.statements import Statement, run_together
from accounts.tracing import span
from sending.delivery.attempt import Answer, Attempt, SegmentAnswer
from sending.delivery.database import durably
from sending.delivery.queue import batches, circuit_breaker, completion, failover
from sending.delivery.receipts.message_ids import normalise_submitted
from sending.delivery.sender.outcome import AttemptOutcome, outcome_of
from sending.delivery.submissions import OK
from sending.error_codes.reasons import Reason
from sending.gateways.base import PART_SEPARATOR, THROTTLED
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, Gateway, SendTask, Submission
from sending.models.bulk import insertion
from sending.models.stepping import MessageChange, step

THROTTLING = frozenset({"ESME_RTHROTTLED", "ESME_RMSGQFUL", THROTTLED})
_SUBMISSION_COLUMNS = (
    *("organization_id", "message_id", "segment", "attempt"),
    *("gateway_message_id", "command_status", "submitted_at"),
)
# From these a message can come into the queue a second time.
_MAY_GO_AGAIN = (MessageState.QUEUED, MessageState.IN_DOUBT)


# Not frozen, because one comes with every message; nobody changes it.
@dataclass(slots=True)
class Finished:
    """An attempt that is over, with what its rows need."""

    organization_id: int
    task_id: int | None
    lane: str
    batch_id: int
    attempt: Attempt
    at: datetime


def write(gateway: Gateway, finished: Sequence[Finished], closed: Collection[int] = ()) -> None:
    """Store the results of attempts; `closed` are batches in which nothing is open any more.

    May be repeated with the same attempts, as after a commit whose answer was lost.
    """
    by_outcome: dict[AttemptOutcome, list[Finished]] = defaultdict(list)
    for item in finished:
        by_outcome[outcome_of(item.attempt)].append(item)
    submissions = _submissions(gateway, finished)
    with span("submit", gateway_id=gateway.pk, messages=len(finished)), durably(*submissions):
        _count(gateway, by_outcome)
        cancelled = _step(gateway, by_outcome, closed)
        over = Batch.objects.filter(pk__in=closed)
        tasks = {task_id for task_id in over.values_list("task_id", flat=True) if task_id}
        over.delete()
        # Last, because it locks the limits of organizations until the commit.
        step(MessageState.CANCELLED, [MessageChange(pk, Reason.CANCELLED) for pk in cancelled])
    completion.finish_tasks(tasks)


def store_submissions(gateway: Gateway, finished: Iterable[Finished]) -> None:
    """Store what the gateway answered to each segment; what is stored already stays."""
    run_together(_submissions(gateway, finished))


def _submissions(gateway: Gateway, finished: Iterable[Finished]) -> list[Statement]:
    """Return what stores the answers; nothing where there are none."""
    rows = [
        (
            item.organization_id,
            item.attempt.key.message_id,
            segment,
            item.attempt.key.attempt,
            normalise_submitted(gateway.id_format, identifier),
            OK if answered.answer is Answer.ACCEPTED else answered.said[:30],
            item.at,
        )
        for item in finished
        for answered in item.attempt.answers
        for segment, identifier in _segment_ids(answered)
    ]
    if not rows:
        return []
    of_gateway = {"gateway_id": gateway.pk}
    return [insertion(Submission, of_gateway, _SUBMISSION_COLUMNS, rows, ignore_conflicts=True)]


def _segment_ids(answered: SegmentAnswer) -> list[tuple[int, str]]:
    """Return the gateway's ids by segment: one, or those of the parts into which it cut a text.

    It may count parts otherwise than we do; the last one stands where our last segment is.
    """
    identifier = answered.said if answered.answer is Answer.ACCEPTED else ""
    if PART_SEPARATOR not in identifier:
        return [(answered.segment, identifier)]
    *others, last = identifier.split(PART_SEPARATOR)
    return [*enumerate(others, 1), (max(answered.segment, len(others) + 1), last)]


def _count(gateway: Gateway, by_outcome: Mapping[AttemptOutcome, Sequence[Finished]]) -> None:
    """Tell the circuit how the gateway behaved; what never reached it says nothing."""
    figures = {"answered": 0, "accepted": 0, "refused": 0, "unanswered": 0}
    for outcome, items in by_outcome.items():
        if outcome.to is MessageState.IN_DOUBT:
            figures["unanswered"] += len(items) * (outcome.code != Reason.SENDER_DIED)
        elif outcome.backoff and outcome.code not in THROTTLING:
            figures["refused"] += len(items)
        else:
            answered = sum(bool(item.attempt.answers) for item in items)
            figures["answered"] += answered
            figures["accepted"] += answered * (outcome.to is MessageState.SUBMITTED)
    circuit_breaker.count(gateway.pk, **figures)


def _step(
    gateway: Gateway,
    by_outcome: Mapping[AttemptOutcome, Sequence[Finished]],
    closed: Collection[int],
) -> list[int]:
    """Step messages, and return those that went back and are to be cancelled."""
    cancelled: list[int] = []
    for outcome, items in by_outcome.items():
        by_id = {item.attempt.key.message_id: item for item in items}
        keys = (item.attempt.key for item in items)
        changes = [MessageChange(key.message_id, outcome.code[:40], key.attempt) for key in keys]
        stepped = step(outcome.to, changes, said_by=outcome.said_by)
        moved = [by_id[row.message_id] for row in stepped]
        if outcome.to in _MAY_GO_AGAIN:
            _leave_batches([item for item in moved if item.batch_id not in closed])
        if outcome.again:
            applications = {row.message_id: row.application_id for row in stepped}
            cancelled += _queue_again(gateway, outcome, moved, applications)
    return cancelled


def _leave_batches(items: Iterable[Finished]) -> None:
    """Take messages out of the batches they were claimed in.

    Another sender may claim them soon. If this one dies with others of the batch open, its journal
    must not be asked about them.
    """
    gone: dict[int, set[int]] = defaultdict(set)
    for item in items:
        gone[item.batch_id].add(item.attempt.key.message_id)
    for batch in Batch.objects.filter(pk__in=gone):
        batch.ids = [pk for pk in batch.ids if pk not in gone[batch.pk]]
        batch.save(update_fields=["ids"])


class _Queue(NamedTuple):
    """Messages that share a queue; with a task they need not say which application they are of."""

    task_id: int | None
    organization_id: int
    application_id: int | None
    lane: str


def _queue_again(
    gateway: Gateway,
    outcome: AttemptOutcome,
    items: Sequence[Finished],
    applications: Mapping[int, int],
) -> list[int]:
    """Put messages back into the queue, and return those that were cancelled meanwhile instead."""
    cancelled = _cancelled(items)
    queues: dict[_Queue, list[Finished]] = defaultdict(list)
    for item in items:
        pk = item.attempt.key.message_id
        if pk not in cancelled:
            application_id = None if item.task_id else applications[pk]
            queue = _Queue(item.task_id, item.organization_id, application_id, item.lane)
            queues[queue].append(item)
    now = shared_time.now()
    for queue, group in queues.items():
        ids = [item.attempt.key.message_id for item in group]
        attempts = max(item.attempt.key.attempt for item in group)
        wait = retry_delay(outcome.code, attempts) if outcome.backoff else timedelta()
        for gateway_id, ids_there in _gateways_to_try(gateway, outcome, queue.task_id, ids).items():
            # The next gateway has not asked for patience; a second round has nobody else to ask.
            elsewhere = gateway_id != gateway.pk and attempts == 1
            batches.enqueue(
                **queue._asdict(),
                gateway_id=gateway_id,
                ids=ids_there,
                due_at=now if elsewhere else now + wait,
            )
    return sorted(cancelled)


def _cancelled(items: Iterable[Finished]) -> set[int]:
    """Return those of cancelled tasks, and those without a task that a suspension cancels."""
    tasks = SendTask.objects.filter(
        pk__in={item.task_id for item in items if item.task_id}, state=TaskState.CANCELLED.value
    )
    held = Batch.objects.filter(
        pk__in={item.batch_id for item in items if not item.task_id}, due_at=None
    )
    stopped = set(tasks.values_list("pk", flat=True)), set(held.values_list("pk", flat=True))
    return {
        item.attempt.key.message_id
        for item in items
        if (item.task_id in stopped[0] if item.task_id else item.batch_id in stopped[1])
    }


def _gateways_to_try(
    gateway: Gateway, outcome: AttemptOutcome, task_id: int | None, ids: Sequence[int]
) -> dict[int, list[int]]:
    """Return {gateway: messages to try there}: the next of the route after a temporary refusal.

    A gateway that throttles is only busy and keeps its messages.
    """
    if not outcome.backoff or outcome.code in THROTTLING:
        return {gateway.pk: list(ids)}
    elsewhere = failover.next_gateways(gateway.pk, ids)
    destinations: dict[int, list[int]] = defaultdict(list)
    for pk in ids:
        destinations[elsewhere.get(pk, gateway.pk)].append(pk)
    failover.note(
        {
            failover.FailoverMove(gateway.pk, to, outcome.code[:40], task_id): len(there)
            for to, there in destinations.items()
            if to != gateway.pk
        }
    )
    return destinations


def retry_delay(code: str, attempt: int) -> timedelta:
    """Return how long to wait before the next attempt, longer each time, never twice the same.

    A gateway that throttles is only too fast for its neighbours: it is asked again after seconds.
    """
    first, longest = (1.0, 30.0) if code in THROTTLING else (5.0, 600.0)
    wait = min(longest, first * 2 ** min(attempt - 1, 20))
    return timedelta(seconds=wait * random.uniform(0.75, 1.25))  # noqa: S311 - no secret.
