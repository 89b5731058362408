"""The story of `chaos`: tasks are sent while the plan breaks things, then everything is counted."""

import os
import random
import sys
import time
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks import _receiver, _sending
from benchmarks._faults import USUAL, Breaker, Fault, Programs, doubts_allowed, plan
from benchmarks._limit import OutOfTime, lift, within
from benchmarks._peer import Peer
from benchmarks._services import Services, free_port

if TYPE_CHECKING:
    from sending.models import Gateway, SendTask

T = TypeVar("T")
# With answers after 150 ms, enough for the rate, and mostly full.
WINDOWS = {"short": 10, "long": 50}
BINDS = 1
TASKS = 4
SHORT = 5000
SETTLE_SECONDS = 120.0
# Whoever is called back is down at first, is up, and is down again: (begin, end) as shares.
_RECEIVER_UP = ((0.35, 0.6), (0.8, None))
BIND_SECONDS = 180.0
RETRY_SECONDS = 60.0
_TELL_SECONDS = 15.0
# Not at the peer, and we say so: in doubt, or still waiting, which is counted by itself.
_ACCOUNTED = {"IN_DOUBT", "QUEUED", "SUBMITTING"}


def run(messages: int, seed: int, services: Services) -> dict[str, Any]:
    """Send so many messages under the plan of this seed; return what was counted."""
    folder = Path(os.environ["VAR_DIR"])
    _sending.set_up()
    short = messages <= SHORT
    window = WINDOWS["short" if short else "long"]
    seconds = 45.0 if short else max(120.0, messages / 250)
    faults = plan(seed, seconds, 1 if short else max(2, round(seconds / 60)))
    with ExitStack() as stack:
        peer = stack.enter_context(Peer(folder / "accepted.jsonl", **USUAL))
        gateway = _sending.make_gateway(
            peer.port,
            window=window,
            bind_slots=BINDS,
            # So slow that there is something on the wire at every fault.
            rate=max(10, int(messages / seconds)),
            response_timeout=5,
        )
        receiver = _receiver.Receiver(folder, os.environ)
        stack.callback(receiver.kill)
        tasks = _make_tasks(gateway, messages, receiver.url)
        programs = Programs(folder, os.environ, free_port())
        stack.callback(programs.stop)
        stack.callback(lift)
        for name in ("web", "send", "callbacks", "work"):
            programs.start(name)
        if not _sending.wait_until(lambda: _sending.is_bound(gateway), BIND_SECONDS, every=0.1):
            raise TimeoutError(f"the send worker did not bind; see {folder}/send.out")
        breaker = Breaker(programs, services, peer)
        try:
            deeds = [*_presses(tasks, seed, seconds), *_downtimes(receiver, seconds)]
            _play(faults, deeds, breaker)
            began = time.monotonic()
            settle = partial(_ask, lambda: _is_settled(tasks, peer))
            _sending.wait_until(settle, SETTLE_SECONDS, every=1)
            settled = time.monotonic() - began
        except OutOfTime:
            _tell_what_is_missing(tasks, peer)
            raise
        found = _ask(lambda: _count(tasks, peer, doubts_allowed(faults, window, BINDS)))
        found |= _ask(lambda: _receiver.count(receiver, _message_ids(tasks)))
    return {
        "messages": messages,
        "seed": seed,
        "faults": [fault._asdict() for fault in faults],
        "settled_seconds": round(settled, 1),
        "load_average": os.getloadavg(),
        **found,
    }


def _make_tasks(gateway: "Gateway", messages: int, url: str) -> list["SendTask"]:
    member = _sending.make_member()
    _receiver.call_back(member, url)
    share = messages // TASKS
    firsts = [index * share for index in range(TASKS)]
    return [
        _sending.make_task(member, gateway, first, share if index < TASKS - 1 else messages - first)
        for index, first in enumerate(firsts)
    ]


def _message_ids(tasks: Sequence["SendTask"]) -> list[int]:
    from sending.models import Message

    messages = Message.objects.filter(task_id__in=[task.pk for task in tasks])
    return list(messages.values_list("pk", flat=True))


def _downtimes(receiver: _receiver.Receiver, seconds: float) -> list[tuple[float, Any]]:
    """Return when the receiver comes up and when it is killed."""
    begins = [(begin * seconds, receiver.start) for begin, _end in _RECEIVER_UP]
    ends = [(end * seconds, receiver.kill) for _begin, end in _RECEIVER_UP if end]
    return [*begins, *ends]


def _presses(tasks: Sequence["SendTask"], seed: int, seconds: float) -> list[tuple[float, Any]]:
    """Return when which task is sent, and how: the first at once, the others at random moments."""
    draw = random.Random(seed + 1)
    moments = [0.0, *sorted(draw.uniform(0.0, seconds / 3) for _task in tasks[1:])]
    return [(at, partial(_press, task)) for at, task in zip(moments, tasks, strict=True)]


def _play(faults: Sequence[Fault], deeds: Sequence[tuple[float, Any]], breaker: Breaker) -> None:
    events: list[tuple[float, Any]] = sorted(
        [*deeds, *((fault.at, fault) for fault in faults)], key=lambda event: event[0]
    )
    began = time.monotonic()
    for at, event in events:
        _sending.rest(began + at - time.monotonic())
        if isinstance(event, Fault):
            print(f"{time.monotonic() - began:7.1f} s  {event.kind}", file=sys.stderr, flush=True)
            breaker.do(event)
        else:
            event()


def _press(task: "SendTask") -> None:
    """Press Send until it is sent, as somebody would who sees an error page."""
    from kombu.exceptions import OperationalError

    def press() -> bool:
        task.refresh_from_db()
        if task.sent_at is None:
            try:
                _sending.send(task)
            except OperationalError:
                # The wake-up was lost with the broker; the task is sent all the same.
                task.refresh_from_db()
        return task.sent_at is not None

    _sending.wait_until(lambda: _ask(press), RETRY_SECONDS)


def _ask(work: Callable[[], T]) -> T:
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


def _is_settled(tasks: Sequence["SendTask"], peer: Peer) -> bool:
    """Tell whether nothing moves any more: no batch, and a receipt for all that was accepted."""
    from sending.models import Batch, ReceiptInbox

    if Batch.objects.exists() or ReceiptInbox.objects.filter(tries__lt=6).exists():
        return False
    if _receiver.has_waiting():
        return False
    delivered = _sending.recount(tasks).get("DELIVERED", 0)
    return delivered >= peer.counts()["accepted"]


def _tell_what_is_missing(tasks: Sequence["SendTask"], peer: Peer) -> None:
    """Print how far everything came, as far as the database can still be asked."""
    from django.db import DatabaseError, connection

    from sending.models import Batch, ReceiptInbox

    try:
        with within(_TELL_SECONDS):
            connection.close()
            told = f"{_sending.recount(tasks)}, open batches {Batch.objects.count()}"
            told += f", receipts unmatched {ReceiptInbox.objects.count()}, peer {peer.counts()}"
    except (DatabaseError, OutOfTime) as problem:
        told = f"the database does not say: {problem}"
    print(f"What there was at the end: {told}", file=sys.stderr)


def _count(tasks: Sequence["SendTask"], peer: Peer, doubts: int) -> dict[str, Any]:
    """Compare the database with the peer's own dump, number by number."""
    from sending.models import Attention, Message, ReceiptInbox, TaskEvent

    messages = Message.objects.filter(task_id__in=[task.pk for task in tasks])
    state_of = dict(messages.values_list("msisdn", "state"))
    accepted = Tally(item.to for item in peer.accepted())
    in_doubt = messages.filter(state="IN_DOUBT").values_list("pk", flat=True)
    explained = Attention.objects.filter(message_id__in=list(in_doubt)).exclude(code="")
    refused = set(messages.filter(state__in=("REJECTED", "EXPIRED")).values_list("msisdn"))
    counts = peer.counts()
    by_counters = sum((Tally(_sending.states(task)) for task in tasks), Tally())
    events = TaskEvent.objects.filter(code="in_doubt").values_list("params", flat=True)
    return {
        "states_by_messages": _sending.recount(tasks),
        "states_by_counters": dict(by_counters),
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
