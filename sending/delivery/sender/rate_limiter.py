"""Pacing: one bind's share of its gateway's rate, and patience when the gateway throttles."""

import time
from collections.abc import Callable

# Unused time that may be caught up with: a sleeping loop wakes up late by about a millisecond.
_CATCH_UP_SECONDS = 0.02
_SLOWEST = 0.05
_REGAINED_A_SECOND = 0.1


class RateLimiter:
    """Gives every submit_sm its moment. Not for several threads."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._next = clock()
        self._factor = 1.0
        self._changed = self._next

    def reserve(self) -> float:
        """Take the next moment, and return how many seconds it is away."""
        return self._reserve(self._clock())

    def take(self) -> bool:
        """Take the next moment if it has come, and tell whether it had."""
        now = self._clock()
        come = self._next <= now
        if come:
            self._reserve(now)
        return come

    def _reserve(self, now: float) -> float:
        moment = max(self._next, now - _CATCH_UP_SECONDS)
        self._next = moment + 1.0 / (self._rate * self._regained(now))
        return max(0.0, moment - now)

    def slow_down(self) -> None:
        """Halve the rate, at most once a second: a full window is refused at once."""
        now = self._clock()
        factor = self._regained(now)
        if now - self._changed >= 1.0 or self._factor == 1.0:
            self._factor = max(_SLOWEST, factor / 2)
            self._changed = now
            self._next = max(self._next, now + 1.0 / (self._rate * self._factor))

    @property
    def rate(self) -> float:
        """Return the messages a second that are allowed now."""
        return self._rate * self._regained(self._clock())

    def _regained(self, now: float) -> float:
        """Return the factor: slowly back to the full rate when nobody complains."""
        if self._factor == 1.0:
            return 1.0
        return min(1.0, self._factor + (now - self._changed) * _REGAINED_A_SECOND)
