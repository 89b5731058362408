"""What breaks when: a plan drawn from a seed, and the hands that break it."""

import random
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks._peer import Peer
from benchmarks._programs import StartedProgram, command
from benchmarks._sending import rest
from benchmarks._services import Services

KINDS = (
    *("kill send", "kill work", "kill web", "redis flushed", "redis restarted"),
    *("postgresql restarted", "cut", "outage", "drop", "throttle", "receipts doubled"),
)
OUTAGE_SECONDS = 3.0
# Who is killed with whom: a kind of its own would move all others of a plan that a seed names.
_TOGETHER = {"work": ("work", "callbacks")}
# What is set for a while, and what it is otherwise. Receipts are always late and out of order.
USUAL = {
    "receipts": 1,
    "receipt_delay_ms": 300,
    "receipt_jitter_ms": 1500,
    "receipt_tries": 60,
    "delay_ms": 150,
    "drop_every": 0,
    "rate": 0,
}
_UNUSUAL = {
    "drop": {"drop_every": 11},
    "throttle": {"rate": 20},
    "receipts doubled": {"receipts": 2, "receipt_jitter_ms": 4000},
}


class Fault(NamedTuple):
    """One fault: seconds after the beginning, its kind, and how long it lasts."""

    at: float
    kind: str
    lasts: float


def plan(seed: int, seconds: float, rounds: int) -> list[Fault]:
    """Return every kind once a round, in random order at random moments, not two at once."""
    draw = random.Random(seed)
    kinds = [kind for _round in range(rounds) for kind in draw.sample(KINDS, len(KINDS))]
    slot = seconds / len(kinds)
    return [
        Fault(
            round((index + draw.uniform(0.0, 0.5)) * slot, 2),
            kind,
            round(draw.uniform(0.3, 0.5) * min(slot, 8.0), 2),
        )
        for index, kind in enumerate(kinds)
    ]


class Programs:
    """The console's own programs, which are killed and come back."""

    def __init__(self, folder: Path, environment: Mapping[str, str], port: int) -> None:
        self._folder = folder
        self._environment = environment
        self._port = port
        self._running: dict[str, StartedProgram] = {}

    def start(self, name: str) -> None:
        """Start one as the supervisor would."""
        line = command(name, self._folder, self._port)
        self._running[name] = StartedProgram(name, line, self._environment, self._folder)

    def kill(self, name: str) -> None:
        """End one at once, with its children."""
        self._running[name].kill()

    def stop(self) -> None:
        """End all in peace."""
        for program in self._running.values():
            program.stop()


class Breaker:
    """Does what the plan says, and undoes what can be undone."""

    def __init__(self, programs: Programs, services: Services, peer: Peer) -> None:
        self._programs = programs
        self._services = services
        self._peer = peer

    def do(self, fault: Fault) -> None:
        """Break something; return when it is whole again."""
        kind, _space, name = fault.kind.partition(" ")
        if fault.kind in _UNUSUAL:
            self._unusual(fault)
        elif kind == "kill":
            names = _TOGETHER.get(name, (name,))
            for each in names:
                self._programs.kill(each)
            rest(fault.lasts)
            for each in names:
                self._programs.start(each)
        else:
            self._deeds()[fault.kind](fault.lasts)

    def _unusual(self, fault: Fault) -> None:
        changed = _UNUSUAL[fault.kind]
        self._peer.tell(set=changed)
        rest(fault.lasts)
        self._peer.tell(set={name: USUAL[name] for name in changed})

    def _deeds(self) -> Mapping[str, Callable[[float], None]]:
        return {
            "redis flushed": self._flush,
            "redis restarted": self._restart_redis,
            "postgresql restarted": self._restart_postgresql,
            "cut": lambda _lasts: self._cut(0.05),
            "outage": lambda _lasts: self._cut(OUTAGE_SECONDS),
        }

    def _flush(self, _lasts: float) -> None:
        import redis

        with redis.Redis.from_url(self._services.redis_url) as client:
            client.flushall()

    def _restart_redis(self, lasts: float) -> None:
        self._services.redis.end(signal.SIGKILL)
        rest(lasts)
        self._services.redis.start()

    def _restart_postgresql(self, lasts: float) -> None:
        # An immediate shutdown: what was not on disk is gone, and the log is replayed.
        self._services.postgresql.end(signal.SIGQUIT)
        rest(lasts)
        self._services.postgresql.start()

    def _cut(self, seconds: float) -> None:
        self._peer.tell(outage_ms=int(seconds * 1000))
        rest(seconds)


def doubts_allowed(faults: Sequence[Fault], window: int, binds: int) -> int:
    """Return how many messages may be in doubt: those on the wire at a kill, cut or outage."""
    lost_answers = sum(fault.kind in {"kill send", "cut", "outage"} for fault in faults)
    return window * binds * lost_answers
