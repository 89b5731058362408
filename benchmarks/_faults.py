"""What breaks when: a plan drawn from a seed, and the hands that break it."""

import random
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks._disks import SmallDisk
from benchmarks._hosts import Host
from benchmarks._peer import Peer
from benchmarks._programs import StartedProgram, command
from benchmarks._sending import rest, wait_until
from benchmarks._services import Services

KINDS = (
    *("kill send", "kill work", "kill web", "redis flushed", "redis restarted"),
    *("postgresql restarted", "cut", "outage", "drop", "throttle", "receipts doubled"),
)
# What breaks besides: with several hosts, with the SMPP server, and where disks can be filled.
OF_HOSTS = ("kill send-2", "kill web-2", "clock ahead", "clock behind", "pgbouncer restarted")
OF_DOORS = ("kill smpp",)
OF_DISKS = ("disk full: journal", "disk full: uploads", "disk full: database")
CLOCKS = {"clock ahead": 3600.0, "clock behind": -3600.0}
_NOTICE_SECONDS = 30.0
_WRONG_SECONDS = 1800.0
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


def plan(
    seed: int, seconds: float, rounds: int, kinds_of_a_round: Sequence[str] = KINDS
) -> list[Fault]:
    """Return every kind once a round, in random order at random moments, not two at once."""
    draw = random.Random(seed)
    kinds = [kind for _round in range(rounds) for kind in _drawn(draw, kinds_of_a_round)]
    slot = seconds / len(kinds)
    return [
        Fault(
            round((index + draw.uniform(0.0, 0.5)) * slot, 2),
            kind,
            round(draw.uniform(0.3, 0.5) * min(slot, 8.0), 2),
        )
        for index, kind in enumerate(kinds)
    ]


def _drawn(draw: random.Random, kinds: Sequence[str]) -> list[str]:
    return draw.sample(kinds, len(kinds))


class Programs:
    """The console's own programs, which are killed and come back."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], port: int, second: Host | None = None
    ) -> None:
        self._folder = folder
        self._environment = environment
        self._port = port
        self._second = second
        self._running: dict[str, StartedProgram] = {}

    def start(self, name: str) -> None:
        """Start one as the supervisor would; NAME-2 is the one of the second host."""
        kind, _dash, of_second = name.partition("-")
        if of_second:
            assert self._second
            line = self._second.line(command(kind, self._folder, self._second.port))
            environment = self._second.environment(self._environment)
        else:
            line, environment = command(kind, self._folder, self._port), self._environment
        self._running[name] = StartedProgram(name, line, environment, self._folder)

    def kill(self, name: str) -> None:
        """End one at once, with its children."""
        self._running[name].kill()

    def start_again(self) -> None:
        """Start those that have ended, as the supervisor would."""
        for name in [name for name, program in self._running.items() if not program.alive]:
            self.start(name)

    def stop(self) -> None:
        """End all in peace."""
        for program in self._running.values():
            program.stop()


class Disks(NamedTuple):
    """The disks that are filled, and what writes a file to that of uploads."""

    by_name: Mapping[str, SmallDisk]
    write_export: Callable[[], object]


class Breaker:
    """Does what the plan says, and undoes what can be undone."""

    def __init__(
        self,
        programs: Programs,
        services: Services,
        peer: Peer,
        second: Host | None = None,
        disks: Disks | None = None,
    ) -> None:
        self._programs = programs
        self._services = services
        self._peer = peer
        self._second = second
        self._disks = disks
        self.clocks_noticed = 0

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
        elif kind == "clock":
            assert self._second
            # One that starts meanwhile would be refused, and nothing would go on under it.
            wait_until(_both_send, _NOTICE_SECONDS, every=0.2)
            self._second.move_clock(CLOCKS[fault.kind])
            rest(fault.lasts)
            # The workers of that host go on meanwhile, and say themselves that it is wrong.
            self.clocks_noticed += wait_until(_clock_is_noticed, _NOTICE_SECONDS, every=0.2)
            self._second.move_clock(0.0)
            self._programs.start_again()
        elif kind == "disk":
            self._fill(fault.kind.rpartition(" ")[2], fault.lasts)
        else:
            self._deeds()[fault.kind](fault.lasts)

    def _fill(self, name: str, lasts: float) -> None:
        assert self._disks
        disk = self._disks.by_name[name]
        disk.fill()
        if name == "uploads":
            self._disks.write_export()
        rest(lasts)
        disk.empty()
        # A server that could not write its log has ended, to start with what it had written.
        if name == "database" and not self._services.postgresql.alive:
            self._services.postgresql.start()

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
            "pgbouncer restarted": self._restart_pgbouncer,
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

    def _restart_pgbouncer(self, lasts: float) -> None:
        assert self._second
        self._second.pgbouncer.kill()
        rest(lasts)
        self._second.pgbouncer.start()

    def _cut(self, seconds: float) -> None:
        self._peer.tell(outage_ms=int(seconds * 1000))
        rest(seconds)


def _both_send() -> bool:
    """Tell whether two send workers have shown themselves just now."""
    return len(_offsets(timedelta(seconds=3))) == 2


def _clock_is_noticed() -> bool:
    """Tell whether a send worker says itself that its clock is wrong."""
    return any(abs(offset) > _WRONG_SECONDS for offset in _offsets(timedelta(seconds=3)))


def _offsets(lately: timedelta) -> list[float]:
    """Return what send workers said of their clocks; nothing while the database is away."""
    from django.db import DatabaseError, InterfaceError, connection

    from accounts import shared_time
    from sending.models import LiveWorker, WorkerKind

    try:
        seen = LiveWorker.objects.filter(
            kind=WorkerKind.SEND.value, beat_at__gte=shared_time.now() - lately
        )
        return list(seen.values_list("clock_offset", flat=True))
    except (DatabaseError, InterfaceError):
        connection.close()
        return []


_LOSE_ANSWERS = {"kill send", "kill send-2", "cut", "outage"}


def doubts_allowed(faults: Sequence[Fault], window: int, binds: int) -> int:
    """Return how many messages may be in doubt: those on the wire at a kill, cut or outage."""
    lost_answers = sum(fault.kind in _LOSE_ANSWERS for fault in faults)
    return window * binds * lost_answers
