"""The senders of one worker: one for each bind slot it can get, and the thread that applies."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError, InterfaceError

from sending.delivery.database import forget_connection
from sending.delivery.queue import circuit_breaker
from sending.delivery.queue.failover import Failover
from sending.delivery.receipts import inbox
from sending.delivery.sender import bind_slots, recovery
from sending.delivery.sender.sender import Build, Sender
from sending.gateways import registry
from sending.models import Gateway

log = logging.getLogger(__name__)

_WATCH_SECONDS = 1.0
_APPLY_SECONDS = 1.0
# Receipts that overtook the result they speak of would have to be looked at again.
_BEHIND = timedelta(seconds=0.5)
# Of a burst as many as possible are applied together.
_GATHER_SECONDS = 0.2


class SenderManager:
    """Starts and stops senders as gateways come, change, and go."""

    def __init__(self, directory: Path, build: Build = registry.build) -> None:
        self._directory = directory
        self._build = build
        self._senders: dict[tuple[int, int], Sender] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._received = threading.Event()
        self._failover = Failover()
        self._threads = [
            threading.Thread(target=self._loop, args=(self._watch, self._stopping, _WATCH_SECONDS)),
            threading.Thread(target=self._loop, args=(self._apply, self._received, _APPLY_SECONDS)),
        ]

    def start(self) -> None:
        """Begin; returns at once."""
        for thread, name in zip(self._threads, ("senders-watch", "senders-apply"), strict=True):
            thread.name = name
            thread.start()

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
            threads = [*self._threads, *self._senders.values()]
        for thread in threads:
            # One that was never started cannot be waited for.
            if thread.is_alive():
                thread.join(max(0.0, limit - bind_slots.clock()))
        return not any(thread.is_alive() for thread in threads)

    def _loop(self, work: Callable[[], None], wake: threading.Event, seconds: float) -> None:
        """Do `work` every so often, and at once when woken up."""
        while not self._stopping.is_set():
            try:
                work()
            except (DatabaseError, InterfaceError, OSError):
                log.exception("%s must try again", threading.current_thread().name)
                forget_connection()
            wake.wait(seconds)
            if not self._stopping.is_set():
                wake.clear()
        forget_connection()

    def _watch(self) -> None:
        """Settle what the dead left, lead messages around what fails, keep every slot alive."""
        settled = recovery.recover_dead(self._directory)
        circuit_breaker.watch()
        if self._failover.move_waiting() or settled:
            self.notify()
        wanted: set[tuple[int, int]] = set()
        for gateway in Gateway.objects.exclude(mode=Gateway.Mode.STOPPED):
            bind_slots.make_slots(gateway.pk, gateway.bind_slots)
            wanted |= {(gateway.pk, number) for number in range(1, gateway.bind_slots + 1)}
        with self._lock:
            for slot in [slot for slot, sender in self._senders.items() if not sender.is_alive()]:
                del self._senders[slot]
            for slot in wanted - self._senders.keys():
                self._begin(slot)
            for slot in self._senders.keys() - wanted:
                self._senders[slot].stop()

    def _begin(self, slot: tuple[int, int]) -> None:
        if self._stopping.is_set():
            return
        sender = Sender(
            *slot,
            directory=self._directory,
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
