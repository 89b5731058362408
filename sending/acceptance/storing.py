"""Accepted messages of programs on their way into the database: rows, figures, and the queue."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.statements import Statement
from sending.acceptance.checks import Checked
from sending.acceptance.request import Door
from sending.guard.storing import held_batch_due
from sending.lifecycle import MessageState
from sending.models import ApiMessage, Batch, Counter, Message, MessageNumber
from sending.models.bulk import insertion

_MESSAGE = (
    *("id", "msisdn", "country", "lane", "text_template_version_id", "signature_version_id"),
    *("variables", "data_coding", "segments", "cost_micro", "gateway_id"),
)
_NUMBER = ("msisdn", "message_id")
_OF_PROGRAM = (
    *("message_id", "api_key_id", "request_id", "session_context", "originator"),
    *("door", "due_at", "valid_until"),
)
_COUNTER = ("country", "messages", "segments", "cost_micro")
_BATCH = ("gateway_id", "lane", "due_at", "ids")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What messages that are accepted together have in common."""

    organization_id: int
    application_id: int
    price_version_id: int | None
    at: datetime
    # The organization's local hour, yyyymmddhh.
    hour: int


def storage(
    acceptance: Acceptance, ids: Sequence[int], accepted: Sequence[tuple[Door, Checked]]
) -> list[Statement]:
    """Return what stores messages without a task, counts them as queued, and makes them due."""
    messages = [message for _door, message in accepted]
    pairs = list(zip(ids, messages, strict=True))
    return [
        *_rows(acceptance, pairs),
        _of_programs(acceptance, ids, accepted),
        _queued(acceptance, messages),
        _queue(acceptance, pairs),
    ]


def _rows(acceptance: Acceptance, pairs: Sequence[tuple[int, Checked]]) -> list[Statement]:
    organization = {"organization_id": acceptance.organization_id}
    moment = connection.ops.adapt_datetimefield_value(acceptance.at)
    message = {
        **organization,
        "application_id": acceptance.application_id,
        "row": 0,
        "price_version_id": acceptance.price_version_id,
        "accepted_hour": acceptance.hour,
        "created_at": moment,
        "state_at": moment,
    }
    return [
        insertion(Message, message, _MESSAGE, [_message(pk, one) for pk, one in pairs]),
        # In the order of the table, page after page.
        insertion(
            MessageNumber, organization, _NUMBER, sorted((one.msisdn, pk) for pk, one in pairs)
        ),
    ]


def _of_programs(
    acceptance: Acceptance, ids: Sequence[int], accepted: Sequence[tuple[Door, Checked]]
) -> Statement:
    shared = {
        "organization_id": acceptance.organization_id,
        "application_id": acceptance.application_id,
    }
    rows = [
        (
            *(pk, door.api_key_id, door.request_id, one.session_context, one.originator),
            *(door.name.value, one.due_at, one.valid_until),
        )
        for pk, (door, one) in zip(ids, accepted, strict=True)
    ]
    return insertion(ApiMessage, shared, _OF_PROGRAM, rows)


def _message(pk: int, message: Checked) -> tuple[Any, ...]:
    content = message.content
    return (
        pk,
        message.msisdn,
        message.country,
        content.lane.value,
        content.text_template_version_id,
        content.signature_version_id,
        content.variables,
        content.data_coding,
        content.segments,
        message.cost_micro,
        message.gateway_id,
    )


def _queued(acceptance: Acceptance, messages: Sequence[Checked]) -> Statement:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for message in messages:
        of_country = sums[message.country]
        of_country[0] += 1
        of_country[1] += message.content.segments
        of_country[2] += message.cost_micro
    shared = {
        "organization_id": acceptance.organization_id,
        "application_id": acceptance.application_id,
        "hour": acceptance.hour,
        "state": MessageState.QUEUED.value,
    }
    return insertion(Counter, shared, _COUNTER, [(country, *of) for country, of in sums.items()])


def _queue(acceptance: Acceptance, pairs: Sequence[tuple[int, Checked]]) -> Statement:
    queues: dict[tuple[int, str, datetime], list[int]] = defaultdict(list)
    for pk, message in pairs:
        due_at = message.due_at or acceptance.at
        if message.held_until is not None:
            due_at = held_batch_due(message.held_until)
        queues[message.gateway_id, message.content.lane.value, due_at].append(pk)
    shared = {
        "organization_id": acceptance.organization_id,
        "application_id": acceptance.application_id,
        "owner": "",
    }
    rows = [(*queue, json.dumps(ids)) for queue, ids in queues.items()]
    return insertion(Batch, shared, _BATCH, rows)
