"""A small process that outlives a killed supervisor just long enough to stop its children."""

import os
import signal
import time

GRACE = 15.0
"""Seconds between asking a process group to end and ending it."""


def signal_group(group: int, number: int) -> bool:
    """Signal a process group; False when it is gone."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        # macOS says "permission" for a group of which only zombies are left.
        return False
    return True


def end_groups(groups: set[int], grace: float = GRACE) -> None:
    """TERM every group, wait for them to be gone, KILL what is left after `grace` seconds."""
    left = {group for group in groups if signal_group(group, signal.SIGTERM)}
    deadline = time.monotonic() + grace
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = {group for group in left if signal_group(group, 0)}
    for group in left:
        signal_group(group, signal.SIGKILL)


class Guard:
    """Knows the process groups that live; acts when the pipe from the supervisor breaks.

    A forked copy of the supervisor: it works where PR_SET_PDEATHSIG does not exist, ends whole
    groups and not only their leaders, and keeps the lock of var/ until they are gone.
    """

    def __init__(self, grace: float = GRACE) -> None:
        """Fork; call it before the first thread and the first child."""
        reader, self._writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._writer)
            try:
                _stand_guard(reader, grace)
            finally:
                os._exit(0)
        os.close(reader)
        self._on_duty = True

    def add(self, group: int) -> None:
        """Take a process group into care."""
        self._tell(f"+{group}\n")

    def remove(self, group: int) -> None:
        """Forget a group that is gone: its number may be given to someone else."""
        self._tell(f"-{group}\n")

    def dismiss(self) -> None:
        """End the guard; groups still in its care are ended with it."""
        if self._on_duty:
            self._on_duty = False
            os.close(self._writer)
            os.waitpid(self.pid, 0)

    def _tell(self, line: str) -> None:
        try:
            os.write(self._writer, line.encode())
        except BrokenPipeError:
            # Someone killed the guard. The supervisor still stops its children on its own.
            return


def _stand_guard(reader: int, grace: float) -> None:
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    with os.fdopen(reader) as lines:
        for line in lines:
            group = int(line[1:])
            if line.startswith("+"):
                groups.add(group)
            else:
                groups.discard(group)
    end_groups(groups, grace)
