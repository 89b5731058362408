"""The clock a session runs on; an asyncio event loop is one, a test brings its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """Something that will happen unless it is cancelled."""

    def cancel(self) -> None:
        """Make it not happen."""
        ...


class Clock(Protocol):
    """Seconds that only go forward, and calls at a later one of them."""

    def time(self) -> float:
        """Now, in seconds from an arbitrary start."""
        ...

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Timer:
        """Call ``callback`` after ``delay`` seconds."""
        ...
