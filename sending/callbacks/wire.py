"""The loop in which requests wait for their answers, in a thread of its own.

Whoever delivers asks the database in one thread and gives requests to this one, so that a hundred
slow receivers cost no more than a hundred open connections.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from sending.callbacks.post import CallbackAnswer, Posting, post
from sending.gateways.addresses import Network


class Wire:
    """Makes requests side by side; ends with the `with` block, when all have been answered.

    A lookup of a name whose servers are silent goes on after its request was given up, so there
    are `lookups` threads for them, many more than there are requests at a time.
    """

    def __init__(self, networks: Sequence[Network], lookups: int) -> None:
        self._networks = networks
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(lookups, "callback-lookup"))
        self._thread = threading.Thread(target=self._run, name="callbacks", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def post(self, posting: Posting) -> Future[CallbackAnswer]:
        """Begin a request; the future never has an exception."""
        return asyncio.run_coroutine_threadsafe(post(posting, self._networks), self._loop)

    def _run(self) -> None:
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        # Time for connections to be closed, but not for lookups: those end by themselves.
        for _round in range(3):
            self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
