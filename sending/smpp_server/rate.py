"""How many submit_sm an account may still submit: a bucket that fills by its rate."""

from __future__ import annotations

from sending.smpp.clock import Clock


class RateBucket:
    """Holds what one second brings; whoever finds it empty is told at once, nobody waits."""

    def __init__(self, rate: int, clock: Clock) -> None:
        self._clock = clock
        self._rate = rate
        self._left = float(rate)
        self._at = clock.time()

    def set_rate(self, rate: int) -> None:
        """Go on with another rate."""
        self._rate = rate
        self._left = min(self._left, float(rate))

    def take(self, count: int = 1) -> bool:
        """Take so many, and tell whether there was one.

        A submit_multi is not cut: what it takes beyond comes off what the next seconds bring.
        """
        now = self._clock.time()
        self._left = min(float(self._rate), self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= count
        return True
