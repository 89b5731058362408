"""One child process: started in a group of its own, watched, restarted with a pause, ended."""

import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from smsconsole.supervising.guard import Guard, signal_group
from smsconsole.supervising.programs import BASE_DIR, Program

LOG_LIMIT = 20_000_000
"""Bytes after which a log is set aside (as NAME.log.1) at the next start."""
DEATHS_ALLOWED = 5
DEATHS_WINDOW = 60.0
"""So many deaths within so many seconds, and trying again is no use."""
LONGEST_PAUSE = 8.0


class Child:
    """A program, its process and its history of deaths (times are monotonic seconds)."""

    def __init__(self, program: Program, log: Path, guard: Guard) -> None:
        """Remember what to start; nothing runs yet."""
        self.program = program
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.start_at: float | None = None
        self._deaths: list[float] = []
        self._guard = guard

    def start(self, environment: Mapping[str, str]) -> None:
        """Start the program in a session of its own, its output appended to the log."""
        self.start_at = None
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_name(self.log.name + ".1"))
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.program.command,
                cwd=BASE_DIR,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._guard.add(self.process.pid)

    def has_died(self) -> bool:
        """Tell whether the process ended since the last look."""
        return self.process is not None and self.process.poll() is not None

    def bury(self, now: float) -> str:
        """Clear up after a death, plan the next start, and return how it ended."""
        if self.process is None:
            raise RuntimeError("There is nothing to bury.")
        ending = describe(self.process.returncode)
        self._clear_group()
        self._deaths = [death for death in self._deaths if now - death < DEATHS_WINDOW] + [now]
        self.start_at = now + min(LONGEST_PAUSE, 0.5 * 2 ** (len(self._deaths) - 1))
        return ending

    def is_hopeless(self) -> bool:
        """Tell whether it died five times within a minute."""
        return len(self._deaths) >= DEATHS_ALLOWED

    def ask_to_end(self) -> None:
        """Send TERM to the leader, which ends its own processes in the order it needs."""
        self.start_at = None
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end_by(self, deadline: float) -> bool:
        """Wait until the deadline, then KILL the group; True when it ended on its own."""
        if self.process is None:
            return True
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
            by_itself = True
        except subprocess.TimeoutExpired:
            by_itself = False
        self._clear_group()
        return by_itself

    def last_lines(self, count: int = 12) -> list[str]:
        """Return the end of the log (at most the last 8 KB of it)."""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 8192))
            text = file.read().decode(errors="replace")
        return text.rstrip().splitlines()[-count:]

    def _clear_group(self) -> None:
        """End whatever the leader has left behind, and let go of the group."""
        if self.process is None:
            return
        group = self.process.pid
        signal_group(group, signal.SIGKILL)
        self.process.wait()
        self._guard.remove(group)
        self.process = None


def describe(returncode: int) -> str:
    """Say in words how a process ended."""
    if returncode >= 0:
        return f"exit code {returncode}"
    try:
        return f"signal {signal.Signals(-returncode).name}"
    except ValueError:
        return f"signal {-returncode}"
