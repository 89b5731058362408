"""Texts of several segments: kept in the database until the last one is there.

Each segment is committed before it is answered, so that a server that stops forgets none; they may
come by any bind, and by any server.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from accounts import shared_time
from sending.delivery.database import durably
from sending.lifecycle import MessageState
from sending.models import PartState, SmppAccount, SmppPart, SmppReceipt
from sending.models.message import take_ids
from sending.models.smpp_part import PARTS_MISSING
from sending.smpp_server import repeating
from sending.smpp_server.reading import SubmittedPdu, text_of

PATIENCE = timedelta(minutes=10)
"""After that, a text of which a segment is missing has failed."""
_AT_ONCE = 500

# With a place of the caller's.
Segment = tuple[int, SubmittedPdu]


class _TextKey(NamedTuple):
    """What the segments of one text have in common; references come again and again."""

    destination: str
    source: str
    reference: int
    total: int


@dataclass(slots=True)
class WholeText:
    """A text that is complete: its segments in their order, and what a message is made of."""

    rows: list[SmppPart]
    text: str


@dataclass(slots=True)
class KeptParts:
    """What became of segments: the row of each, by its place among those given, and texts.

    What is left for `later` is of texts whose reference a complete one still has: store it when
    that one is accepted.
    """

    rows: dict[int, SmppPart] = field(default_factory=dict)
    whole: list[WholeText] = field(default_factory=list)
    later: list[Segment] = field(default_factory=list)


def store(
    account: SmppAccount, segments: Sequence[Segment], before_commit: Callable[[KeptParts], None]
) -> KeptParts:
    """Keep segments, each given with a place of the caller's, and return what is complete now.

    A segment that is there already, with the same octets, is the same one. With others it begins
    the next text, and the one before has failed.
    """
    ids = iter(take_ids(len(segments)))
    with durably():
        # Two servers must not store the last two segments of a text side by side.
        SmppAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        rows = [(place, _row(account, next(ids), one), one) for place, one in segments]
        repeating.note_repeated([row for _place, row, _one in rows])
        keeping = _Keeping(_waiting(account, segments))
        for place, row, submission in rows:
            keeping.keep(place, row, submission)
        before_commit(keeping.kept)
    return keeping.kept


class _Keeping:
    """Takes segments one after the other; `waiting` are those stored, by text and place."""

    def __init__(self, waiting: defaultdict[_TextKey, dict[int, SmppPart]]) -> None:
        self.kept = KeptParts()
        self._waiting = waiting
        self._complete: dict[_TextKey, dict[int, SmppPart]] = {}
        self._later: set[_TextKey] = set()

    def keep(self, place: int, row: SmppPart, submission: SubmittedPdu) -> None:
        """Store a segment, unless it is there already or its turn comes later."""
        key = _key(row)
        if (complete := self._complete.get(key)) is not None:
            if key not in self._later and _is_same(complete.get(row.place), row):
                self.kept.rows[place] = complete[row.place]
            else:
                self._later.add(key)
                self.kept.later.append((place, submission))
            return
        there = self._waiting[key]
        self.kept.rows[place] = _keep(there, row)
        if len(there) < row.total:
            return
        self._complete[key] = there
        if message_id := repeating.repeated_message(there.values()):
            repeating.join(there.values(), message_id)
        else:
            self.kept.whole.append(_whole(there))


def _waiting(
    account: SmppAccount, segments: Sequence[Segment]
) -> defaultdict[_TextKey, dict[int, SmppPart]]:
    """Return the segments that wait for others of these, by their text and their place in it."""
    numbers = {submission.destination_addr for _place, submission in segments}
    found: defaultdict[_TextKey, dict[int, SmppPart]] = defaultdict(dict)
    waiting = SmppPart.objects.waiting()
    for row in waiting.filter(account_id=account.pk, destination_addr__in=numbers):
        found[_key(row)][row.place] = row
    return found


def _key(row: SmppPart) -> _TextKey:
    return _TextKey(row.destination_addr, row.source_addr, row.reference, row.total)


def _is_same(before: SmppPart | None, row: SmppPart) -> bool:
    return before is not None and bytes(before.octets) == bytes(row.octets)


def _keep(there: dict[int, SmppPart], row: SmppPart) -> SmppPart:
    """Store a segment among those of its text; return its row, or the one it repeats."""
    before = there.get(row.place)
    if before is not None and _is_same(before, row):
        return before
    overdue = any(one.at < row.at - PATIENCE for one in there.values())
    if before is not None or overdue:
        if message_id := repeating.repeated_message(there.values()):
            repeating.join(there.values(), message_id)
        else:
            fail(there.values(), PARTS_MISSING)
        there.clear()
    row.save(force_insert=True)
    there[row.place] = row
    return row


def _row(account: SmppAccount, pk: int, submission: SubmittedPdu) -> SmppPart:
    part = submission.part
    if part is None:
        raise ValueError("a whole text has no segments")
    row = SmppPart(
        id=pk,
        organization_id=account.organization_id,
        account_id=account.pk,
        state=PartState.WAITING.value,
        reference=part.reference,
        total=part.segments,
        place=part.segment,
        source_addr=submission.source_addr,
        source_ton=submission.source_ton,
        source_npi=submission.source_npi,
        destination_addr=submission.destination_addr,
        dest_ton=submission.dest_ton,
        dest_npi=submission.dest_npi,
        service_type=submission.service_type,
        registered_delivery=submission.registered_delivery,
        user_message_reference=submission.user_message_reference,
        data_coding=submission.coding,
        octets=submission.octets,
        multi_id=submission.multi.id if submission.multi else None,
        due_at=submission.due_at,
        valid_until=submission.valid_until,
        at=shared_time.now(),
    )
    row.digest = repeating.digest_of(row)
    return row


def _whole(there: dict[int, SmppPart]) -> WholeText:
    rows = [there[place] for place in sorted(there)]
    return WholeText(rows, text_of([(row.data_coding, bytes(row.octets)) for row in rows]))


def fail(rows: Iterable[SmppPart], code: str) -> None:
    """Note that the text of segments was not accepted, and owe the receipts that they ask for."""
    failed = list(rows)
    ids = [row.pk for row in failed]
    waiting = SmppPart.objects.waiting().filter(pk__among=ids)
    waiting.update(state=PartState.FAILED.value, code=code, octets=b"")
    codes = dict.fromkeys(ids, code)
    SmppReceipt.objects.owe(MessageState.REJECTED, failed, codes, shared_time.now())


def fail_overdue() -> int:
    """Fail the texts of which a segment has not come; return how many segments were there."""
    before = shared_time.now() - PATIENCE
    with durably():
        overdue = SmppPart.objects.waiting().filter(at__lt=before)
        rows = list(overdue.select_for_update(skip_locked=True).order_by("at")[:_AT_ONCE])
        if rows:
            fail(rows, PARTS_MISSING)
    return len(rows)
