"""When `chaos` is over: nothing moves any more; and what there was if it never is."""

import sys
import time
from collections.abc import Callable
from typing import TypeVar

from benchmarks import _receiver, _sending
from benchmarks._chaos_count import states
from benchmarks._doors import Doors
from benchmarks._limit import OutOfTime, within
from benchmarks._peer import Peer
from benchmarks._programs import StartedProgram

T = TypeVar("T")
RETRY_SECONDS = 60.0
_TELL_SECONDS = 15.0


def ask(work: Callable[[], T]) -> T:
    """Ask the database, again while it is away."""
    from django.db import DatabaseError, InterfaceError, connection

    deadline = time.monotonic() + RETRY_SECONDS
    while True:
        try:
            return work()
        except (DatabaseError, InterfaceError):
            connection.close()
            if time.monotonic() > deadline:
                raise
            _sending.rest(0.5)


def what_moves(peer: Peer, others: Doors) -> list[str]:
    """Return what is not at rest: batches, exports, callbacks, doors, receipts that are owed."""
    from sending.models import Batch, Export, ReceiptInbox

    heard_of, accepted = _segments_heard_of(), peer.counts()["accepted"]
    moving = {
        "batches": Batch.objects.exists(),
        "receipts in the inbox": ReceiptInbox.objects.filter(tries__lt=6).exists(),
        "exports": Export.objects.filter(state__in=("WAITING", "RUNNING")).exists(),
        "callbacks": _receiver.has_waiting(),
        f"receipts, heard of {heard_of} of {accepted} segments": heard_of < accepted,
    }
    return [name for name, moves in moving.items() if moves] + others.what_moves()


def _segments_heard_of() -> int:
    """Return how many segments were delivered, or belong to texts of which some are in doubt."""
    from django.db.models import Q, Sum

    from sending.models import Message

    heard_of = Q(state="DELIVERED") | Q(state="IN_DOUBT", segments__gt=1)
    segments = Message.objects.filter(heard_of).aggregate(sum=Sum("segments"))["sum"]
    return int(segments or 0)


def wait_until_settled(peer: Peer, others: Doors, program: StartedProgram, seconds: float) -> float:
    """Wait until nothing moves any more; say what still does after that. Return the seconds."""
    began = time.monotonic()

    def moving() -> list[str]:
        return ["the program"] * program.alive + ask(lambda: what_moves(peer, others))

    if not _sending.wait_until(lambda: not moving(), seconds, every=1):
        print(f"Still moving: {', '.join(moving())}", file=sys.stderr)
        tell_what_is_missing(peer)
    return time.monotonic() - began


def tell_what_is_missing(peer: Peer) -> None:
    """Print how far everything came, as far as the database can still be asked."""
    from django.db import DatabaseError, connection

    from sending.models import Batch, ReceiptInbox

    try:
        with within(_TELL_SECONDS):
            connection.close()
            told = f"{states()}, open batches {Batch.objects.count()}"
            told += f", receipts unmatched {ReceiptInbox.objects.count()}, peer {peer.counts()}"
    except (DatabaseError, OutOfTime) as problem:
        told = f"the database does not say: {problem}"
    print(f"What there was at the end: {told}", file=sys.stderr)
