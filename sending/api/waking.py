"""Wakes the senders after a commit, for many requests at once: a wake-up costs more than a commit.

The first one goes out at once; those that are asked for within the next moment go together at its
end. There is never more than one on its way, so that a broker that hangs holds one thread. None is
needed for good: senders look for what is due by themselves.
"""

import logging
import threading
from time import monotonic

from django.conf import settings

from sending import tasks

log = logging.getLogger(__name__)


class WakeUps:
    """The wake-ups of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0
        self._is_wanted = False
        self._is_busy = False

    def ask(self) -> None:
        """Wake the senders now, or together with others in a moment."""
        with self._lock:
            self._is_wanted = True
            if self._is_busy:
                return
            self._is_busy = True
            seconds = self._next - monotonic()
        if seconds > 0:
            self._wake_in(seconds)
        else:
            self._wake()

    def _wake(self) -> None:
        with self._lock:
            # Whoever asks from here on is woken for once more.
            self._is_wanted = False
            self._next = monotonic() + settings.API_WAKE_UP_SECONDS
        try:
            tasks.submit.delay()
        except Exception:
            log.exception("a wake-up is lost")
        with self._lock:
            self._is_busy = self._is_wanted
            if not self._is_busy:
                return
            seconds = self._next - monotonic()
        self._wake_in(max(0.0, seconds))

    def _wake_in(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self._wake)
        timer.daemon = True
        timer.start()


WAKE_UPS = WakeUps()
