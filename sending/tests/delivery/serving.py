"""A message centre on an event loop of its own, for tests that do not run on one."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def served(centre: Any) -> Iterator[Any]:
    """Enter an asynchronous context in a thread; the centre serves until the test is done.

    What is done to it in between must go through its `loop`.
    """
    loop = centre.loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(20)

    try:
        run(centre.__aenter__())
        yield centre
    finally:
        run(centre.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()
