"""What `chaos` counts at the end: database, message centre, and what programs were answered."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks._patient_program import NO_ENVELOPE, HeardAnswer
from benchmarks._peer import Peer

# Not at the peer, and we say so: in doubt, or still waiting, which is counted by itself.
_ACCOUNTED = {"IN_DOUBT", "QUEUED", "SUBMITTING"}
# What no program should ever hear, whatever is broken.
_FAILURES = {NO_ENVELOPE, "InternalError"}
_OK = "Ok"


def states() -> dict[str, int]:
    """Return {state: messages} by the messages themselves."""
    from sending.models import Message

    return dict(Tally(Message.objects.values_list("state", flat=True)))


def count_messages(peer: Peer, doubts: int, others: Collection[str]) -> dict[str, Any]:
    """Compare the database with the peer's own dump, number by number.

    `others` may be sent several segments or messages: they are compared by `count_doors`.
    """
    from sending.models import Attention, Message, ReceiptInbox, TaskEvent
    from sending.tests.factories import counted

    messages = Message.objects.all()
    state_of = dict(messages.exclude(msisdn__in=others).values_list("msisdn", "state"))
    accepted = Tally(item.to for item in peer.accepted() if item.to not in others)
    in_doubt = messages.filter(state="IN_DOUBT").values_list("pk", flat=True)
    explained = Attention.objects.filter(message_id__in=list(in_doubt)).exclude(code="")
    refused = set(messages.filter(state__in=("REJECTED", "EXPIRED")).values_list("msisdn"))
    counts = peer.counts()
    events = TaskEvent.objects.filter(code="in_doubt").values_list("params", flat=True)
    return {
        "states_by_messages": states(),
        "states_by_counters": counted(),
        "uses_differ": sorted(map(str, _uses_by_rows() ^ _uses_by_messages())),
        "peer_counts": counts,
        "peer_accepted": accepted.total(),
        "twice": sorted(to for to, times in accepted.items() if times > 1),
        "not_ours": sorted(accepted.keys() - state_of.keys()),
        "lost": sorted(
            to
            for to in state_of.keys() - accepted.keys()
            if state_of[to] not in _ACCOUNTED and (to,) not in refused
        ),
        "invented": sorted(
            to
            for to in state_of.keys() - accepted.keys()
            if state_of[to] in {"SUBMITTED", "DELIVERED"}
        ),
        "unheard": sorted(to for to in accepted if state_of.get(to) == "SUBMITTED"),
        "in_doubt": len(in_doubt),
        "in_doubt_unexplained": len(in_doubt) - explained.count(),
        "in_doubt_after_kills": sum(params["count"] for params in events),
        "in_doubt_allowed": doubts + counts["dropped"],
        "accepted_yet_in_doubt": sum(state_of.get(to) == "IN_DOUBT" for to in accepted),
        "inbox_left": ReceiptInbox.objects.count(),
    }


def _uses_by_rows() -> set[tuple[Any, ...]]:
    """Return what was taken of the limits of days, as the rows have it."""
    from sending.models import DailyUse
    from sending.models.daily_use import UseKey

    rows = DailyUse.objects.exclude(messages=0)
    return set(rows.values_list(*UseKey._fields, "segments", "messages"))


def _uses_by_messages() -> set[tuple[Any, ...]]:
    """Return what the rows must say, by the messages themselves."""
    from sending.models.daily_use import uses_of

    uses = uses_of(_parts())
    return {(*key, *quantity) for key, quantity in uses.items() if quantity.messages}


def _parts() -> Iterator[tuple[int, int, int, str, Any]]:
    from sending.models import Message, SendTask
    from sending.models.counter import NEVER_LEAVE
    from sending.models.daily_use import Quantity

    hours = dict(SendTask.objects.exclude(sent_at=None).values_list("pk", "accepted_hour"))
    fields = ("organization_id", "application_id", "country", "segments")
    rows = Message.objects.exclude(state__in=NEVER_LEAVE)
    for task, hour, owner, application, country, segments in rows.values_list(
        "task_id", "accepted_hour", *fields
    ):
        of_day = (hours[task] if task else hour) // 100
        yield owner, application, of_day, country, Quantity(segments, 1)


def count_answers(
    asked: Sequence[str], heard: Iterable[HeardAnswer], found: Mapping[str, Any]
) -> dict[str, Any]:
    """Compare what programs were answered with the messages; `found` is of `count_messages`."""
    from sending.models import ApiMessage, Message

    failed: Tally[str] = Tally()
    answers = 0
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in heard:
        failed[each.code] += bool(each.code)
        answers += not each.code
        for number, (serial, code) in zip(each.numbers, each.said, strict=False):
            said[number].add((serial, code))
    serials = {to: {serial for serial, code in pairs if code == _OK} for to, pairs in said.items()}
    ok = {number for number, of_number in serials.items() if of_number}
    of_programs = ApiMessage.objects.values_list("message_id", flat=True)
    stored: dict[str, list[str]] = defaultdict(list)
    rows = Message.objects.filter(pk__in=of_programs, msisdn__in=asked)
    for pk, number in rows.values_list("pk", "msisdn"):
        stored[number].append(str(pk))
    return {
        "api_numbers": len(asked),
        "api_answers": answers,
        "api_calls_without": dict(+failed),
        "api_failures": sum(failed[code] for code in _FAILURES),
        "api_unanswered": sorted(set(asked) - said.keys()),
        "api_refused": {to: sorted(said[to]) for to in sorted(said.keys() - ok)},
        "api_answers_differ": sorted(to for to, pairs in said.items() if len(pairs) > 1),
        "api_ok": len(ok),
        "api_lost": sorted(
            to for to in ok if to in found["lost"] or not serials[to] <= set(stored.get(to, ()))
        ),
        "api_twice": sorted(to for to in ok if to in found["twice"] or len(stored[to]) > 1),
        "api_not_ok_but_stored": sorted(stored.keys() - ok),
    }
