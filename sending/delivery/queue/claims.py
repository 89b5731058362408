"""Claims: batches become a sender's own, and their messages SUBMITTING, before the wire."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from accounts import shared_time
from accounts.chosen_originators import OriginatorNotApproved
from accounts.models import Organization, SmsApplication, Standing
from accounts.tracing import span
from sending.delivery.attempt import AttemptKey
from sending.delivery.database import durably
from sending.delivery.queue import circuit_breaker, rendering
from sending.delivery.queue.batches import lanes_due
from sending.delivery.queue.program_terms import NOTHING, terms_of
from sending.delivery.queue.sources import Sources
from sending.delivery.submissions import accepted_segments
from sending.error_codes.reasons import Reason
from sending.gateways.base import SubmitRequest
from sending.lifecycle import LANES_BY_PRIORITY, Lane, MessageState, TaskState
from sending.models import (
    Batch,
    Gateway,
    Message,
    ReplyConfirmation,
    SendTask,
    Suppression,
)
from sending.models.stepping import MessageChange, step
from sending.sms.originator import OriginatorError

log = logging.getLogger(__name__)

# A finished task may still be given back what was in doubt.
_SENDABLE = (TaskState.SENDING.value, TaskState.FINISHED.value)
# The longest list of batches one claim looks at, and of those of programs.
_BATCHES_A_CLAIM = 20
_SMALL_ONES = 500


@dataclass(slots=True)
class Outgoing:
    """A claimed message: what is left to be sent of it."""

    key: AttemptKey
    organization_id: int
    application_id: int
    task_id: int | None
    lane: Lane
    batch_id: int
    requests: list[SubmitRequest]
    segments: int
    # Segments that the gateway accepted in earlier attempts.
    before: int


@dataclass(slots=True)
class Claim:
    """What one call got: messages by lane, and nothing when nothing is due."""

    outgoing: list[Outgoing] = field(default_factory=list)
    # Claimed batches with their open messages; the row leaves when the set is empty.
    open: dict[int, set[int]] = field(default_factory=dict)
    # The claims of the bind slot with this one; 0 when none was counted.
    number: int = 0


def claim(
    gateway: Gateway,
    owner: str,
    limit: int,
    lanes: Sequence[Lane] = LANES_BY_PRIORITY,
    *,
    admit: Callable[[], bool] = lambda: True,
) -> Claim:
    """Make up to `limit` due messages of the gateway the own ones of the journal `owner`.

    `admit` is asked first in the transaction; when it says no, nothing is claimed. The lanes come
    in their order. The commit is on disk when this returns; what it returns may go to the wire.
    What is no longer useful becomes EXPIRED, what cannot be written REJECTED; what was cancelled
    meanwhile is left alone.
    """
    now = shared_time.now()
    claimed = Claim()
    lanes = lanes_due(gateway.pk, lanes, now)
    if not lanes:
        return claimed
    limit = circuit_breaker.room(gateway.pk, limit)
    if not limit:
        return claimed
    with span("claim", gateway_id=gateway.pk) as traced, durably():
        if admit():
            _fill(claimed, _take(_waiting(gateway, now), owner, limit, lanes, now), gateway, now)
        traced.note(messages=len(claimed.outgoing))
    return claimed


class Stopped(NamedTuple):
    """Tasks, and applications with messages without a task, of which nothing may be sent now."""

    tasks: set[int]
    applications: set[int]


def to_hand_back(
    gateway: Gateway, task_ids: Iterable[int], application_ids: Iterable[int] = ()
) -> Stopped | None:
    """Return those of which nothing may be sent now, or None: nothing at all may."""
    if circuit_breaker.is_open(gateway.pk) or Standing.current().is_held:
        return None
    return Stopped(stopped_tasks(task_ids), stopped_applications(application_ids))


def stopped_applications(application_ids: Iterable[int]) -> set[int]:
    """Return those of the applications that are suspended, or whose organization is."""
    wanted = list(application_ids)
    if not wanted:
        return set()
    asked = SmsApplication.objects.filter(pk__in=wanted)
    sending = asked.filter(suspended_at=None, organization__suspended_at=None)
    return set(wanted) - set(sending.values_list("pk", flat=True))


def stopped_tasks(task_ids: Iterable[int]) -> set[int]:
    """Return those of the tasks that may not send now: paused, cancelled, suspended."""
    stopped = SendTask.objects.filter(pk__in=list(task_ids)).exclude(
        state__in=_SENDABLE, organization__suspended_at=None, application__suspended_at=None
    )
    return set(stopped.values_list("pk", flat=True))


def _waiting(gateway: Gateway, now: datetime) -> QuerySet[Batch]:
    task = SendTask.objects.filter(pk=OuterRef("task_id"))
    application = SmsApplication.objects.filter(pk=OuterRef("application_id"))
    organization = Organization.objects.filter(pk=OuterRef("organization_id"))
    # Four questions, not one with OR: each finds its few rows without all others.
    return Batch.objects.filter(
        ~Exists(task.exclude(state__in=_SENDABLE)),
        ~Exists(task.exclude(application__suspended_at=None)),
        ~Exists(application.exclude(suspended_at=None)),
        ~Exists(organization.exclude(suspended_at=None)),
        gateway=gateway,
        owner="",
        due_at__lte=now,
    )


def _take(
    waiting: QuerySet[Batch], owner: str, limit: int, lanes: Sequence[Lane], now: datetime
) -> list[Batch]:
    """Lock due batches by lane, make them ours, and split the last one when it is too large."""
    taken: list[Batch] = []
    room = limit
    for lane in lanes:
        if room <= 0:
            break
        for batch in _due(waiting, lane, room):
            if room > 0:
                taken.append(_cut(batch, room))
                room -= len(taken[-1].ids)
    own = Batch.objects.filter(pk__in=[batch.pk for batch in taken])
    own.update(owner=owner, claimed_at=now)
    return taken


def _due(waiting: QuerySet[Batch], lane: Lane, room: int) -> QuerySet[Batch]:
    # Batches of programs may be of one message each.
    most = _BATCHES_A_CLAIM if lane is Lane.BULK else min(max(room, _BATCHES_A_CLAIM), _SMALL_ONES)
    due = waiting.filter(lane=lane.value).order_by("due_at", "id")[:most]
    if connection.features.has_select_for_update_skip_locked:
        return due.select_for_update(skip_locked=True, of=("self",))
    return due


def _cut(batch: Batch, room: int) -> Batch:
    """Return a batch, or so much of it as there is room for; the rest stays in the queue."""
    if len(batch.ids) <= room:
        return batch
    Batch.objects.filter(pk=batch.pk).update(ids=batch.ids[room:])
    return Batch.objects.create(
        organization_id=batch.organization_id,
        task_id=batch.task_id,
        application_id=batch.application_id,
        gateway_id=batch.gateway_id,
        lane=batch.lane,
        due_at=batch.due_at,
        ids=batch.ids[:room],
    )


class _Queued(NamedTuple):
    """What a claim reads of a message; its age only where no task says how long it is useful."""

    pk: int
    organization_id: int
    application_id: int
    task_id: int | None
    lane: str
    msisdn: str
    country: str
    text_template_version_id: int
    signature_version_id: int | None
    variables: str
    segments: int
    attempt: int
    gateway_id: int | None
    created_at: datetime | None = None


_READ = _Queued._fields[:-1]


def _queued(batches: Sequence[Batch], common: "_Common") -> list[_Queued]:
    """Return what is queued in batches, in their order."""
    ids = [pk for batch in batches for pk in batch.ids]
    queued = Message.objects.filter(pk__among=set(ids), state=MessageState.QUEUED.value)
    dated = all(map(common.valid_until, batches))
    fields = _READ if dated else _Queued._fields
    messages = [_Queued(*row) for row in queued.order_by("pk").values_list(*fields)]
    if len(batches) > 1:
        order = {pk: place for place, pk in enumerate(ids)}
        messages.sort(key=lambda message: order[message.pk])
    return messages


def _fill(claimed: Claim, batches: Sequence[Batch], gateway: Gateway, now: datetime) -> None:
    """Step the messages of batches that are now ours, and make them ready for the wire."""
    if not batches:
        return
    common = _Common(gateway, batches, now)
    messages = _queued(batches, common)
    late = {m.pk for m in messages if common.useful_until(m) <= now}
    step(MessageState.EXPIRED, [MessageChange(pk, Reason.VALIDITY_OVER) for pk in late])
    suppressed = _suppressed(messages) - late
    useful = [m.pk for m in messages if m.pk not in late and m.pk not in suppressed]
    stepped = {row.message_id for row in step(MessageState.SUBMITTING, useful)}
    messages = [message for message in messages if message.pk in stepped]
    _note_gateway(messages, gateway.pk)
    outgoing, failed = _prepare(messages, common)
    step(MessageState.REJECTED, failed)
    claimed.outgoing += outgoing
    claimed.open.update({batch.pk: set() for batch in batches})
    for item in outgoing:
        claimed.open[item.batch_id].add(item.key.message_id)
    _drop_empty(claimed)
    # Last, because it locks the limits of organizations until the commit.
    step(MessageState.BLOCKED, [MessageChange(pk, Reason.SUPPRESSED) for pk in suppressed])


def _note_gateway(messages: Sequence[_Queued], gateway_id: int) -> None:
    if elsewhere := {m.pk for m in messages if m.gateway_id != gateway_id}:
        Message.objects.filter(pk__among=elsewhere).update(gateway_id=gateway_id)


def _suppressed(messages: Sequence[_Queued]) -> set[int]:
    """Return the messages to numbers that their organization must not send to (any more).

    The confirmation that somebody gets nothing any more is the last that they get.
    """
    numbers: dict[int, set[str]] = defaultdict(set)
    for message in messages:
        numbers[message.organization_id].add(message.msisdn)
    found = {
        organization_id: Suppression.objects.suppressed(organization_id, own)
        for organization_id, own in numbers.items()
    }
    blocked = {m.pk for m in messages if m.msisdn in found[m.organization_id]}
    if not blocked:
        return blocked
    confirmations = ReplyConfirmation.objects.filter(pk__in=blocked)
    return blocked - set(confirmations.values_list("pk", flat=True))


class _Common:
    """What the messages of one claim have in common."""

    def __init__(self, gateway: Gateway, batches: Sequence[Batch], now: datetime) -> None:
        self.now = now
        self.takes_whole_messages = gateway.takes_whole_messages
        self.batch_of = {pk: batch for batch in batches for pk in batch.ids}
        self._tasks = SendTask.objects.in_bulk({b.task_id for b in batches if b.task_id})
        # Worked out once: a batch asks for every message.
        self._valid_until = {pk: task.valid_until for pk, task in self._tasks.items()}
        self._useful_until: dict[int, datetime] = {}
        self._asked = terms_of(pk for batch in batches if not batch.task_id for pk in batch.ids)
        self._sources = Sources(gateway, self._tasks, self._asked)

    def valid_until(self, of: Batch | _Queued) -> datetime | None:
        """Return when the task of a batch or of a message stops being useful, if it has one."""
        return self._valid_until.get(of.task_id or 0)

    def useful_until(self, message: _Queued) -> datetime:
        """Return when sending a message stops being useful."""
        valid_until = self.valid_until(message)
        if valid_until and message.lane != Lane.OTP.value:
            return valid_until
        if message.pk not in self._useful_until:
            task = self._tasks.get(message.task_id or 0)
            asked = self._asked.get(message.pk, NOTHING)
            self._useful_until[message.pk] = rendering.useful_until(message, task, asked)
        return self._useful_until[message.pk]

    def source_address(self, message: _Queued) -> rendering.SourceAddress:
        """Return who a message comes from; raise OriginatorError or OriginatorNotApproved."""
        return self._sources.of(
            message.pk, message.task_id, message.country, message.application_id
        )


def _prepare(
    messages: Sequence[_Queued], common: _Common
) -> tuple[list[Outgoing], list[MessageChange]]:
    """Return what can be sent, and what cannot because nothing valid can be written."""
    outgoing: list[Outgoing] = []
    failed: list[MessageChange] = []
    before = _accepted_before(messages)
    lanes = {lane.value: lane for lane in Lane}
    for message in messages:
        try:
            requests = _requests(message, common)
        except OriginatorNotApproved:
            failed.append(MessageChange(message.pk, Reason.ORIGINATOR_NOT_APPROVED))
        except OriginatorError as error:
            failed.append(MessageChange(message.pk, error.code))
        except (ValueError, LookupError):
            log.exception("message %s cannot be rendered", message.pk)
            failed.append(MessageChange(message.pk, Reason.CANNOT_RENDER))
        else:
            done = before.get(message.pk, 0)
            if common.takes_whole_messages and 0 < done < requests[0].segment:
                # Another gateway accepted a part; the rest alone cannot be sent here.
                failed.append(MessageChange(message.pk, Reason.PARTLY_SENT))
                continue
            batch = common.batch_of[message.pk]
            outgoing.append(
                Outgoing(
                    key=AttemptKey(message.pk, message.attempt + 1),
                    organization_id=message.organization_id,
                    application_id=message.application_id,
                    task_id=message.task_id,
                    lane=lanes[batch.lane],
                    batch_id=batch.pk,
                    requests=[request for request in requests if request.segment > done],
                    segments=requests[0].segments,
                    before=done,
                )
            )
    return outgoing, failed


def _requests(message: _Queued, common: _Common) -> list[SubmitRequest]:
    """Return a message segment by segment, or as one request for a gateway that cuts itself.

    Raise OriginatorError, OriginatorNotApproved, ValueError or LookupError.
    """
    sender = common.source_address(message)
    text, octets = rendering.content_of(message)
    left = common.useful_until(message) - common.now
    segments = len(octets.short_messages)
    whole = common.takes_whole_messages
    pieces = [(segments, b"")] if whole else enumerate(octets.short_messages, 1)
    return [
        SubmitRequest(
            message_id=message.pk,
            segment=segment,
            segments=segments,
            attempt=message.attempt + 1,
            destination=message.msisdn,
            source_addr=sender.source_addr,
            source_ton=sender.source_ton,
            source_npi=sender.source_npi,
            data_coding=octets.data_coding,
            esm_class=0 if whole else octets.esm_class,
            short_message=short_message,
            validity_seconds=int(left.total_seconds()),
            text=text if whole else "",
        )
        for segment, short_message in pieces
    ]


def _accepted_before(messages: Iterable[_Queued]) -> dict[int, int]:
    """Return how many segments of each message a gateway has accepted in earlier attempts."""
    again = [m.pk for m in messages if m.attempt and m.segments > 1]
    return accepted_segments(again) if again else {}


def _drop_empty(claimed: Claim) -> None:
    """Delete claimed batches in which nothing is open."""
    empty = [pk for pk, ids in claimed.open.items() if not ids]
    Batch.objects.filter(pk__in=empty).delete()
    for pk in empty:
        del claimed.open[pk]
