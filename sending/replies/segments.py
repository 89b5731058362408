"""From inbound segments to replies: each text once, as soon as it is as whole as it gets."""

import hashlib
import logging
import sys
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db import IntegrityError, OperationalError
from django.db.models import Min

from accounts import shared_time
from sending.delivery.database import durably, forget_connection
from sending.models import InboundSegment
from sending.replies import answered, assignment, recording
from sending.sms.reassembly import Gathered, gather, text_of

log = logging.getLogger(__name__)

# How long segments that did not come are waited for, and repetitions of those that did.
WAIT = timedelta(hours=24)
# Segments of one source that are looked at together, the keys of one call, and the texts of one
# key before it is the turn of the next.
_TOGETHER = 500
AT_ONCE = 500
A_TURN = 20
_TRIES = 3
# What could not be stored is tried again so much later, and delays nobody else.
_AGAIN_AFTER = timedelta(minutes=5)


class TextKey(NamedTuple):
    """What the segments of one text have in common (3GPP TS 23.040, 9.2.3.24.1)."""

    gateway_id: int
    source: str
    destination: str
    reference: int
    segments: int


def put_together_due(limit: int = AT_ONCE) -> int:
    """Make replies of the segments whose time has come; return how many keys had any."""
    due = InboundSegment.objects.filter(due_at__lte=shared_time.now())
    # Once each, however many texts wait: a handset that floods us keeps nobody from saying STOP.
    waiting = due.values(*TextKey._fields).annotate(since=Min("due_at"), first=Min("id"))
    rows = waiting.order_by("since", "first").values_list(*TextKey._fields)[:limit]
    keys = [TextKey(*row) for row in rows]
    for key in keys:
        _look_at(key)
    return len(keys)


def forget_done() -> int:
    """Delete segments that are part of a reply and can no longer be repeated; return how many."""
    done = InboundSegment.objects.filter(done_at__lt=shared_time.now() - WAIT)
    return done.delete()[0]


def _look_at(key: TextKey) -> None:
    """Put together what is there of texts, some in a turn; what goes wrong is tried again later."""
    tries = texts = 0
    while texts < A_TURN:
        try:
            with durably():
                if not _put_together(key):
                    return
            tries, texts = 0, texts + 1
        except (IntegrityError, OperationalError):
            # Two replies of one number at the same moment: the other one was quicker.
            tries += 1
            if tries == _TRIES:
                _postpone(key)
                return
        except Exception:  # noqa: BLE001 - it is logged there.
            # Whatever is wrong with one text, or with its organization, those of others go on.
            _postpone(key)
            return


def _postpone(key: TextKey) -> None:
    """Try again later what just went wrong."""
    log.error("replies through gateway %s must wait", key.gateway_id, exc_info=sys.exc_info())
    forget_connection()
    waiting = InboundSegment.objects.filter(due_at__isnull=False, **key._asdict())
    waiting.update(due_at=shared_time.now() + _AGAIN_AFTER)


def _put_together(key: TextKey) -> bool:
    """Make a reply of one text that is whole, or that was waited for long enough, if there is one.

    Return whether there may be another one: each has a transaction of its own, because each locks
    the audit trail of its organization. Segments are locked in the order of their ids, so that of
    two workers one gets all of a text and the other, after it, nothing.
    """
    rows = InboundSegment.objects.select_for_update().filter(**key._asdict())
    now = shared_time.now()
    waiting = (
        rows.filter(due_at__isnull=False) if key.segments > 1 else rows.filter(due_at__lte=now)
    )
    open_rows = list(waiting.order_by("pk")[: _TOGETHER if key.segments > 1 else 1])
    if len(open_rows) == _TOGETHER:
        # Nobody writes so much under one reference; the rest waits until these are over.
        rows.filter(due_at__lte=now, pk__gt=open_rows[-1].pk).update(due_at=now + _AGAIN_AFTER)
    for text in gather(_without_repetitions(key, open_rows), key.segments):
        give_up_at = min(row.received_at for row in text.rows) + WAIT
        if text.is_complete or give_up_at <= now:
            _settle(key, text)
            return True
        _set(text.rows, due_at=give_up_at)
    return False


def _settle(key: TextKey, text: Gathered[InboundSegment]) -> None:
    """Make a reply of a text, or leave it to operators where nobody is known to have asked."""
    first = min(text.rows, key=lambda row: row.received_at)
    assigned = assignment.assign(
        first.gateway_id, first.source, first.destination, first.received_at
    )
    if assigned is None:
        _set(text.rows, due_at=None, unassigned_at=shared_time.now())
        log.info("segment %s of gateway %s answers no message", first.pk, first.gateway_id)
        return
    reply = recording.record(
        assigned,
        gateway_id=first.gateway_id,
        originator=first.destination,
        text=text_of(text.parts, key.segments),
        is_incomplete=not text.is_complete,
        received_at=max(row.received_at for row in text.rows),
    )
    answered.note(assigned.message, reply)
    _leave(key, text.rows)


def _without_repetitions(key: TextKey, rows: Sequence[InboundSegment]) -> list[InboundSegment]:
    """Return the segments that are part of no reply yet; the repeated ones leave."""
    done = InboundSegment.objects.filter(done_at__isnull=False, **key._asdict())
    known = {(segment, bytes(octets)) for segment, octets in done.values_list("segment", "octets")}
    repeated = [row for row in rows if (row.segment, _digest(row)) in known]
    _delete(repeated)
    return [row for row in rows if row not in repeated] if repeated else list(rows)


def _leave(key: TextKey, rows: Sequence[InboundSegment]) -> None:
    """Let segments go; of texts of several, what tells a repetition stays for a day."""
    if key.segments == 1:
        _delete(rows)
        return
    for row in rows:
        row.octets, row.text, row.due_at, row.done_at = _digest(row), "", None, shared_time.now()
    InboundSegment.objects.bulk_update(rows, ["octets", "text", "due_at", "done_at"])


def _digest(row: InboundSegment) -> bytes:
    return hashlib.sha256(bytes(row.octets)).digest()


def _set(rows: Iterable[InboundSegment], **fields: object) -> None:
    InboundSegment.objects.filter(pk__in=[row.pk for row in rows]).update(**fields)


def _delete(rows: Sequence[InboundSegment]) -> None:
    InboundSegment.objects.filter(pk__in=[row.pk for row in rows]).delete()
