"""The simulator's limit of messages a second."""

from __future__ import annotations

from sending.smpp.clock import Clock


class RateLimit:
    """A token bucket that holds one second of the rate; no rate, no limit."""

    def __init__(self, rate: float | None, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._tokens = rate or 0.0
        self._filled_at = clock.time()

    def allows(self) -> bool:
        """Take one message out of the bucket, if there is one."""
        if self._rate is None:
            return True
        now = self._clock.time()
        refilled = self._tokens + (now - self._filled_at) * self._rate
        self._tokens = min(max(self._rate, 1.0), refilled)
        self._filled_at = now
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
