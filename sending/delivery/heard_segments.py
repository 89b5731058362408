"""Of which segments of long messages receipts came, and what that says about their gateway."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Count, Max, Q, QuerySet

from accounts import shared_time
from sending.lifecycle import MessageState
from sending.models import DeliveryReceipt, Gateway

# What a network says, in our states (SMPP 3.4, 5.2.28); ENROUTE and ACCEPTED decide nothing.
STATES = {
    "DELIVERED": MessageState.DELIVERED,
    "EXPIRED": MessageState.EXPIRED,
    "DELETED": MessageState.UNDELIVERABLE,
    "UNDELIVERABLE": MessageState.UNDELIVERABLE,
    "REJECTED": MessageState.REJECTED,
    "UNKNOWN": MessageState.UNKNOWN,
}
# A gateway's row is written once an hour, not once a message.
_OFTEN = timedelta(hours=1)


def heard(message_ids: Collection[int]) -> dict[int, dict[int, MessageState]]:
    """Return {message: {segment: the first state that was said of it}}; UNKNOWN yields."""
    found: dict[int, dict[int, MessageState]] = {}
    if not message_ids:
        return found
    rows = DeliveryReceipt.objects.filter(message_id__among=list(message_ids)).order_by("pk")
    for message_id, segment, said in rows.values_list("message_id", "segment", "message_state"):
        state = STATES.get(said)
        if state is None:
            continue
        of_message = found.setdefault(message_id, {})
        if of_message.get(segment, MessageState.UNKNOWN) is MessageState.UNKNOWN:
            of_message[segment] = state
    return found


def note_several(gateway_ids: Collection[int]) -> None:
    """Note that segments of one message had receipts of their own at these gateways."""
    if gateway_ids:
        _note("segment_receipts_at", Gateway.objects.filter(pk__in=gateway_ids))


def note_lone(message_ids: Collection[int]) -> None:
    """Note gateways at which long messages, given up by now, had the receipt of one segment only.

    One that is to give a receipt for each segment may give one for all.
    """
    if not message_ids:
        return
    told = DeliveryReceipt.objects.filter(
        message_id__among=list(message_ids), message_state__in=STATES
    )
    rows = told.values("message_id").annotate(
        segments=Count("segment", distinct=True), gateway=Max("gateway_id")
    )
    gateways = {row["gateway"] for row in rows if row["segments"] == 1}
    _note("lone_receipt_at", Gateway.objects.filter(pk__in=gateways, receipts_per_segment=True))


def _note(field: str, gateways: QuerySet[Gateway]) -> None:
    now = shared_time.now()
    stale = Q(**{field: None}) | Q(**{f"{field}__lt": now - _OFTEN})
    gateways.filter(stale).update(**{field: now})
