"""The senders of one worker: one for each bind slot of its share, and the thread that applies."""

import logging
import secrets
import socket
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from sending.delivery.database import forget_connection
from sending.delivery.queue import circuit_breaker
from sending.delivery.queue.failover import Failover
from sending.delivery.receipts import inbox
from sending.delivery.sender import bind_slots, kept_journals, recovery
from sending.delivery.sender.database_threads import DatabaseThreads
from sending.delivery.sender.marks import Watcher
from sending.delivery.sender.sender import Build, Sender
from sending.delivery.sender.sharing import Slot, shares
from sending.gateways import registry
from sending.models import Gateway, LiveWorker, WorkerKind

log = logging.getLogger(__name__)

_WATCH_SECONDS = 1.0
_APPLY_SECONDS = 1.0
# Receipts that overtook the result they speak of would have to be looked at again.
_BEHIND = timedelta(seconds=0.5)
# Of a burst as many as possible are applied together.
_GATHER_SECONDS = 0.2
_FORGET_EVERY = 3600.0


def _nothing(_directory: Path) -> None:
    """Do nothing while the console is held."""


class SenderManager:
    """Starts and stops senders as gateways and other send workers come, change, and go."""

    def __init__(
        self,
        directory: Path,
        build: Build = registry.build,
        *,
        while_held: Callable[[Path], object] = _nothing,
        keep_days: int = 14,
    ) -> None:
        """`while_held` is called every second while the console is held and nothing is open.

        Journals that are resolved are kept in `directory` for `keep_days`.
        """
        self._directory = directory
        self._build = build
        self._while_held = while_held
        self._keep_days = keep_days
        self._forgot_at = 0.0
        self._watcher = Watcher(directory)
        # Several may run on one host.
        self._name = f"{WorkerKind.SEND}@{socket.gethostname()[:80]}:{secrets.token_hex(4)}"
        self._database = DatabaseThreads(settings.SEND_CONNECTIONS)
        self._senders: dict[Slot, Sender] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._received = threading.Event()
        self._failover = Failover()
        self._threads = [
            threading.Thread(target=self._watch_until_the_end),
            threading.Thread(target=self._loop, args=(self._apply, self._received, _APPLY_SECONDS)),
        ]

    def start(self) -> None:
        """Begin; returns at once."""
        for thread, name in zip(self._threads, ("senders-watch", "senders-apply"), strict=True):
            thread.name = name
            thread.start()
        self._database.start()

    def notify(self) -> None:
        """Say that something is due."""
        with self._lock:
            for sender in self._senders.values():
                sender.notify()

    def stop(self) -> None:
        """Tell all to drain and end; returns at once."""
        self._stopping.set()
        self._received.set()
        with self._lock:
            for sender in self._senders.values():
                sender.stop()

    def join(self, seconds: float) -> bool:
        """Wait until all have ended; False when time was over first."""
        limit = bind_slots.clock() + seconds
        with self._lock:
            users = [*self._threads, *self._senders.values()]
        ended = _wait_for(users, limit)
        if ended:
            # Not before: senders write down what they know to the last.
            self._database.end()
        return ended and _wait_for(self._database.threads, limit)

    def _loop(self, work: Callable[[], None], wake: threading.Event, seconds: float) -> None:
        """Do `work` every so often, and at once when woken up."""
        while not self._stopping.is_set():
            if not threading.main_thread().is_alive():
                # Celery gave up, for example because the broker takes nothing any more, and told
                # nobody. Nothing can be sent without it; who started us starts another worker.
                log.error("the worker is gone: senders stop")
                self.stop()
                break
            try:
                work()
            except (DatabaseError, InterfaceError, OSError):
                log.exception("%s must try again", threading.current_thread().name)
                forget_connection()
            wake.wait(seconds)
            if not self._stopping.is_set():
                wake.clear()
        forget_connection()

    def _watch_until_the_end(self) -> None:
        """Watch, and leave the slots to others as soon as this worker is told to stop."""
        try:
            self._loop(self._watch, self._stopping, _WATCH_SECONDS)
            LiveWorker.objects.filter(pk=self._name).delete()
        except (DatabaseError, InterfaceError):
            log.warning("%s is not signed off: the database is away", self._name, exc_info=True)
        finally:
            forget_connection()

    def _watch(self) -> None:
        """Settle what the dead left, lead messages around what fails, keep the own share alive.

        While the console is held nobody binds, and what the dead left waits for the comparison.
        """
        if self._watcher.look():
            self._keep_alive(set())
            if not self._senders:
                self._while_held(self._directory)
            return
        self._forget_journals()
        settled = recovery.recover_dead(self._directory)
        circuit_breaker.watch()
        if self._failover.move_waiting() or settled:
            self.notify()
        wanted: set[Slot] = set()
        for gateway in Gateway.objects.exclude(mode=Gateway.Mode.STOPPED):
            bind_slots.make_slots(gateway.pk, gateway.bind_slots)
            wanted |= {(gateway.pk, number) for number in range(1, gateway.bind_slots + 1)}
        self._keep_alive(wanted)

    def _forget_journals(self) -> None:
        if not self._forgot_at or bind_slots.clock() - self._forgot_at > _FORGET_EVERY:
            self._forgot_at = bind_slots.clock()
            kept_journals.forget_kept(self._directory, self._keep_days)

    def _keep_alive(self, wanted: set[tuple[int, int]]) -> None:
        """Have a sender for each of these slots, and for no other."""
        with self._lock:
            for slot in [slot for slot, sender in self._senders.items() if not sender.is_alive()]:
                del self._senders[slot]
            held = [slot for slot, sender in self._senders.items() if not sender.stopping]
        LiveWorker.beat(WorkerKind.SEND, self._name, slots=len(held))
        ours = shares(
            wanted,
            held,
            bind_slots.free(),
            workers=LiveWorker.objects.names(WorkerKind.SEND),
            me=self._name,
        )
        with self._lock:
            for slot in ours.take:
                # One that still drains has its slot, and is not begun anew before it has ended.
                if slot not in self._senders:
                    self._begin(slot)
            for slot in {*ours.give_back, *(self._senders.keys() - wanted)}:
                self._senders[slot].stop()

    def _begin(self, slot: Slot) -> None:
        if self._stopping.is_set():
            return
        sender = Sender(
            *slot,
            directory=self._directory,
            threads=self._database,
            on_receipts=self._received.set,
            build=self._build,
        )
        self._senders[slot] = sender
        sender.start()

    def _apply(self) -> None:
        """Apply receipts until none is due; those of a burst together, behind their answers."""
        self._stopping.wait(_BEHIND.total_seconds())
        while not self._stopping.is_set() and (applied := inbox.apply_due(behind=_BEHIND)):
            if applied < inbox.APPLY_AT_ONCE:
                self._stopping.wait(_GATHER_SECONDS)


def _wait_for(threads: Iterable[threading.Thread], limit: float) -> bool:
    """Wait for threads until a moment of `bind_slots.clock()`; tell whether all have ended."""
    waited_for = list(threads)
    for thread in waited_for:
        # One that was never started cannot be waited for.
        if thread.is_alive():
            thread.join(max(0.0, limit - bind_slots.clock()))
    return not any(thread.is_alive() for thread in waited_for)
