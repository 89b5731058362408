"""The outbox as a server works on it: what it takes in hand, and what clients answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from accounts import shared_time
from sending.models import InboundMessage, OutboxKind, SmppAccount, SmppPart, SmppReceipt
from sending.smpp.pdu import DeliverSm
from sending.smpp_server.receipt_text import deliver_sm
from sending.smpp_server.replies import reply_deliver_sm

# Longer than a client may take for its answer: then somebody else may try.
LEASE = timedelta(seconds=90)
# Answers that say no for good, after which a receipt is a dead letter.
MOST_REFUSALS = 3
REFUSED_AGAIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class InHand:
    """A receipt that this server delivers now; None where what it tells of is erased."""

    pk: int
    subject_id: int
    message_id: int
    pdu: DeliverSm | None


@dataclass(frozen=True, slots=True)
class NotTaken:
    """An answer other than ESME_ROK, or none: when it is tried again, and whether it counts."""

    pk: int
    error: str
    again_after: timedelta
    counts: bool


def due(account_ids: Sequence[int]) -> list[int]:
    """Return those of the accounts that have something to be given now."""
    waiting = SmppReceipt.objects.waiting().filter(
        account_id=OuterRef("pk"), due_at__lte=shared_time.now()
    )
    accounts = SmppAccount.objects.filter(pk__in=account_ids).filter(Exists(waiting))
    return list(accounts.values_list("pk", flat=True))


def claim(account: SmppAccount, most: int) -> list[InHand]:
    """Take the oldest that are due in hand, for as long as LEASE; no other server does."""
    now = shared_time.now()
    waiting = SmppReceipt.objects.waiting().filter(account_id=account.pk, due_at__lte=now)
    with transaction.atomic():
        rows = list(waiting.select_for_update(skip_locked=True).order_by("pk")[:most])
        SmppReceipt.objects.filter(pk__among=[row.pk for row in rows]).update(due_at=now + LEASE)
    pdus = _pdus(account, rows)
    return [InHand(row.pk, row.subject_id, row.message_id, pdus.get(row.pk)) for row in rows]


def _pdus(account: SmppAccount, rows: Sequence[SmppReceipt]) -> Mapping[int, DeliverSm]:
    """Return the PDUs of rows, but for what was erased."""
    zone = account.zone
    receipts = [row for row in rows if row.kind == OutboxKind.RECEIPT.value]
    parts = SmppPart.objects.in_bulk({row.subject_id for row in receipts})
    replies = InboundMessage.objects.in_bulk(
        {row.subject_id for row in rows if row.kind == OutboxKind.REPLY.value}
    )
    pdus = {}
    for row in rows:
        if row.kind == OutboxKind.REPLY.value:
            reply = replies.get(row.subject_id)
            if reply is not None and reply.msisdn:
                pdus[row.pk] = reply_deliver_sm(reply.msisdn, reply.originator, reply.text)
        else:
            part = parts.get(row.subject_id)
            if part is not None and part.destination_addr:
                pdus[row.pk] = deliver_sm(part, row, zone)
    return pdus


def delivered(ids: Sequence[int]) -> None:
    """Forget what clients have: they answered ESME_ROK, or nothing is left to tell."""
    SmppReceipt.objects.filter(pk__among=ids).delete()


def refused(answers: Iterable[NotTaken]) -> None:
    """Put off what clients did not take; after some refusals for good it is a dead letter."""
    now = shared_time.now()
    for answer in answers:
        row = SmppReceipt.objects.filter(pk=answer.pk)
        counts = 1 if answer.counts else 0
        row.update(
            attempts=F("attempts") + counts, error=answer.error, due_at=now + answer.again_after
        )
        if answer.counts:
            row.filter(attempts__gte=MOST_REFUSALS).update(dead_at=now)


def put_back(ids: Sequence[int]) -> None:
    """Give back what was in hand when a bind was lost; it is due at once, in its old place."""
    SmppReceipt.objects.filter(pk__among=ids).update(due_at=shared_time.now())


def push_again(account: SmppAccount, ids: Sequence[int]) -> int:
    """Deliver dead letters of an account once more; return how many there were."""
    dead = SmppReceipt.objects.dead().filter(account_id=account.pk, pk__among=ids)
    return dead.update(dead_at=None, attempts=0, error="", due_at=shared_time.now())


def forget(account: SmppAccount, now: datetime) -> int:
    """Delete what an account did not fetch in time; return how many."""
    before = now - timedelta(days=account.keep_days)
    return SmppReceipt.objects.filter(account_id=account.pk, at__lt=before).delete()[0]
