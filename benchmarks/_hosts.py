"""A second host on this machine: its own journal and web, a clock that can be wrong, PgBouncer."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks._services import free_port
from sending.tests import pgbouncer
from sending.tests.pgbouncer import PgBouncer

# Fewer than the programs of two hosts would take by themselves.
_CONNECTIONS = 10


def missing() -> str:
    """Return what is not installed; empty when a second host can be played."""
    if pgbouncer.program():
        return ""
    return "Skipped: pgbouncer not found. Install it (Debian: apt-get install pgbouncer)."


class Host:
    """Where the programs whose names end in -2 run; all of both hosts go through `pgbouncer`."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = free_port()
        self.pgbouncer = PgBouncer(database_url, connections=_CONNECTIONS)
        self.journal = folder / "journal-2"
        self.journal.mkdir(parents=True, exist_ok=True)
        self._clock = folder / "clock-2"
        self.move_clock(0.0)

    def move_clock(self, ahead: float) -> None:
        """Put its clock so many seconds ahead of the right time, while its programs run."""
        written = self._clock.with_suffix(".new")
        written.write_text(str(ahead))
        written.rename(self._clock)

    def line(self, command: Sequence[str]) -> list[str]:
        """Return a command of the console as it is run there."""
        python, flag, module, *arguments = command
        assert (python, flag) == (sys.executable, "-m")
        # Workers of one name would share what is meant for each.
        named = [part.replace("send@", "send-2@") for part in arguments]
        return [python, flag, "smsconsole.tests.moved_clock", str(self._clock), module, *named]

    def environment(self, first: Mapping[str, str]) -> dict[str, str]:
        """Return what its programs see: all of the first host, but its journals."""
        return {**first, "JOURNAL_DIR": str(self.journal)}
