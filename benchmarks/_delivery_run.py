"""One part of `bench delivery` in a process of its own; prints what it found as a JSON line.

    python -m benchmarks._delivery_run PART MESSAGES

It runs in the environment that the measured programs get: VAR_DIR, DATABASE_URL, REDIS_URL.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import _delivery_parts, _kannel, _sending
from benchmarks._peer import Peer
from benchmarks._programs import CpuMeter, StartedProgram, command

if TYPE_CHECKING:
    from sending.models import Gateway, SendTask

FOLDER = Path(os.environ.get("VAR_DIR", "var"))
LIMIT_SECONDS = 300.0
# Whatever hangs: then everything that was started is ended, and the part counts as failed.
PART_SECONDS = 600
OTPS = 200
OTPS_A_SECOND = 5
OTP_FIRST = 900_000


class Stage:
    """A peer, a gateway to it, and running workers."""

    def __init__(self, peer: Peer, gateway: "Gateway", programs: Sequence[StartedProgram]) -> None:
        self.peer = peer
        self.gateway = gateway
        self.programs = programs
        self.meter = CpuMeter()

    def look(self) -> None:
        """Note the CPU of everybody."""
        for program in self.programs:
            self.meter.look(program.name, [program.pid])
        self.meter.look("message centre", [self.peer.pid])
        self.meter.look("postgresql", _sending.backends())


@contextmanager
def stage(
    peer_settings: dict[str, object],
    gateway_fields: dict[str, Any],
    workers: Mapping[str, Sequence[str]],
) -> Iterator[Stage]:
    """Start everything, wait until the gateway is bound, and stop it afterwards."""
    with ExitStack() as stack:
        peer = stack.enter_context(Peer(FOLDER / "accepted.jsonl", **peer_settings))
        gateway = _sending.make_gateway(peer.port, **gateway_fields)
        programs = []
        for name, line in workers.items():
            program = StartedProgram(name, line, os.environ, FOLDER)
            stack.callback(program.kill)
            stack.callback(program.stop)
            programs.append(program)
        if not _sending.wait_until(lambda: _sending.is_bound(gateway), 60, every=0.1):
            raise TimeoutError(f"no worker bound; see {FOLDER}/*.out")
        yield Stage(peer, gateway, programs)


def _workers(*names: str) -> dict[str, Sequence[str]]:
    return {name: command(name, FOLDER) for name in names}


def throughput(messages: int) -> dict[str, Any]:
    """Send one task at full speed with a receipt for every message."""
    with stage({"receipts": 1}, {}, _workers("send", "work")) as on:
        return _full_speed(on, messages)


def kannel(messages: int) -> dict[str, Any]:
    """Send as many through Kannel, which hands every receipt to a URL."""
    return _kannel.run(messages, FOLDER, fetched=True)


def kannel_kept(messages: int) -> dict[str, Any]:
    """Send as many through Kannel, where receipts stay in its store: the least that it can do."""
    return _kannel.run(messages, FOLDER, fetched=False)


def parts(messages: int) -> dict[str, Any]:
    """Measure what the engine is made of: the codec without rows, and the rows without codec."""
    return _delivery_parts.measure(messages, FOLDER)


def otp(messages: int) -> dict[str, Any]:
    """Send 200 one-time passwords at 5 a second while a bulk task fills the same bind."""
    with stage({}, {"rate": 500}, _workers("send")) as on:
        member = _sending.make_member()
        bulk = _sending.make_task(member, on.gateway, 0, messages)
        singles = [
            _sending.make_task(
                member, on.gateway, OTP_FIRST + index, 1, lane="OTP", values=[["1234", "5"]]
            )
            for index in range(OTPS)
        ]
        _sending.send(bulk)
        began = time.time()
        pressed: dict[str, float] = {}
        for index, single in enumerate(singles):
            _sending.rest(began + 2 + index / OTPS_A_SECOND - time.time())
            _sending.send(single)
            pressed[_sending.number(OTP_FIRST + index)] = time.time()
        _sending.wait_until(lambda: _sending.states(bulk).keys() == {"SUBMITTED"}, LIMIT_SECONDS)
        return _otp_found(on, pressed)


def _otp_found(on: Stage, accepted_at: dict[str, float]) -> dict[str, Any]:
    at_peer = {item.to: at_seconds(item.at) for item in on.peer.accepted()}
    waits = sorted((at_peer[to] - at) * 1000 for to, at in accepted_at.items() if to in at_peer)
    bulk = [at for to, at in at_peer.items() if to not in accepted_at]
    return {
        "otps": len(accepted_at),
        "otp_missing": len(accepted_at) - len(waits),
        "p50_ms": round(waits[len(waits) // 2], 1),
        "p95_ms": round(waits[int(len(waits) * 0.95)], 1),
        "most_ms": round(waits[-1], 1),
        "bulk_seconds": round(max(bulk) - min(bulk), 1),
        "bulk_per_second": round(len(bulk) / (max(bulk) - min(bulk)), 1),
        "peer_counts": on.peer.counts(),
    }


def cancel(messages: int) -> dict[str, Any]:
    """Cancel a task at 1,000/s in its third second, by POST, and compare page and peer."""
    from django.test import Client

    from accounts.tests.factories import log_in
    from sending.send_tasks.queries.progress import progress_of

    with stage({}, {"rate": 1000}, _workers("send", "work")) as on:
        member = _sending.make_member()
        task = _sending.make_task(member, on.gateway, 0, messages)
        client = log_in(Client(), member)
        _sending.send(task)
        _sending.rest(3)
        asked = time.time()
        answer = client.post(f"/tasks/{task.pk}/cancel/")
        answered = time.time()
        _sending.wait_until(lambda: _sending.states(task).keys() <= {"SUBMITTED", "CANCELLED"}, 60)
        _sending.rest(2)
        last = max(at_seconds(item.at) for item in on.peer.accepted())
        progress = progress_of(task.organization, task.pk).whole
        return {
            "status": answer.status_code,
            "post_ms": round((answered - asked) * 1000, 1),
            "last_after_ms": round((last - answered) * 1000, 1),
            "page_left_us": progress.handed_over,
            "cancelled": _sending.states(task).get("CANCELLED", 0),
            "peer_accepted": sum(1 for _item in on.peer.accepted()),
            "states_by_counters": _sending.states(task),
            "states_by_messages": _sending.recount([task]),
        }


def window_10(messages: int) -> dict[str, Any]:
    """Send through a window of 10 to a peer that answers after 20 ms."""
    with stage({"delay_ms": 20}, {"window": 10}, _workers("send")) as on:
        return _answers_only(on, messages)


def window_100(messages: int) -> dict[str, Any]:
    """Send through a window of 100 to a peer that answers after 20 ms."""
    with stage({"delay_ms": 20}, {"window": 100}, _workers("send")) as on:
        return _answers_only(on, messages)


def _full_speed(on: Stage, messages: int) -> dict[str, Any]:
    task = _sending.make_task(_sending.make_member(), on.gateway, 0, messages)
    on.look()
    _sending.send(task)
    whole = _sending.wait_until(lambda: _sending.is_over([task]), LIMIT_SECONDS, look=on.look)
    return _found(on, task, whole=whole)


def _answers_only(on: Stage, messages: int) -> dict[str, Any]:
    """Time the submits at the peer; without receipts nothing becomes final."""
    task = _sending.make_task(_sending.make_member(), on.gateway, 0, messages)
    on.look()
    _sending.send(task)

    def submitted() -> bool:
        return _sending.states(task).keys() == {"SUBMITTED"}

    whole = _sending.wait_until(submitted, LIMIT_SECONDS, look=on.look)
    found = _found(on, task, whole=whole)
    times = sorted(at_seconds(item.at) for item in on.peer.accepted())
    found["peer_per_second"] = round((len(times) - 1) / (times[-1] - times[0]), 1)
    return found


def _found(on: Stage, task: "SendTask", *, whole: bool) -> dict[str, Any]:
    """Return rates and counts, from the database and from the peer's dump."""
    from django.db.models import Max

    from sending.models import Batch, Message, ReceiptInbox

    task.refresh_from_db()
    messages = Message.objects.filter(task_id=task.pk)
    last = messages.aggregate(last=Max("state_at"))["last"]
    seconds = (last - task.sent_at).total_seconds()
    accepted = [item.to for item in on.peer.accepted()]
    ours = set(messages.values_list("msisdn", flat=True))
    return {
        "messages": task.accepted,
        "complete": whole,
        "seconds": round(seconds, 2),
        "per_second": round(task.accepted / seconds, 1),
        "cpu_seconds": on.meter.seconds(),
        "states_by_counters": _sending.states(task),
        "states_by_messages": _sending.recount([task]),
        "batches_left": Batch.objects.count(),
        "inbox_left": ReceiptInbox.objects.count(),
        "peer_accepted": len(accepted),
        "peer_twice": len(accepted) - len(set(accepted)),
        "peer_not_ours": len(set(accepted) - ours),
        "peer_missing": len(ours - set(accepted)),
        "peer_counts": on.peer.counts(),
    }


def at_seconds(at: str) -> float:
    """Return a moment of the peer's dump as seconds since 1970."""
    from datetime import datetime

    return datetime.fromisoformat(at).timestamp()


PARTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "throughput": throughput,
    "kannel": kannel,
    "kannel-kept": kannel_kept,
    "parts": parts,
    "otp": otp,
    "cancel": cancel,
    "window-10": window_10,
    "window-100": window_100,
}


def _give_up(_number: int, _frame: object) -> None:
    raise TimeoutError(f"not done within {PART_SECONDS} seconds")


def main() -> None:
    """Run the part that the command line names."""
    part, messages = sys.argv[1:]
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(PART_SECONDS)
    _sending.set_up()
    found = PARTS[part](int(messages))
    print(json.dumps(found | {"load_average": os.getloadavg()}))


if __name__ == "__main__":
    main()
