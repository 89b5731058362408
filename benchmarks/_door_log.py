"""What clients at the doors write down while they insist, and how `chaos` reads it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PATIENT_PAUSE = 0.3


class DoorEvent(NamedTuple):
    """One line. `what` is ok, none (no answer), failed (try again), refused, receipt or done.

    `name` is of the number, and for a text in several PDUs also of the PDU; `said` is an id or a
    status.
    """

    what: str
    number: str = ""
    name: str = ""
    said: str = ""


class DoorLog:
    """A file that each line reaches at once."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, what: str, number: str = "", name: str = "", said: object = "") -> None:
        """Write one line."""
        event = DoorEvent(what, number, name, str(said))
        os.write(self._file, json.dumps(event).encode() + b"\n")


def events(path: Path) -> Iterator[DoorEvent]:
    """Read what was written, in order."""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield DoorEvent(*json.loads(line))
