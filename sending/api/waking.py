"""Wakes the senders after a commit, for many requests at once: a wake-up costs more than a commit.

The first one goes out at once; those that are asked for within the next moment go together at its
end. None is needed for good: a periodic task looks for what is due every few seconds.
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
        self._timer: threading.Timer | None = None

    def ask(self) -> None:
        """Wake the senders now, or together with others in a moment."""
        with self._lock:
            if self._timer is not None:
                return
            now = monotonic()
            if now < self._next:
                self._timer = threading.Timer(self._next - now, self._wake_later)
                self._timer.start()
                return
            self._next = now + settings.API_WAKE_UP_SECONDS
        tasks.submit.delay()

    def _wake_later(self) -> None:
        with self._lock:
            # Whoever asks from here on is woken for once more.
            self._timer = None
            self._next = monotonic() + settings.API_WAKE_UP_SECONDS
        try:
            tasks.submit.delay()
        except Exception:
            log.exception("a wake-up is lost")


WAKE_UPS = WakeUps()
