"""Delivery receipts: stored before the gateway hears yes, applied in bulk, kept when unmatched."""

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet

from accounts import shared_time
from accounts.statements import Statement
from sending.delivery import heard_segments
from sending.delivery.database import durably
from sending.delivery.heard_segments import STATES
from sending.delivery.queue import batches, circuit_breaker
from sending.delivery.receipts import inbound, matching
from sending.delivery.receipts.matching import Match, Received
from sending.delivery.receipts.message_ids import normalise_receipted
from sending.delivery.submissions import parts_with_ids
from sending.gateways.base import InboundIn, ReceiptIn
from sending.lifecycle import MessageState, SaidBy, combine
from sending.models import Gateway, Message, ReceiptInbox
from sending.models.bulk import Seconds, insertion
from sending.models.stepping import MessageChange, step

log = logging.getLogger(__name__)

_SAID_BY = {said_by.value: said_by for said_by in SaidBy}
APPLY_AT_ONCE = 1000
# A receipt can overtake the answer that names its id, so the first waits are short.
_WAITS = (0.3, 1, 3, 10, 30, 60, 300)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_INBOX_COLUMNS = (
    *("gateway_message_id", "msisdn", "message_state", "error", "said_by", "raw"),
    "done_at",
)


def store(gateway: Gateway, received: Sequence[ReceiptIn | InboundIn]) -> None:
    """Store what came. When this returns it is on disk and may be acknowledged."""
    now = shared_time.now()
    segments = [item for item in received if isinstance(item, InboundIn)]
    receipts = [item for item in received if isinstance(item, ReceiptIn)]
    with durably(*_insertions(gateway, receipts, now)):
        inbound.insert(gateway, segments, now)
    if segments:
        inbound.stored.send_robust(sender=Gateway)


def _insertions(gateway: Gateway, receipts: Sequence[ReceiptIn], now: datetime) -> list[Statement]:
    """Return what stores receipts; nothing where there are none."""
    rows = [
        (
            normalise_receipted(gateway.id_format, item.gateway_message_id),
            _plain(item.msisdn or "", 16),
            _plain(item.message_state, 13),
            _plain(item.error, 40),
            item.said_by.value,
            _plain(item.raw, 2000),
            item.done_at,
        )
        for item in receipts
    ]
    if not rows:
        return []
    shared = {"gateway_id": gateway.pk, "received_at": now, "tries": 0, "next_try_at": now}
    return [insertion(ReceiptInbox, shared, _INBOX_COLUMNS, rows)]


def _plain(text: str, length: int) -> str:
    """Return text that a column takes: PostgreSQL knows no NUL."""
    return text.replace("\x00", "")[:length]


def apply_due(limit: int = APPLY_AT_ONCE, behind: timedelta = timedelta()) -> int:
    """Apply receipts whose time came so long ago; return how many were looked at."""
    due = ReceiptInbox.objects.filter(next_try_at__lte=shared_time.now() - behind).order_by(
        "next_try_at", "id"
    )
    if not due.exists():
        return 0
    with durably():
        fields = (*Received._fields[:-1], Seconds("received_at"))
        read = _locked(due).values_list(*fields)[:limit]
        rows = [Received(*row) for row in read]
        matches = matching.by_id(rows)
        matches += matching.by_doubt(_without(rows, matches))
        _apply(matches)
        _wait(_without(rows, matches))
    return len(rows)


def _ids(matches: Iterable[Match]) -> set[int]:
    return {match.receipt.pk for match in matches}


def _without(rows: Iterable[Received], matches: Iterable[Match]) -> list[Received]:
    matched = _ids(matches)
    return [row for row in rows if row.pk not in matched]


def _locked(due: QuerySet[ReceiptInbox]) -> QuerySet[ReceiptInbox]:
    if connection.features.has_select_for_update_skip_locked:
        return due.select_for_update(skip_locked=True)
    return due


def _apply(matches: Sequence[Match]) -> None:
    """Store what the network said, and step the messages whose fate it decides."""
    _keep(matches)
    ReceiptInbox.objects.filter(pk__among=_ids(matches)).delete()
    circuit_breaker.count_receipts(match.receipt.gateway_id for match in matches)
    # A message may have been purged since: then there is nothing to step.
    accepted = {match.message_id: match.segment for match in matches if match.was_in_doubt}
    for message in Message.objects.filter(pk__in=accepted):
        _proceed(message, accepted[message.pk])
    delays = _delays(matches)
    for (state, said_by), changes in _outcomes(matches).items():
        counted = delays if state is MessageState.DELIVERED else None
        step(state, changes, said_by=said_by, delays=counted)


def _delays(matches: Iterable[Match]) -> dict[int, float]:
    """Return the seconds from handing a message over until its newest receipt came."""
    return {match.message_id: match.receipt.received_at - match.submitted_at for match in matches}


def _proceed(message: Message, accepted: int) -> None:
    """Go on with a message of which the segment in doubt turned out to be accepted."""
    if accepted == message.segments:
        step(MessageState.SUBMITTED, [message.pk], said_by=SaidBy.NETWORK)
    elif message.gateway_id and step(MessageState.QUEUED, [message.pk]):
        batches.put_back(message, message.gateway_id)


# From the inbox to the receipts of messages: [[inbox row, message, organization, segment], …].
_KEEP = """
INSERT INTO sending_deliveryreceipt (message_id, organization_id, segment, gateway_id,
    gateway_message_id, message_state, error, said_by, raw, done_at, received_at)
SELECT v.message_id, v.organization_id, v.segment, i.gateway_id,
    i.gateway_message_id, i.message_state, i.error, i.said_by, i.raw, i.done_at, i.received_at
FROM sending_receiptinbox AS i JOIN ({values}) AS v ON i.id = v.id ORDER BY i.id
"""
_VALUES = {
    "postgresql": (
        "SELECT (value->>0)::bigint AS id, (value->>1)::bigint AS message_id,"
        " (value->>2)::bigint AS organization_id, (value->>3)::int AS segment"
        " FROM json_array_elements(%s::json)"
    ),
    "sqlite": (
        "SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS message_id,"
        " json_extract(value, '$[2]') AS organization_id, json_extract(value, '$[3]') AS segment"
        " FROM json_each(%s)"
    ),
}


def _keep(matches: Sequence[Match]) -> None:
    """Store the receipts with the messages they spoke of."""
    values = [(m.receipt.pk, m.message_id, m.organization_id, m.segment) for m in matches]
    with connection.cursor() as cursor:
        sql = _KEEP.format(values=_VALUES[connection.vendor])
        cursor.execute(sql, [json.dumps(values)])


def _outcomes(
    matches: Sequence[Match],
) -> dict[tuple[MessageState, SaidBy], list[MessageChange]]:
    """Return which messages step where: by the one receipt, or by those of all segments."""
    outcomes: dict[tuple[MessageState, SaidBy], list[MessageChange]] = {}
    many = _with_several_ids(matches)
    # Others may apply receipts of other segments just now: whoever comes second sees them all.
    _lock(many)
    heard = heard_segments.heard(many)
    shown = _shown_to_tell_of_segments(matches, heard)
    for match in matches:
        state = STATES.get(match.receipt.message_state)
        awaits_all = match.per_segment or match.per_part or match.receipt.gateway_id in shown
        if state is not None and awaits_all and match.message_id in many:
            states = heard.get(match.message_id, {}).values()
            state = combine(states, many[match.message_id])
        if state is MessageState.DELIVERED and match.is_of_some_part:
            # The same part may be reported twice, so not even as many receipts prove all parts.
            state = None
        if state is not None:
            change = MessageChange(match.message_id, match.receipt.error)
            key = (state, _SAID_BY[match.receipt.said_by])
            outcomes.setdefault(key, []).append(change)
    return outcomes


def _with_several_ids(matches: Sequence[Match]) -> dict[int, int]:
    """Return {message: how many ids it has} for those that may get more than one receipt."""
    expected: dict[int, int] = {}
    if cut := {m.message_id for m in matches if m.has_segment_ids}:
        several = Message.objects.filter(pk__among=cut, segments__gt=1)
        expected |= dict(several.values_list("pk", "segments"))
    if by_gateway := {m.message_id for m in matches if m.per_part}:
        expected |= parts_with_ids(by_gateway)
    return {message_id: count for message_id, count in expected.items() if count > 1}


def _lock(message_ids: Collection[int]) -> None:
    """Lock messages until the transaction ends, in one order."""
    if message_ids and connection.features.has_select_for_update:
        messages = Message.objects.filter(pk__among=list(message_ids)).order_by("pk")
        list(messages.select_for_update(no_key=True).values_list("pk"))


def _shown_to_tell_of_segments(
    matches: Sequence[Match], heard: Mapping[int, Mapping[int, MessageState]]
) -> set[int]:
    """Return gateways of which two segments of one message had receipts, whatever is set; note it.

    One that is set to one receipt for all would call delivered what arrived in part.
    """
    shown = {
        match.receipt.gateway_id
        for match in matches
        if match.has_segment_ids and len(heard.get(match.message_id, ())) > 1
    }
    heard_segments.note_several(shown)
    return shown


def _wait(rows: Iterable[Received]) -> None:
    """Let unmatched receipts try again later; after hours they are kept, but not tried."""
    now = shared_time.now()
    oldest = (now - timedelta(hours=settings.RECEIPT_WAIT_HOURS)).timestamp()
    due: dict[datetime, list[int]] = defaultdict(list)
    for row in rows:
        if row.received_at < oldest:
            log.error("receipt %s of gateway %s fits no message", row.pk, row.gateway_id)
            due[NEVER].append(row.pk)
        else:
            wait = _WAITS[min(row.tries, len(_WAITS) - 1)]
            due[now + timedelta(seconds=wait)].append(row.pk)
    for next_try_at, ids in due.items():
        ReceiptInbox.objects.filter(pk__among=ids).update(
            tries=F("tries") + 1, next_try_at=next_try_at
        )
