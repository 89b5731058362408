"""What journals prove of messages that a restored database knows less of, written into it.

Only what is proven is settled here: accepted, refused, or written and never answered. A message of
which an attempt is proven not to have left stays in the queue, with that attempt counted. All of it
may be repeated.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from accounts import shared_time
from sending.delivery.attempt import Attempt, AttemptKey
from sending.delivery.database import durably
from sending.delivery.sender import results
from sending.delivery.sender.journal import Trace
from sending.delivery.sender.outcome import AttemptOutcome, outcome_of
from sending.delivery.sender.results import Finished
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, TaskState
from sending.models import Gateway, Message, SendTask, TaskEvent
from sending.models.queued import count_queued
from sending.models.stepping import MessageChange, step, step_task

_AT_ONCE = 1_000
# States in which a message may still be sent by us, or was perhaps sent.
OPEN = (MessageState.QUEUED.value, MessageState.SUBMITTING.value, MessageState.IN_DOUBT.value)
NOT_STARTED = (TaskState.READY.value, TaskState.WAITING.value, TaskState.SCHEDULED.value)

# What became of the messages that journals tell of.
SENT, REFUSED, DOUBT, UNSENT = "sent", "refused", "doubt", "unsent"
KNOWN, LOST = "known", "lost"
_NAMES = {
    MessageState.SUBMITTED: SENT,
    MessageState.REJECTED: REFUSED,
    MessageState.IN_DOUBT: DOUBT,
    MessageState.QUEUED: UNSENT,
}


def settle(gateway: Gateway, traces: Mapping[AttemptKey, Trace]) -> Tally[str]:
    """Settle what the traces of one journal prove; return how many messages of each kind.

    `known` are those of which the database knew as much, `lost` those that it does not have.
    """
    found: Tally[str] = Tally()
    by_message: dict[int, list[AttemptKey]] = defaultdict(list)
    for key in traces:
        by_message[key.message_id].append(key)
    keys = sorted(by_message)
    for at in range(0, len(keys), _AT_ONCE):
        some = [by_message[pk] for pk in keys[at : at + _AT_ONCE]]
        found += _settle(gateway, some, traces)
    return found


def _settle(
    gateway: Gateway, attempts: Sequence[list[AttemptKey]], traces: Mapping[AttemptKey, Trace]
) -> Tally[str]:
    """Settle what is proven of messages, given by the attempts at each."""
    messages = Message.objects.in_bulk([keys[0].message_id for keys in attempts])
    found: Tally[str] = Tally({LOST: len(attempts) - len(messages)})
    news = [max(keys) for keys in attempts if _is_news(messages.get(keys[0].message_id), max(keys))]
    found[KNOWN] += len(messages) - len(news)
    all_keys = [key for keys in attempts if keys[0].message_id in messages for key in keys]
    results.store_submissions(
        gateway, [_finished(messages[key.message_id], traces[key], key) for key in all_keys]
    )
    if not news:
        return found
    _start_tasks({messages[key.message_id].task_id for key in news}, traces[news[0]].claimed_at)
    finished = [_finished(messages[key.message_id], traces[key], key) for key in news]
    with durably():
        by_outcome: dict[AttemptOutcome, list[AttemptKey]] = defaultdict(list)
        for item in finished:
            by_outcome[outcome_of(item.attempt)].append(item.attempt.key)
        _count_attempts(gateway, finished)
        for outcome, of_outcome in by_outcome.items():
            found[_NAMES[outcome.to]] += _step(outcome, of_outcome)
    _tell(messages, by_outcome)
    return found


def _is_news(message: Message | None, key: AttemptKey) -> bool:
    """Tell whether the database knows less of a message than the journal."""
    if message is None or message.state not in OPEN:
        return False
    if message.state == MessageState.SUBMITTING.value:
        return key.attempt >= message.attempt
    return key.attempt > message.attempt


def _finished(message: Message, trace: Trace, key: AttemptKey) -> Finished:
    at = datetime.fromtimestamp(trace.claimed_at, UTC) if trace.claimed_at else shared_time.now()
    # Segments go out in order: those before the first one written were accepted earlier.
    before = min((*trace.written, *trace.answers), default=1) - 1
    return Finished(
        organization_id=message.organization_id,
        task_id=message.task_id,
        lane=message.lane,
        batch_id=0,
        attempt=Attempt(
            key=key,
            segments=trace.segments or message.segments,
            before=before,
            answers=tuple(trace.answers[segment] for segment in sorted(trace.answers)),
            unanswered=trace.unanswered,
            code=Reason.SENDER_DIED if trace.unanswered else Reason.NOT_SENT,
        ),
        at=at,
    )


def _count_attempts(gateway: Gateway, finished: Sequence[Finished]) -> None:
    """Give messages the attempt and the gateway that the journal names.

    What is queued begins that attempt with the step that claims it.
    """
    by_attempt: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for item in finished:
        key = item.attempt.key
        begins = outcome_of(item.attempt).to is not MessageState.QUEUED
        by_attempt[key.attempt, begins].append(key.message_id)
    for (attempt, begins), ids in by_attempt.items():
        rows = Message.objects.filter(pk__among=set(ids))
        waiting = rows.filter(state=MessageState.QUEUED.value)
        waiting.update(attempt=attempt - 1 if begins else attempt, gateway_id=gateway.pk)
        others = rows.exclude(state=MessageState.QUEUED.value)
        others.update(attempt=attempt, gateway_id=gateway.pk)


def _step(outcome: AttemptOutcome, keys: Sequence[AttemptKey]) -> int:
    """Step messages to where their attempt leaves them; return how many came there."""
    if outcome.to is MessageState.QUEUED:
        return len(keys)
    step(MessageState.SUBMITTING, [key.message_id for key in keys])
    changes = [MessageChange(key.message_id, outcome.code[:40], key.attempt) for key in keys]
    return len(step(outcome.to, changes, said_by=outcome.said_by))


def _start_tasks(task_ids: Iterable[int | None], claimed_at: int) -> None:
    """Start and pause the tasks that somebody started after the backup was made."""
    wanted = [pk for pk in task_ids if pk]
    for task in SendTask.objects.filter(pk__in=wanted, state__in=NOT_STARTED):
        at = datetime.fromtimestamp(claimed_at, UTC) if claimed_at else shared_time.now()
        hour = task.organization.local_hour(at)
        with durably():
            if not step_task(TaskState.SENDING, task.pk, sent_at=at, accepted_hour=hour):
                continue
            step_task(TaskState.PAUSED, task.pk)
            TaskEvent.objects.create(task=task, code="started_before_restore")
            # Last, because it locks the limits of the organization until the commit.
            count_queued(task, hour)


def _tell(
    messages: Mapping[int, Message], by_outcome: Mapping[AttemptOutcome, Sequence[AttemptKey]]
) -> None:
    """Note in the history of tasks how many of their messages are in doubt."""
    doubtful: Tally[int] = Tally(
        messages[key.message_id].task_id or 0
        for outcome, keys in by_outcome.items()
        if outcome.to is MessageState.IN_DOUBT
        for key in keys
    )
    del doubtful[0]
    for task_id, count in doubtful.items():
        TaskEvent.objects.create(task_id=task_id, code="in_doubt", params={"count": count})
