"""A log file of bounded size that several processes write."""

import fcntl
import logging.handlers
from pathlib import Path


class SharedRotatingFileHandler(logging.handlers.WatchedFileHandler):
    """Appends lines to a file; full, it becomes NAME.1, that one NAME.2, and the oldest goes.

    Unlike logging's own handler it keeps lines whole when another process turns the files: each
    holds a lock while it writes, and opens the file anew that another one has set aside.
    """

    def __init__(self, filename: str, *, max_bytes: int, files: int) -> None:
        """`files` counts the current one."""
        Path(filename).parent.mkdir(parents=True, exist_ok=True)
        super().__init__(filename, encoding="utf-8", delay=True)
        self.max_bytes, self.files = max_bytes, files

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a full disk stops nothing that people do."""
        try:
            with Path(f"{self.baseFilename}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._turn_if_full()
                super().emit(record)
        except OSError:
            self.handleError(record)

    def _turn_if_full(self) -> None:
        path = Path(self.baseFilename)
        if not path.exists() or path.stat().st_size < self.max_bytes:
            return
        for number in range(self.files - 1, 0, -1):
            older = Path(f"{path}.{number - 1}") if number > 1 else path
            if older.exists():
                older.replace(f"{path}.{number}")
