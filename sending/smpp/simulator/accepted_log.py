"""The append-only log of what the simulator accepted: one line per submit_sm, before its answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sending.smpp.pdu import SubmitSm

_SEPARATORS = str.maketrans("\t\r\n", "   ")


@dataclass(frozen=True, slots=True)
class AcceptedSubmit:
    """One line of the log; ``accepted_at`` is UTC, ``short_message`` includes the UDH."""

    accepted_at: datetime
    message_id: str
    destination_addr: str
    source_addr: str
    data_coding: int
    esm_class: int
    short_message: bytes


class AcceptedLog:
    """Appends a line with one write each, so that a killed simulator leaves no half lines."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._fd)

    def append(self, message_id: str, submit_sm: SubmitSm) -> None:
        """Write one line; raise OSError when the disk does not take it."""
        fields = (
            datetime.now(UTC).isoformat(timespec="milliseconds"),
            message_id,
            submit_sm.destination_addr.translate(_SEPARATORS),
            submit_sm.source_addr.translate(_SEPARATORS),
            str(submit_sm.data_coding),
            str(submit_sm.esm_class),
            submit_sm.short_message.hex(),
        )
        os.write(self._fd, ("\t".join(fields) + "\n").encode())


def read_accepted(path: Path) -> Iterator[AcceptedSubmit]:
    """Read the log back, oldest first."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            at, message_id, destination, source, coding, esm_class, octets = line[:-1].split("\t")
            yield AcceptedSubmit(
                datetime.fromisoformat(at),
                message_id,
                destination,
                source,
                int(coding),
                int(esm_class),
                bytes.fromhex(octets),
            )
