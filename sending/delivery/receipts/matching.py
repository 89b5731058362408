"""Which message a receipt speaks of: by the gateway's id, or as the only one it can mean."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from accounts import shared_time
from accounts.models import Organization
from sending.delivery.submissions import OK, accepted_segments
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState
from sending.models import Attention, Gateway, Message, MessageNumber, Submission
from sending.models.bulk import Seconds
from sending.models.message import first_id_at

# Ids of a gateway may come again after weeks: older submissions are not meant.
_ID_LIVES = timedelta(days=14)
# Nearly all were made so lately: of months before, no index is asked for each receipt.
_MADE_LATELY = timedelta(days=45)
# A receipt is matched by doubt only when its submission had time to be written.
_DOUBT_TRIES = 3
# What may still get a receipt of its own: a receipt for this number may be meant for it.
_OPEN = (MessageState.SUBMITTING.value, MessageState.SUBMITTED.value)


class Received(NamedTuple):
    """What is read of a row of the inbox; the rest goes from table to table.

    Moments are seconds since 1970: thousands of datetimes a second take too long to read.
    """

    pk: int
    gateway_id: int
    gateway_message_id: str
    msisdn: str
    message_state: str
    error: str
    said_by: str
    tries: int
    received_at: float


class Match(NamedTuple):
    """A receipt, and the segment it is about."""

    receipt: Received
    message_id: int
    organization_id: int
    segment: int
    submitted_at: float
    # Whether each segment has an id of its own, and is to have a receipt; or each part that the
    # gateway made itself.
    has_segment_ids: bool
    per_segment: bool
    per_part: bool
    # Whether it is about one of several parts, and nothing tells about which.
    is_of_some_part: bool
    # The message was in doubt: that the segment was accepted is news.
    was_in_doubt: bool = False


class _Known(NamedTuple):
    """The segment that a gateway's id stands for."""

    message_id: int
    organization_id: int
    segment: int
    submitted_at: float


def by_id(rows: Sequence[Received]) -> list[Match]:
    """Match receipts with submissions of their gateway; the newest submission of an id wins."""
    by_gateway: dict[int, list[Received]] = defaultdict(list)
    for row in rows:
        if row.gateway_message_id:
            by_gateway[row.gateway_id].append(row)
    matches: list[Match] = []
    for gateway in Gateway.objects.filter(pk__in=by_gateway):
        received = by_gateway[gateway.pk]
        known = _submissions(gateway.pk, {row.gateway_message_id for row in received})
        matches += [
            _match(row, known[row.gateway_message_id], gateway)
            for row in received
            if row.gateway_message_id in known
        ]
    return matches


def _match(row: Received, known: _Known, gateway: Gateway) -> Match:
    return Match(
        row,
        *known,
        has_segment_ids=not gateway.takes_whole_messages,
        per_segment=gateway.awaits_each_segment,
        per_part=gateway.gives_part_ids,
        # Of a text that is handed over whole, the submission is that of its last segment.
        is_of_some_part=gateway.parts_share_id and known.segment > 1,
    )


def _submissions(gateway_id: int, ids: Iterable[str]) -> dict[str, _Known]:
    wanted, now = set(ids), shared_time.now()
    rows = Submission.objects.filter(
        gateway_id=gateway_id, submitted_at__gte=now - _ID_LIVES
    ).order_by("pk")
    known = _by_id(rows.filter(message_id__gte=first_id_at(now - _MADE_LATELY)), wanted)
    if others := wanted - known.keys():
        known |= _by_id(rows, others)
    return known


def _by_id(rows: QuerySet[Submission], ids: Iterable[str]) -> dict[str, _Known]:
    named = rows.filter(gateway_message_id__among=ids)
    return {
        identifier: _Known(*known)
        for identifier, *known in named.values_list(
            "gateway_message_id", *_Known._fields[:-1], Seconds("submitted_at")
        )
    }


def by_doubt(rows: Sequence[Received]) -> list[Match]:
    """Match receipts with messages in doubt: only when exactly one of them can be meant.

    It was sent through this gateway to this number before the receipt came, no other message to
    the number can be meant, and no other receipt could mean it too. What was in doubt is
    then proven to have been accepted, and a submission says so.
    """
    rows = [row for row in rows if row.tries >= _DOUBT_TRIES and row.msisdn]
    if not rows:
        return []
    candidates = _in_doubt(rows)
    matches: list[Match] = []
    for place, of_place in _by_place(rows).items():
        came = of_place[0].received_at
        fitting = [m for m in candidates.get(place, ()) if m.created_at.timestamp() <= came]
        if len(fitting) == len({row.gateway_message_id for row in of_place}) == 1:
            (message,) = fitting
            gateway = Gateway.objects.get(pk=place[0])
            if _speaks_of_all(gateway, message) and not _others_may_be_meant(message):
                matches.append(_prove_accepted(of_place[0], message, gateway))
    return matches


def _speaks_of_all(gateway: Gateway, message: Message) -> bool:
    """Tell whether one receipt is enough: of parts whose ids are unknown nobody knows how many."""
    return message.segments == 1 or not gateway.gives_part_ids


# A gateway and a number at it.
Place = tuple[int, str]


def _by_place(rows: Iterable[Received]) -> dict[Place, list[Received]]:
    by_place: dict[Place, list[Received]] = defaultdict(list)
    for row in rows:
        by_place[row.gateway_id, row.msisdn].append(row)
    return by_place


def _in_doubt(rows: Sequence[Received]) -> dict[Place, list[Message]]:
    """Return the messages in doubt that were on their way to the numbers of these receipts."""
    since = shared_time.now() - timedelta(hours=settings.RECEIPT_WAIT_HOURS)
    in_doubt = Attention.objects.filter(state=MessageState.IN_DOUBT.value, at__gte=since)
    messages = Message.objects.filter(
        pk__in=in_doubt.values("message_id"),
        state=MessageState.IN_DOUBT.value,
        msisdn__in={row.msisdn for row in rows},
    )
    found: dict[Place, list[Message]] = defaultdict(list)
    for message in messages:
        if message.gateway_id is not None:
            found[message.gateway_id, message.msisdn].append(message)
    return found


def _others_may_be_meant(message: Message) -> bool:
    """Tell whether another message to the number, of anybody, can still get an unknown receipt.

    Those that were never answered, or only in part, may have reached the gateway too, whatever
    became of them since. Rare enough to look at every one.
    """
    since = shared_time.now() - timedelta(hours=settings.RECEIPT_WAIT_HOURS)
    numbers = MessageNumber.objects.filter(
        # All of them, so that the key that begins with the organization serves.
        organization_id__in=list(Organization.objects.values_list("pk", flat=True)),
        msisdn=message.msisdn,
    )
    others = Message.objects.filter(
        pk__in=numbers.values("message_id"),
        attempt__gt=0,
        created_at__gte=since,
    ).exclude(pk=message.pk)
    return any(
        (other.state in _OPEN and other.gateway_id == message.gateway_id)
        or not is_accounted_for(other)
        for other in others
    )


def is_accounted_for(message: Message) -> bool:
    """Tell whether every attempt was answered: in the end for all segments, or with a refusal."""
    rows = list(Submission.objects.filter(message_id=message.pk).order_by("attempt", "segment"))
    if len({row.attempt for row in rows}) < message.attempt:
        return False
    accepted = {row.segment for row in rows if row.gateway_message_id or row.command_status == OK}
    return len(accepted) == message.segments or rows[-1].segment not in accepted


def _prove_accepted(row: Received, message: Message, gateway: Gateway) -> Match:
    """Note that the gateway had accepted what was in doubt: the segment behind the last known."""
    last = accepted_segments([message.pk]).get(message.pk, 0)
    accepted = message.segments if gateway.takes_whole_messages else last + 1
    submission = Submission(
        organization_id=message.organization_id,
        message_id=message.pk,
        gateway_id=row.gateway_id,
        segment=min(accepted, message.segments),
        attempt=message.attempt,
        gateway_message_id=row.gateway_message_id,
        command_status=Reason.NO_ANSWER,
        submitted_at=message.state_at,
    )
    Submission.objects.bulk_create([submission], ignore_conflicts=True)
    known = _Known(
        message.pk,
        message.organization_id,
        submission.segment,
        submission.submitted_at.timestamp(),
    )
    return _match(row, known, gateway)._replace(was_in_doubt=True)
