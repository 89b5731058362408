"""Segments that come again although their text was accepted: the client never heard our answer.

Such a segment belongs to the message that its text became, whose receipts it gets too; nothing is
sent twice. But a client that gives every text the same reference may mean another text that only
begins alike. So nothing is decided before all segments are there, or none comes for a while.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import cache
from hashlib import blake2b, sha256

from django.conf import settings
from django.db.models import Exists, OuterRef

from accounts import shared_time
from sending.delivery.database import durably
from sending.lifecycle import OVER_STATES
from sending.models import Message, PartState, SmppAccount, SmppPart, SmppReceipt

KNOWN_FOR = timedelta(minutes=10)
"""For so long after its text was accepted a segment is known again."""
QUIET = timedelta(seconds=30)
"""After that no other segment follows one that came again."""
_AT_ONCE = 500
_OVER = frozenset(state.value for state in OVER_STATES)
_SAME_TEXT = ("account_id", "destination_addr", "source_addr", "reference", "total")


def digest_of(row: SmppPart) -> int:
    """Return 63 bits, keyed with SECRET_KEY, of everything that two of the same segment share."""
    same = [getattr(row, name) for name in (*_SAME_TEXT, "place", "data_coding")]
    written = repr([*same, row.user_message_reference, bytes(row.octets)]).encode()
    octets = blake2b(written, digest_size=8, key=_key(settings.SECRET_KEY)).digest()
    return int.from_bytes(octets, "big") >> 1


@cache
def _key(secret: str) -> bytes:
    return sha256(b"smpp segments:" + secret.encode()).digest()


def note_repeated(rows: Collection[SmppPart]) -> None:
    """Note of segments that are not stored yet which messages have them already."""
    since = shared_time.now() - KNOWN_FOR
    before = SmppPart.objects.filter(
        digest__among=[row.digest for row in rows], state=PartState.ACCEPTED.value, at__gt=since
    )
    known = dict(before.order_by("pk").values_list("digest", "message_id"))
    for row in rows:
        row.repeats_message_id = known.get(row.digest)


def repeated_message(rows: Iterable[SmppPart]) -> int | None:
    """Return the message of which all of these came again; None if they are another text."""
    found = {row.repeats_message_id for row in rows}
    return found.pop() if len(found) == 1 else None


def join(rows: Collection[SmppPart], message_id: int) -> None:
    """Let segments that came again belong to their message; after its end they get its receipts.

    Within the transaction of the caller, which has locked the account.
    """
    # Its end, which another process may write just now, must find them or be found.
    message = Message.objects.select_for_update(no_key=True).filter(pk=message_id).first()
    shown = SmppPart.objects.filter(message_id=message_id).values_list("shown", flat=True).first()
    SmppPart.objects.waiting().filter(pk__among=[row.pk for row in rows]).update(
        state=PartState.ACCEPTED.value, message_id=message_id, octets=b"", shown=shown or ""
    )
    if message is not None and message.state in _OVER:
        SmppReceipt.objects.owe_end(message, rows, shared_time.now())


def join_quiet() -> None:
    """Join the segments that came again and that no other has followed."""
    before = shared_time.now() - QUIET
    others = SmppPart.objects.waiting().filter(
        **{name: OuterRef(name) for name in _SAME_TEXT}, repeats_message_id=None
    )
    quiet = SmppPart.objects.waiting().filter(
        ~Exists(others), repeats_message_id__isnull=False, at__lt=before
    )
    for account_id in quiet.values_list("account_id", flat=True).distinct():
        with durably():
            # No segment comes between.
            SmppAccount.objects.select_for_update(no_key=True).get(pk=account_id)
            rows = list(quiet.filter(account_id=account_id).order_by("at")[:_AT_ONCE])
            for message_id in {row.repeats_message_id for row in rows}:
                join([row for row in rows if row.repeats_message_id == message_id], message_id)
