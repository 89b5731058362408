"""A worker that stops is gone soon, so that whoever looks after it can start it again."""

import logging
import os
import threading
from typing import Any

from celery import bootsteps

log = logging.getLogger(__name__)


class SoonGone(bootsteps.StartStopStep):
    """Ends the process when it has not ended by itself, some time after it began to stop.

    What Celery calls an unrecoverable error stops a worker, too. One with processes then waits for
    tasks whose ends nobody hears any more: it lived, took nothing, and was never started again.
    """

    # Compose kills after thirty, and would give no reason.
    seconds = 25.0

    def close(self, parent: Any) -> None:
        """Begin to count; called once, before pool and connection are stopped."""
        del parent
        timer = threading.Timer(self.seconds, _end)
        timer.daemon = True
        timer.start()


def _end() -> None:
    log.critical("This worker did not stop by itself, so it is ended. Tasks begin anew elsewhere.")
    logging.shutdown()
    os._exit(1)
