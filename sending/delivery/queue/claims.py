"""Claims: batches become a sender's own, and their messages SUBMITTING, before the wire."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Organization
from sending.delivery.attempt import AttemptKey
from sending.delivery.database import durably
from sending.delivery.queue import circuit_breaker, rendering
from sending.delivery.submissions import accepted_segments
from sending.error_codes.reasons import Reason
from sending.gateways.base import SubmitRequest
from sending.lifecycle import LANES_BY_PRIORITY, Lane, MessageState, TaskState
from sending.models import Batch, Gateway, Message, SendTask, Suppression
from sending.models.stepping import MessageChange, step
from sending.sms.originator import OriginatorError

log = logging.getLogger(__name__)

# A finished task may still be given back what was in doubt.
_SENDABLE = (TaskState.SENDING.value, TaskState.FINISHED.value)
# The longest list of batches one claim looks at.
_BATCHES_A_CLAIM = 20


@dataclass(slots=True)
class Outgoing:
    """A claimed message: what is left to be sent of it."""

    key: AttemptKey
    organization_id: int
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


def claim(
    gateway: Gateway, owner: str, limit: int, lanes: Sequence[Lane] = LANES_BY_PRIORITY
) -> Claim:
    """Make up to `limit` due messages of the gateway the own ones of the journal `owner`.

    The lanes come in their order. The commit is on disk when this returns; what it
    returns may go to the wire. What is no longer useful becomes EXPIRED, what cannot be written
    REJECTED; what was cancelled meanwhile is left alone.
    """
    now = timezone.now()
    claimed = Claim()
    waiting = _waiting(gateway, now)
    if not waiting.filter(lane__in=[lane.value for lane in lanes]).exists():
        return claimed
    limit = circuit_breaker.room(gateway.pk, limit)
    if not limit:
        return claimed
    with durably():
        for batch in _take(waiting, owner, limit, lanes, now):
            _fill(claimed, batch, gateway, now)
        _drop_empty(claimed)
    return claimed


def to_hand_back(gateway: Gateway, task_ids: Iterable[int]) -> set[int] | None:
    """Return the tasks whose messages may not be sent now, or None: those of all tasks may not."""
    if circuit_breaker.is_open(gateway.pk):
        return None
    return stopped_tasks(task_ids)


def stopped_tasks(task_ids: Iterable[int]) -> set[int]:
    """Return those of the tasks that may not send now: paused, cancelled, suspended."""
    stopped = SendTask.objects.filter(pk__in=list(task_ids)).exclude(
        state__in=_SENDABLE, organization__suspended_at=None, application__suspended_at=None
    )
    return set(stopped.values_list("pk", flat=True))


def _waiting(gateway: Gateway, now: datetime) -> QuerySet[Batch]:
    task = SendTask.objects.filter(pk=OuterRef("task_id"))
    organization = Organization.objects.filter(pk=OuterRef("organization_id"))
    # Three questions, not one with OR: each finds its few rows without all others.
    return Batch.objects.filter(
        ~Exists(task.exclude(state__in=_SENDABLE)),
        ~Exists(task.exclude(application__suspended_at=None)),
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
        for batch in _due(waiting, lane):
            if room <= 0:
                return taken
            taken.append(_own(batch, owner, room, now))
            room -= len(taken[-1].ids)
    return taken


def _due(waiting: QuerySet[Batch], lane: Lane) -> QuerySet[Batch]:
    due = waiting.filter(lane=lane.value).order_by("due_at", "id")[:_BATCHES_A_CLAIM]
    if connection.features.has_select_for_update_skip_locked:
        return due.select_for_update(skip_locked=True, of=("self",))
    return due


def _own(batch: Batch, owner: str, room: int, now: datetime) -> Batch:
    if len(batch.ids) > room:
        Batch.objects.filter(pk=batch.pk).update(ids=batch.ids[room:])
        fields = {"task_id": batch.task_id, "gateway_id": batch.gateway_id, "lane": batch.lane}
        batch = Batch(
            organization_id=batch.organization_id,
            due_at=batch.due_at,
            ids=batch.ids[:room],
            **fields,
        )
    batch.owner, batch.claimed_at = owner, now
    batch.save()
    return batch


class _Queued(NamedTuple):
    """What a claim reads of a message; its age only where no task says how long it is useful."""

    pk: int
    organization_id: int
    application_id: int
    task_id: int | None
    msisdn: str
    text_template_version_id: int
    signature_version_id: int | None
    variables: str
    segments: int
    attempt: int
    gateway_id: int | None
    created_at: datetime | None = None


_READ = _Queued._fields[:-1]


def _queued(batch: Batch, valid_until: datetime | None) -> list[_Queued]:
    queued = Message.objects.filter(pk__among=set(batch.ids), state=MessageState.QUEUED.value)
    fields = _READ if valid_until else _Queued._fields
    return [_Queued(*row) for row in queued.order_by("pk").values_list(*fields)]


def _fill(claimed: Claim, batch: Batch, gateway: Gateway, now: datetime) -> None:
    """Step the messages of one batch that is now ours, and make them ready for the wire."""
    task = SendTask.objects.filter(pk=batch.task_id).first() if batch.task_id else None
    common = _Common(gateway, task, now)
    messages = _queued(batch, common.valid_until)
    late = {
        m.pk for m in messages if rendering.useful_until(m.created_at, common.valid_until) <= now
    }
    step(MessageState.EXPIRED, [MessageChange(pk, Reason.VALIDITY_OVER) for pk in late])
    suppressed = _suppressed(batch.organization_id, messages)
    step(MessageState.BLOCKED, [MessageChange(pk, Reason.SUPPRESSED) for pk in suppressed])
    useful = [m.pk for m in messages if m.pk not in late and m.pk not in suppressed]
    stepped = {row.message_id for row in step(MessageState.SUBMITTING, useful)}
    messages = [message for message in messages if message.pk in stepped]
    _note_gateway(messages, gateway.pk)
    outgoing, failed = _prepare(messages, batch, common)
    step(MessageState.REJECTED, failed)
    claimed.outgoing += outgoing
    claimed.open[batch.pk] = {item.key.message_id for item in outgoing}


def _note_gateway(messages: Sequence[_Queued], gateway_id: int) -> None:
    elsewhere = {message.pk for message in messages if message.gateway_id != gateway_id}
    if elsewhere:
        Message.objects.filter(pk__among=elsewhere).update(gateway_id=gateway_id)


def _suppressed(organization_id: int, messages: Sequence[_Queued]) -> set[int]:
    """Return the messages to numbers that the organization must not send to (any more)."""
    numbers = {message.msisdn for message in messages}
    found = Suppression.objects.suppressed(organization_id, numbers)
    return {message.pk for message in messages if message.msisdn in found}


class _Common:
    """What the messages of one batch have in common."""

    def __init__(self, gateway: Gateway, task: SendTask | None, now: datetime) -> None:
        self._task = task
        self.valid_until = task.valid_until if task else None
        self.now = now
        self.takes_whole_messages = gateway.takes_whole_messages
        self._gateway = gateway
        self._source_addresses: dict[int, rendering.SourceAddress] = {}

    def source_address(self, application_id: int) -> rendering.SourceAddress:
        """Return who messages of this application come from; raise OriginatorError."""
        if application_id not in self._source_addresses:
            self._source_addresses[application_id] = rendering.source_address_of(
                self._task, application_id, self._gateway.originator
            )
        return self._source_addresses[application_id]


def _prepare(
    messages: Sequence[_Queued], batch: Batch, common: _Common
) -> tuple[list[Outgoing], list[MessageChange]]:
    """Return what can be sent, and what cannot because nothing valid can be written."""
    outgoing: list[Outgoing] = []
    failed: list[MessageChange] = []
    before = _accepted_before(messages)
    lane, batch_id = Lane(batch.lane), batch.pk
    for message in messages:
        try:
            requests = _requests(message, common)
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
            outgoing.append(
                Outgoing(
                    key=AttemptKey(message.pk, message.attempt + 1),
                    organization_id=message.organization_id,
                    task_id=message.task_id,
                    lane=lane,
                    batch_id=batch_id,
                    requests=[request for request in requests if request.segment > done],
                    segments=requests[0].segments,
                    before=done,
                )
            )
    return outgoing, failed


def _requests(message: _Queued, common: _Common) -> list[SubmitRequest]:
    """Return a message segment by segment, or as one request for a gateway that cuts itself.

    Raise OriginatorError, ValueError or LookupError.
    """
    sender = common.source_address(message.application_id)
    text, octets = rendering.content_of(message)
    left = rendering.useful_until(message.created_at, common.valid_until) - common.now
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
    if not again:
        return {}
    return accepted_segments(again)


def _drop_empty(claimed: Claim) -> None:
    """Delete claimed batches in which nothing is open."""
    empty = [pk for pk, ids in claimed.open.items() if not ids]
    if empty:
        Batch.objects.filter(pk__in=empty).delete()
        for pk in empty:
            del claimed.open[pk]
