"""The story of `chaos`: tasks and a program send while things break, then everything is counted."""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import _disks, _receiver, _sending
from benchmarks._api_run import Console
from benchmarks._chaos_count import count_answers, count_messages
from benchmarks._disks import SmallDisk
from benchmarks._doors import DoorNumbers, Doors
from benchmarks._doors_count import count_doors
from benchmarks._faults import (
    CLOCKS,
    KINDS,
    OF_DISKS,
    OF_DOORS,
    OF_HOSTS,
    USUAL,
    Breaker,
    Disks,
    Fault,
    Programs,
    doubts_allowed,
    plan,
)
from benchmarks._hosts import Host
from benchmarks._limit import OutOfTime, lift
from benchmarks._patient_program import heard
from benchmarks._peer import Peer
from benchmarks._programs import StartedProgram
from benchmarks._services import Services, free_port
from benchmarks._settling import RETRY_SECONDS, ask, tell_what_is_missing, wait_until_settled

if TYPE_CHECKING:
    from accounts.models import Member
    from sending.models import Gateway, SendTask

# With answers after 150 ms, enough for the rate, and mostly full.
WINDOWS = {"short": 10, "long": 50}
BINDS = 1
TASKS = 4
JOURNAL_MEGABYTES = 4
_PROGRAMS = ("web", "send", "callbacks", "work")
_OF_SECOND = ("web-2", "send-2")
# Of all messages, one in so many is sent by a program through the API, and so many at least.
API_SHARE, API_LEAST = 10, 100
SHORT = 5000
SETTLE_SECONDS = 120.0
# Whoever is called back is down at first, is up, and is down again: (begin, end) as shares.
_RECEIVER_UP = ((0.35, 0.6), (0.8, None))
BIND_SECONDS = 180.0


def run(
    messages: int,
    seed: int,
    services: Services,
    *,
    hosts: bool = False,
    disks: bool = False,
    doors: bool = False,
) -> dict[str, Any]:
    """Send so many messages under the plan of this seed; return what was counted.

    `hosts` are two instead of one, with PgBouncer in between; `disks` can be full; `doors` are the
    others, beside tasks and SendSms.
    """
    folder = Path(os.environ["VAR_DIR"])
    _sending.set_up()
    short = messages <= SHORT
    window = WINDOWS["short" if short else "long"]
    kinds = KINDS + hosts * OF_HOSTS + disks * OF_DISKS + doors * OF_DOORS
    seconds = (45.0 if short else max(120.0, messages / 250)) * len(kinds) / len(KINDS)
    faults = plan(seed, seconds, 1 if short else max(2, round(seconds / 60)), kinds)
    binds = 2 * BINDS if hosts else BINDS
    beside = DoorNumbers.beside(messages if doors else 0)
    with ExitStack() as stack:
        second = Host(folder, services.database_url) if hosts else None
        small = _small_disks(folder, second, services) if disks else {}
        stack.callback(_disks.take_away, folder)
        peer = stack.enter_context(Peer(folder / "accepted.jsonl", **USUAL))
        gateway = _sending.make_gateway(
            peer.port,
            window=window,
            bind_slots=binds,
            # So slow that there is something on the wire at every fault.
            rate=max(10, int((messages + beside.segments) / seconds)),
            response_timeout=5,
            # As the peer does it: one segment of a text can arrive, and another one be lost.
            receipts_per_segment=True,
        )
        receiver = _receiver.Receiver(folder, os.environ)
        stack.callback(receiver.kill)
        member = _sending.make_member()
        _receiver.call_back(member, receiver.url)
        of_program = min(messages, max(API_LEAST, messages // API_SHARE))
        asked = [_sending.number(index) for index in range(messages - of_program, messages)]
        identity = Console(member).identity
        tasks = _make_tasks(member, gateway, messages - of_program)
        port = free_port()
        others = Doors(member, folder, beside)
        programs = Programs(folder, _between(stack, second), port, second)
        stack.callback(programs.stop)
        stack.callback(lift)
        for name in (*_PROGRAMS, *(_OF_SECOND if second else ()), *doors * ("smpp",)):
            programs.start(name)
        _wait_for_connections(gateway, folder, hosts=hosts)
        write_export = partial(ask, partial(_ask_for_export, member, tasks[0]))
        breaker = Breaker(programs, services, peer, second, Disks(small, write_export))
        log = folder / "answered.jsonl"
        program = _start_program(
            identity,
            port=port,
            other_port=second.port if second else 0,
            first=messages - of_program,
            messages=of_program,
            seconds=seconds,
            seed=seed,
            log=str(log),
        )
        stack.callback(program.kill)
        stack.callback(others.kill)
        others.start(port, seconds, faults)
        try:
            deeds = [*_presses(tasks, seed, seconds), *_downtimes(receiver, seconds)]
            _play(faults, deeds, breaker)
            settled = wait_until_settled(peer, others, program, SETTLE_SECONDS)
        except OutOfTime:
            tell_what_is_missing(peer)
            raise
        counts = (
            lambda _found: count_messages(
                peer, doubts_allowed(faults, window, binds), beside.every
            ),
            lambda found: count_answers(asked, heard(log), found),
            lambda _found: _receiver.count(receiver),
            lambda _found: count_doors(others, peer),
            lambda _found: _count_of_hosts(faults, breaker),
        )
        found = _counted(counts)
    return {
        "messages": messages,
        "seed": seed,
        "faults": [fault._asdict() for fault in faults],
        "settled_seconds": round(settled, 1),
        "load_average": os.getloadavg(),
        **found,
    }


def _counted(counts: Sequence[Callable[[dict[str, Any]], dict[str, Any]]]) -> dict[str, Any]:
    """Count one thing after the other; each is given what was counted before."""
    found: dict[str, Any] = {}
    for count in counts:
        found |= ask(partial(count, found))
    return found


def _between(stack: ExitStack, second: Host | None) -> dict[str, str]:
    """Return the environment of the programs; with two hosts they go through PgBouncer."""
    if second is None:
        return dict(os.environ)
    stack.enter_context(second.pgbouncer)
    return {**os.environ, "DATABASE_URL": second.pgbouncer.url, "BEHIND_PGBOUNCER": "on"}


def _small_disks(folder: Path, second: Host | None, services: Services) -> dict[str, SmallDisk]:
    """Return the disks that are filled: that of the last host's journals, of uploads, and data."""
    journal = second.journal if second else folder / "journal"
    assert services.disk
    return {
        "journal": SmallDisk(journal, JOURNAL_MEGABYTES),
        "uploads": SmallDisk(folder / "uploads", JOURNAL_MEGABYTES),
        "database": services.disk,
    }


def _wait_for_connections(gateway: "Gateway", folder: Path, *, hosts: bool) -> None:
    """Return when every send worker holds its share of the connections."""
    if not _sending.wait_until(lambda: _sending.is_bound(gateway), BIND_SECONDS, every=0.1):
        raise TimeoutError(f"the send worker did not bind; see {folder}/send.out")
    if hosts and not _sending.wait_until(_hosts_share, BIND_SECONDS, every=0.1):
        raise TimeoutError(f"the slots were not shared out; see {folder}/send-2.out")


def _hosts_share() -> bool:
    """Tell whether both send workers hold a connection."""
    return [slots for _name, slots in _slots_by_worker()] == [BINDS, BINDS]


def _ask_for_export(member: "Member", task: "SendTask") -> None:
    """Have a file written, as somebody does who wants to see the messages."""
    from kombu.exceptions import OperationalError

    from sending.models import ExportKind
    from sending.reports.actions import ask_for_export

    try:
        asked = {"task": task.pk}
        ask_for_export(member=member, kind=ExportKind.TASK, asked=asked, name="chaos.csv")
    except OperationalError:
        # The wake-up was lost with the broker; a worker looks all the same.
        return


def _count_of_hosts(faults: Sequence[Fault], breaker: Breaker) -> dict[str, Any]:
    """Return what became of wrong clocks, and of the files that were asked for on a full disk."""
    from sending.models import Export

    return {
        "hosts": _slots_by_worker(),
        "clocks_moved": sum(fault.kind in CLOCKS for fault in faults),
        "clocks_noticed": breaker.clocks_noticed,
        "exports": list(Export.objects.values_list("state", flat=True)),
    }


def _slots_by_worker() -> list[tuple[str, int]]:
    from sending.models import LiveWorker, WorkerKind

    live = LiveWorker.objects.live().filter(kind=WorkerKind.SEND.value)
    return list(live.order_by("name").values_list("name", "slots"))


def _start_program(identity: Mapping[str, str], **load: Any) -> StartedProgram:
    """Start the program that sends by the API; see PatientLoad for what it is told."""
    told = json.dumps({**identity, "connections": 0, **load})
    line = [sys.executable, "-m", "benchmarks._patient_program", told]
    return StartedProgram("program", line, os.environ, Path(os.environ["VAR_DIR"]))


def _make_tasks(member: "Member", gateway: "Gateway", messages: int) -> list["SendTask"]:
    share = messages // TASKS
    firsts = [index * share for index in range(TASKS)]
    return [
        _sending.make_task(member, gateway, first, share if index < TASKS - 1 else messages - first)
        for index, first in enumerate(firsts)
    ]


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

    _sending.wait_until(lambda: ask(press), RETRY_SECONDS)
