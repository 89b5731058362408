"""What handsets sent: stored before the gateway hears yes."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.dispatch import Signal

from sending.gateways.base import InboundIn
from sending.models import Gateway, InboundSegment

log = logging.getLogger(__name__)

_LONGEST_ADDRESS = 65
# Sent after the commit of each store that brought any; nobody who hears it can undo the store.
stored = Signal()


def insert(gateway: Gateway, received: Sequence[InboundIn], now: datetime) -> None:
    """Store segments within the caller's transaction."""
    InboundSegment.objects.bulk_create(_row(gateway, item, now) for item in received)
    for item in received:
        log.info("gateway %s: a message from …%s is kept", gateway.pk, _plain(item.source)[-2:])


def _row(gateway: Gateway, item: InboundIn, now: datetime) -> InboundSegment:
    return InboundSegment(
        gateway_id=gateway.pk,
        source=_plain(item.source)[:_LONGEST_ADDRESS],
        destination=_plain(item.destination)[:_LONGEST_ADDRESS],
        data_coding=item.data_coding,
        esm_class=item.esm_class,
        octets=item.octets,
        text=_plain(item.text),
        reference=item.reference,
        segments=item.segments,
        segment=item.segment,
        received_at=now,
        due_at=now,
    )


def _plain(text: str) -> str:
    """Return text that a column takes: PostgreSQL knows no NUL."""
    return text.replace("\x00", "")
