"""Wake-ups of senders, one at a time in a process: a broker that hangs holds one thread.

A wake-up that is asked for while another is on its way follows it, from the same thread.
"""

import threading

from sending import tasks


class WakeUps:
    """Says that something is due."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_wanted = False
        self._is_busy = False

    def send(self) -> None:
        """Wake the senders, or leave it to the thread that is at it; raise what the broker does."""
        with self._lock:
            self._is_wanted = True
            if self._is_busy:
                return
            self._is_busy = True
        while self._take():
            try:
                tasks.submit.delay()
            except BaseException:
                self._give_up()
                raise

    def _take(self) -> bool:
        """Take what is wanted; if there is nothing, nobody is at it any more."""
        with self._lock:
            is_wanted, self._is_wanted = self._is_wanted, False
            self._is_busy = is_wanted
            return is_wanted

    def _give_up(self) -> None:
        """Let the next one try; senders look by themselves, too."""
        with self._lock:
            self._is_wanted = self._is_busy = False


WAKE_UPS = WakeUps()
