"""Runs a module as `python -m` does, on a host whose clock is wrong by what a file says.

    python -m smsconsole.tests.moved_clock FILE MODULE ARGUMENTS…

FILE holds the seconds by which the clock is ahead, and may change at any moment. Clocks that
nobody can set stay as they are, as on such a host.
"""

import os
import runpy
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

_LOOK_SECONDS = 0.1
_pause = threading.Event()


def main() -> None:
    """Move the clock, keep on looking at the file, and run the module."""
    file, module, *arguments = sys.argv[1:]
    clock = _Clock(Path(file))
    clock.follow()
    os.register_at_fork(after_in_child=clock.follow)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


class _Clock:
    """The clock of this process and what it was last set to."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = 0.0
        self._travel: time_machine.travel | None = None

    def follow(self) -> None:
        """Move the clock now, and from now on when the file says so."""
        self.look()
        threading.Thread(target=self.keep_looking, daemon=True).start()

    def keep_looking(self) -> None:
        """Look again and again."""
        while True:
            _pause.wait(_LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """Set the clock to what the file says, unless it is so already."""
        ahead = float(self._file.read_text() or 0)
        if ahead == self._ahead:
            return
        if self._travel is not None:
            self._travel.stop()
            self._travel = None
        # From here on it is right again.
        if ahead:
            there = datetime.fromtimestamp(time.time(), UTC)
            self._travel = time_machine.travel(there + timedelta(seconds=ahead), tick=True)
            self._travel.start()
        self._ahead = ahead


if __name__ == "__main__":
    main()
