"""The threads in which all senders of a process talk to the database: as many connections, no more.

A connection of its own for every bind slot would take more than the server has.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from sending.delivery.database import forget_connection

T = TypeVar("T")
_Work = tuple[Callable[[], Any], "Future[Any]"]


class DatabaseThreads:
    """So many threads, each with a connection that it keeps from its first work to the end."""

    def __init__(self, size: int) -> None:
        self._waiting: SimpleQueue[_Work | None] = SimpleQueue()
        self._threads = [
            # The process waits for its senders, and with them for all that they still write.
            threading.Thread(target=self._run, name=f"senders-database-{number}", daemon=True)
            for number in range(1, size + 1)
        ]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Have something done as soon as a thread is free, in the order of the calls."""
        future: Future[T] = Future()
        self._waiting.put((work, future))
        return future

    def end(self) -> None:
        """Let the threads end when everything is done that was submitted; returns at once."""
        for _thread in self._threads:
            self._waiting.put(None)

    @property
    def threads(self) -> list[threading.Thread]:
        """The threads, to be waited for."""
        return self._threads

    def _run(self) -> None:
        while (taken := self._waiting.get()) is not None:
            work, future = taken
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for it.
                future.set_exception(error)
        forget_connection()


class Turn:
    """One kind of work of one sender: never two at the same time, in the order of the calls."""

    def __init__(self, threads: DatabaseThreads) -> None:
        self._threads = threads
        self._free = asyncio.Lock()

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises.

        The turn is over when the work is, even if nobody waits for it any more.
        """
        loop = asyncio.get_running_loop()
        await self._free.acquire()
        future = self._threads.submit(work)
        future.add_done_callback(lambda _done: self._over(loop))
        return await asyncio.wrap_future(future)

    def _over(self, loop: asyncio.AbstractEventLoop) -> None:
        # A loop that is closed has nobody waiting.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._free.release)
