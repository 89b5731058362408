"""The only SQL that changes the state of a message or a task.

One conditional UPDATE … RETURNING a batch, on both databases. Whoever calls acts only on the rows
that come back. Counter deltas and Attention rows are written in the same transaction, from the
rows that came back, so that no figure can drift from the states. What never leaves is taken back
from the limits of its day. The variables of a one-time password are erased by the step after which
nothing of it can be sent.
"""

import json
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F

from accounts import shared_time
from sending.lifecycle import (
    FAILED_STATES,
    NOT_SENT_STATES,
    OVER_STATES,
    PERHAPS_HANDED_OVER_STATES,
    RARE_MESSAGE_STATES,
    MessageState,
    SaidBy,
    TaskState,
    is_handed_over,
    message_sources_of,
    task_sources_of,
)
from sending.models.attention import Attention
from sending.models.bulk import array
from sending.models.counter import NO_HOUR, Counter
from sending.models.daily_use import DailyUse, Quantity, uses_of
from sending.models.day_tally import DayTally, TallyKey, TallyKind
from sending.models.send_task import SendTask
from sending.models.telling import tell
from sending.sms.delays import step_of


class MessageChange(NamedTuple):
    """What happened to one message: its id, and the code that explains it.

    With an `attempt` the message steps only while that attempt is its newest: what is heard of an
    older one must not touch it.
    """

    message_id: int
    code: str = ""
    attempt: int | None = None


class Stepped(NamedTuple):
    """One message that did change, with what its counters need."""

    message_id: int
    from_state: MessageState
    organization_id: int
    application_id: int
    task_id: int | None
    country: str
    segments: int
    cost_micro: int
    accepted_hour: int | None
    code: str


# Ends whose codes are counted: every message that failed or was held back is in one.
_WITH_REASON = FAILED_STATES | {MessageState.BLOCKED}
# Looking up is quicker than asking the enum.
_STATES = {state.value: state for state in MessageState}

# On the right of SET every column still has its old value, so `from_state = state` keeps the state
# that was left; PostgreSQL and SQLite agree on it.
_UPDATE = {
    "postgresql": (
        "UPDATE sending_message AS m SET from_state = m.state, state = %s, said_by = %s,"
        " state_at = %s, code = v.code, attempt = m.attempt + %s{also}"
        # Of arrays the planner knows how many rows they are. It takes JSON for a hundred, and would
        # go through all changes for each message between the bounds while its statistics are old.
        " FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS v (id, code, attempt)"
        # The ids once more name the partitions, and nothing but these rows is read. Between bounds
        # a few that lie far apart would have all the others read, while statistics are old.
        " WHERE m.id = v.id AND m.id = ANY(%s::bigint[]) AND m.state = ANY(%s)"
        " AND m.attempt = COALESCE(v.attempt, m.attempt) "
        "RETURNING m.id, from_state, organization_id, application_id, task_id, country, segments,"
        " cost_micro, accepted_hour, m.code"
    ),
    "sqlite": (
        "UPDATE sending_message SET from_state = sending_message.state, state = %s, said_by = %s,"
        " state_at = %s, code = v.code, attempt = attempt + %s{also}"
        " FROM (SELECT json_extract(value, '$[0]') AS change_id,"
        "              json_extract(value, '$[1]') AS code,"
        "              json_extract(value, '$[2]') AS of_attempt FROM json_each(%s)) AS v"
        " WHERE sending_message.id = v.change_id"
        " AND sending_message.attempt = COALESCE(v.of_attempt, sending_message.attempt)"
        " AND sending_message.state IN (SELECT value FROM json_each(%s)) "
        "RETURNING id, from_state, organization_id, application_id, task_id, country, segments,"
        " cost_micro, accepted_hour, code"
    ),
}
_HAS_CODE = "{table}.lane = 'OTP' AND {table}.variables NOT IN ('', '[]')"
_ERASE = (
    f", variables = CASE WHEN {_HAS_CODE} THEN '' ELSE {{table}}.variables END,"
    f" erased_at = CASE WHEN {_HAS_CODE} THEN %s ELSE {{table}}.erased_at END"
)
_TABLES = {"postgresql": "m", "sqlite": "sending_message"}


@cache
def _update(vendor: str, *, erases: bool) -> str:
    """Return the UPDATE; with `erases` it also erases the variables of one-time passwords."""
    also = _ERASE.format(table=_TABLES[vendor]) if erases else ""
    return _UPDATE[vendor].format(also=also)


def _update_parameters(
    to: MessageState, changes: Sequence[MessageChange], said_by: SaidBy, at: datetime
) -> list[Any]:
    """Return the parameters of the UPDATE in the form the database wants."""
    sources = [state.value for state in message_sources_of(to)]
    # Claiming is what begins an attempt.
    attempts = 1 if to is MessageState.SUBMITTING else 0
    moment = connection.ops.adapt_datetimefield_value(at)
    erased_at = [moment] if to in OVER_STATES else []
    head: list[Any] = [to.value, said_by.value, moment, attempts, *erased_at]
    if connection.vendor == "postgresql":
        ids, codes, attempts_of = map(array, zip(*changes, strict=True))
        return [*head, ids, codes, attempts_of, ids, sources]
    return [*head, json.dumps(changes), json.dumps(sources)]


def step(
    to: MessageState,
    rows: Iterable[MessageChange | int],
    *,
    said_by: SaidBy = SaidBy.US,
    at: datetime | None = None,
    delays: Mapping[int, float] | None = None,
) -> list[Stepped]:
    """Move the messages that may go to `to`, and return exactly those that did.

    `rows` are message ids, or Changes when a code explains the step. `delays` are the seconds that
    messages took, which are counted for those that step. A message in a state that has no step to
    `to` is left alone and does not come back. At most a few thousand rows a call: one
    call is one transaction. In a larger one let steps to NOT_SENT_STATES be the last call: the
    limits of organizations stay locked from there on.
    """
    changes = sorted({row.message_id: row for row in map(_as_change, rows)}.values())
    if not changes:
        return []
    at = at or shared_time.now()
    # Within the transaction of a caller it needs no savepoint: an error undoes all of it.
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            sql = _update(connection.vendor, erases=to in OVER_STATES)
            cursor.execute(sql, _update_parameters(to, changes, said_by, at))
            stepped = [Stepped(row[0], _STATES[row[1]], *row[2:]) for row in cursor.fetchall()]
        if stepped:
            hours = _hours_of(stepped)
            deltas = _count(to, stepped, hours)
            _tally(to, stepped, hours, delays or {})
            _attend(to, stepped, at)
            tell(to, stepped, said_by, at)
            if to in NOT_SENT_STATES:
                _take_back(to, deltas)
    return stepped


def _as_change(row: MessageChange | int) -> MessageChange:
    """Return a bare id as a change without a code."""
    return row if isinstance(row, MessageChange) else MessageChange(row)


class _CountedFigure(NamedTuple):
    """What a counter delta is of."""

    organization_id: int
    application_id: int
    task_id: int | None
    hour: int
    country: str
    state: MessageState
    given_up_later: bool


_Deltas = dict[_CountedFigure, list[int]]


def _hours_of(stepped: Sequence[Stepped]) -> dict[int, int | None]:
    """Return the hour in which each task was accepted."""
    tasks = SendTask.objects.filter(pk__in={row.task_id for row in stepped if row.task_id})
    return dict(tasks.values_list("pk", "accepted_hour"))


def _count(
    to: MessageState, stepped: Sequence[Stepped], hours: Mapping[int, int | None]
) -> _Deltas:
    """Write the counter deltas: minus where the messages were, plus where they are.

    Return {figure: [messages, segments, cost]}.
    """
    moved: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for _id, was, organization, application, task, country, segments, cost, hour, _code in stepped:
        delta = moved[organization, application, task, hour, country, was]
        delta[0] += 1
        delta[1] += segments
        delta[2] += cost
    deltas: _Deltas = defaultdict(lambda: [0, 0, 0])
    for (organization, application, task, hour, country, was), delta in moved.items():
        of_task = hours[task] if task else hour
        key = (organization, application, task, of_task or NO_HOUR, country)
        # Nothing leaves a state in which it matters.
        given_up = to in PERHAPS_HANDED_OVER_STATES and is_handed_over(to, was)
        for state, given_up_later, sign in ((was, False, -1), (to, given_up, 1)):
            sums = deltas[_CountedFigure(*key, state, given_up_later)]
            for place, figure in enumerate(delta):
                sums[place] += sign * figure
    Counter.objects.bulk_create(
        Counter(
            organization_id=key.organization_id,
            application_id=key.application_id,
            task_id=key.task_id,
            hour=key.hour,
            country=key.country,
            state=key.state.value,
            given_up_later=key.given_up_later,
            messages=messages,
            segments=segments,
            cost_micro=cost_micro,
        )
        for key, (messages, segments, cost_micro) in sorted(deltas.items(), key=str)
    )
    return deltas


def _tally(
    to: MessageState,
    stepped: Sequence[Stepped],
    hours: Mapping[int, int | None],
    delays: Mapping[int, float],
) -> None:
    """Count why messages failed, and how long they took; no step leads on from there."""
    fails = to in _WITH_REASON
    if not (fails or delays):
        return
    counted: Tally[TallyKey] = Tally()
    for row in stepped:
        hour = (hours[row.task_id] if row.task_id else row.accepted_hour) or NO_HOUR
        key = (row.organization_id, row.application_id, hour // 100, row.country)
        if fails:
            counted[TallyKey(*key, TallyKind.CODE, row.code)] += 1
        if row.message_id in delays:
            step_ = str(step_of(delays[row.message_id]))
            counted[TallyKey(*key, TallyKind.DELAY, step_)] += 1
    DayTally.objects.add(counted)


def _take_back(to: MessageState, deltas: _Deltas) -> None:
    """Give what never leaves back to the limits of the day in which it was accepted."""
    DailyUse.objects.add(
        uses_of(
            (
                key.organization_id,
                key.application_id,
                key.hour // 100,
                key.country,
                Quantity(-segments, -messages),
            )
            for key, (messages, segments, _cost) in deltas.items()
            if key.state is to and key.hour != NO_HOUR
        )
    )


def _attend(to: MessageState, stepped: Sequence[Stepped], at: datetime) -> None:
    """Keep one Attention row for each message in a rare state, and none for the others."""
    left = [row.message_id for row in stepped if row.from_state in RARE_MESSAGE_STATES]
    if left:
        Attention.objects.filter(message_id__among=left).delete()
    if to in RARE_MESSAGE_STATES:
        Attention.objects.bulk_create(
            Attention(
                message_id=row.message_id,
                organization_id=row.organization_id,
                task_id=row.task_id,
                state=to.value,
                code=row.code,
                at=at,
            )
            for row in stepped
        )


def step_task(
    to: TaskState, task_id: int, *, only_from: TaskState | None = None, **fields: Any
) -> bool:
    """Move the task to `to` if it may go there, and say whether this call did it.

    Of two callers at the same moment exactly one gets True. `fields` are written with the step;
    `only_from` narrows the states it may leave.
    """
    sources = {only_from} & task_sources_of(to) if only_from else task_sources_of(to)
    return bool(
        SendTask.objects.filter(pk=task_id, state__in=[state.value for state in sources]).update(
            from_state=F("state"), state=to.value, **fields
        )
    )
