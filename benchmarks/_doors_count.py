"""What `chaos` counts of the other doors: what clients heard, the database, and the peer."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from benchmarks._door_log import DoorEvent, events
from benchmarks._doors import Doors
from benchmarks._patient_smpp import LONG_EVERY, SEGMENTS
from benchmarks._peer import Peer

# At the peer, or the network says what became of it.
_SENT = {"SUBMITTED", "DELIVERED"}
_OVER = {"DELIVERED", "UNDELIVERABLE", "EXPIRED", "REJECTED", "CANCELLED", "BLOCKED"}


class _Stored(NamedTuple):
    """A message of a door."""

    pk: int
    segments: int
    state: str


def count_doors(doors: Doors, peer: Peer) -> dict[str, Any]:
    """Compare all three."""
    from sending.models import Message

    smpp, twilio = list(events(doors.smpp_log)), list(events(doors.twilio_log))
    stored: dict[str, list[_Stored]] = defaultdict(list)
    rows = Message.objects.filter(msisdn__in=doors.numbers.every)
    for number, *row in rows.values_list("msisdn", "pk", "segments", "state"):
        stored[number].append(_Stored(*row))
    accepted = Tally(item.to for item in peer.accepted())
    return {
        **_of_all(doors, [*smpp, *twilio], stored, accepted),
        **_of_smpp(doors, smpp),
        **_of_twilio(twilio, stored),
        "twilio_messages": len(doors.numbers.twilio),
        "verify_codes": len(doors.numbers.codes),
    }


def _of_all(
    doors: Doors,
    heard: Iterable[DoorEvent],
    stored: dict[str, list[_Stored]],
    accepted: Tally[str],
) -> dict[str, Any]:
    times = {what: Tally[str]() for what in ("ok", "none", "failed", "refused")}
    for event in heard:
        times.setdefault(event.what, Tally())[event.number] += 1
    every = sorted(doors.numbers.every)
    segments = {to: sum(each.segments for each in stored[to]) for to in every}
    sent = {to: sum(each.segments for each in stored[to] if each.state in _SENT) for to in every}
    # A program with a key cannot ask twice; without one, each lost answer may be a message.
    may_be = {to: 1 + times["none"][to] for to in doors.numbers.smpp}
    return {
        "doors_numbers": len(every),
        "doors_messages": sum(map(len, stored.values())),
        "doors_at_peer": sum(accepted[to] for to in every),
        "doors_heard": {what: tally.total() for what, tally in times.items()},
        "doors_refused": sorted(times["refused"]),
        "doors_lost": sorted(
            to for to in every if times["ok"][to] and (not stored[to] or accepted[to] < sent[to])
        ),
        "doors_twice": sorted(to for to in every if accepted[to] > segments[to]),
        "doors_stored_too_often": sorted(to for to in every if len(stored[to]) > may_be.get(to, 1)),
        "doors_unknown_stored_again": sum(len(stored[to]) > 1 for to in doors.numbers.smpp),
    }


def _of_smpp(doors: Doors, heard: Iterable[DoorEvent]) -> dict[str, Any]:
    """Return what became of every PDU that was answered with ESME_ROK, and of its receipt."""
    from sending.models import Message, SmppPart

    ok: dict[int, DoorEvent] = {}
    receipts: Tally[int] = Tally()
    for event in heard:
        if event.what == "ok":
            ok[int(event.said)] = event
        elif event.what == "receipt":
            receipts[int(event.said)] += 1
    joined = dict(SmppPart.objects.filter(pk__in=ok).values_list("pk", "message_id"))
    over = Message.objects.filter(pk__in=[pk for pk in joined.values() if pk], state__in=_OVER)
    ended = set(over.values_list("pk", flat=True))
    owed = {part for part, message in joined.items() if message in ended}
    answered = {(event.number, event.name) for event in ok.values()}
    long = -(-len(doors.numbers.smpp) // LONG_EVERY)
    return {
        "smpp_pdus": len(doors.numbers.smpp) + long * (SEGMENTS - 1),
        "smpp_pdus_ok": len(answered),
        "smpp_ok_not_stored": sorted(ok.keys() - joined.keys()),
        # Of texts that are accepted: their receipts would say that they failed.
        "smpp_segments_waiting": sum(message is None for message in joined.values()),
        "smpp_receipts_owed": len(owed),
        "smpp_receipts_missing": sorted(owed - receipts.keys()),
        "smpp_receipts_again": receipts.total() - len(receipts),
        "smpp_receipts_unknown": sorted(receipts.keys() - ok.keys()),
    }


def _of_twilio(heard: Iterable[DoorEvent], stored: dict[str, list[_Stored]]) -> dict[str, Any]:
    """Return what became of messages with a key, and of codes."""
    from accounts.sids import sid_of

    said: dict[str, set[str]] = defaultdict(set)
    verified = 0
    for event in heard:
        if event.what == "ok" and event.name == "message":
            said[event.number].add(event.said)
        verified += event.what == "ok" and event.name == "approved"
    return {
        "twilio_ok": len(said),
        "twilio_answers_differ": sorted(to for to, sids in said.items() if len(sids) > 1),
        "twilio_ok_not_stored": sorted(
            to
            for to, sids in said.items()
            if not sids <= {sid_of("SM", each.pk) for each in stored[to]}
        ),
        "verify_approved": verified,
    }
