"""Accepted messages of programs on their way into the database: rows, figures, and the queue."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sending.acceptance.checks import Checked
from sending.acceptance.request import Door
from sending.delivery.queue import batches
from sending.lifecycle import MessageState
from sending.models import ApiMessage, Counter, Message, MessageNumber
from sending.models.bulk import insert_rows

_MESSAGE = (
    *("id", "organization_id", "application_id", "msisdn", "country", "lane", "row"),
    *("text_template_version_id", "signature_version_id", "price_version_id", "variables"),
    *("data_coding", "segments", "cost_micro", "accepted_hour", "gateway_id"),
    *("created_at", "state_at"),
)
_NUMBER = ("organization_id", "msisdn", "message_id")
_OF_PROGRAM = (
    *("message_id", "organization_id", "application_id", "api_key_id", "request_id"),
    *("session_context", "originator"),
)
_COUNTER = (
    *("organization_id", "application_id", "hour", "country", "state"),
    *("messages", "segments", "cost_micro"),
)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the messages of one request have in common."""

    door: Door
    price_version_id: int | None
    at: datetime
    # The organization's local hour, yyyymmddhh.
    hour: int


def store(acceptance: Acceptance, ids: Sequence[int], messages: Sequence[Checked]) -> None:
    """Store messages without a task, count them as queued, and make them due."""
    _store_messages(acceptance, ids, messages)
    _count_queued(acceptance, messages)
    _enqueue(acceptance, ids, messages)


def _store_messages(
    acceptance: Acceptance, ids: Sequence[int], messages: Sequence[Checked]
) -> None:
    door, at = acceptance.door, acceptance.at
    rows = []
    for pk, message in zip(ids, messages, strict=True):
        content = message.content
        rows.append(
            (
                pk,
                door.organization_id,
                door.application_id,
                message.msisdn,
                message.country,
                content.lane.value,
                0,
                content.text_template_version_id,
                content.signature_version_id,
                acceptance.price_version_id,
                content.variables,
                content.data_coding,
                content.segments,
                message.cost_micro,
                acceptance.hour,
                message.gateway_id,
                at,
                at,
            )
        )
    insert_rows(Message, _MESSAGE, rows)
    pairs = list(zip(ids, messages, strict=True))
    numbers = sorted((message.msisdn, pk) for pk, message in pairs)
    insert_rows(
        MessageNumber, _NUMBER, ((door.organization_id, msisdn, pk) for msisdn, pk in numbers)
    )
    insert_rows(
        ApiMessage,
        _OF_PROGRAM,
        (
            (
                pk,
                door.organization_id,
                door.application_id,
                door.api_key_id,
                door.request_id,
                message.session_context,
                message.originator,
            )
            for pk, message in pairs
        ),
    )


def _count_queued(acceptance: Acceptance, messages: Sequence[Checked]) -> None:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for message in messages:
        of_country = sums[message.country]
        of_country[0] += 1
        of_country[1] += message.content.segments
        of_country[2] += message.cost_micro
    door, state = acceptance.door, MessageState.QUEUED.value
    owner = (door.organization_id, door.application_id, acceptance.hour)
    insert_rows(Counter, _COUNTER, ((*owner, country, state, *of) for country, of in sums.items()))


def _enqueue(acceptance: Acceptance, ids: Sequence[int], messages: Sequence[Checked]) -> None:
    queues: dict[tuple[int, str], list[int]] = defaultdict(list)
    for pk, message in zip(ids, messages, strict=True):
        queues[message.gateway_id, message.content.lane.value].append(pk)
    for (gateway_id, lane), own in queues.items():
        batches.enqueue(
            organization_id=acceptance.door.organization_id,
            task_id=None,
            gateway_id=gateway_id,
            lane=lane,
            ids=own,
            due_at=acceptance.at,
        )
