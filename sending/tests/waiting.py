"""Waiting for what other threads and processes do, without sleeping for a time.

Limits are generous: they cost nothing when all goes well, and a machine may be slow.
"""

import threading
from collections.abc import Callable


def wait_until(condition: Callable[[], object], timeout: float = 120.0, step: float = 0.02) -> None:
    """Return as soon as `condition` holds; fail when it does not within `timeout` seconds."""
    pause = threading.Event()
    for _ in range(max(1, int(timeout / step))):
        if condition():
            return
        pause.wait(step)
    raise AssertionError(f"not within {timeout} seconds: {condition}")
