"""One run over one source of recipients: what the check of a task and an import have in common."""

import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import Any

from sending.intake import job_builder
from sending.intake.child.frames import FrameKind, Rows
from sending.intake.child.job import Job
from sending.intake.child_process import run_job
from sending.intake.lease import Lease
from sending.spreadsheets.problems import FileRefused


class IntakeRun(ABC):
    """Reads a source in a child and stores what comes back; what stores raises LeaseLost."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._started = time.monotonic()
        self._head: dict[str, Any] = {}

    def run(self) -> bool:
        """Read, store, and step the row; return whether this run did it. Raises LeaseLost."""
        try:
            with self._job() as job:
                end = run_job(
                    job,
                    reserve=lambda: self._reserve(job.block),
                    tick=self._lease.beat_if_due,
                    store=self._keep,
                    restart=self._start_again,
                )
        except FileRefused as refused:
            return self._reject(refused.code, refused.params)
        except job_builder.NotReadable as missing:
            return self._reject(missing.code, {})
        return self._finish(end)

    def _keep(self, kind: FrameKind, content: Any) -> None:
        match kind:
            case FrameKind.ROWS:
                self._add(Rows(*content))
            case FrameKind.PROBLEMS:
                self._add_problems(content)
            case FrameKind.HEAD:
                self._begin(content)

    def _begin(self, head: dict[str, Any]) -> None:
        """Keep what is known before the first row."""
        self._head = head

    def _seconds(self) -> float:
        return round(time.monotonic() - self._started, 2)

    @abstractmethod
    def _job(self) -> AbstractContextManager[Job]:
        """Give what the child is to do."""

    @abstractmethod
    def _reserve(self, rows: int) -> int:
        """Return the first of so many free ids."""

    @abstractmethod
    def _add(self, rows: Rows) -> None:
        """Store rows."""

    @abstractmethod
    def _add_problems(self, problems: list[tuple[Any, ...]]) -> None:
        """Store what is wrong with other rows."""

    @abstractmethod
    def _start_again(self) -> None:
        """Forget what was read: a second child reads from the start."""

    @abstractmethod
    def _finish(self, end: dict[str, Any]) -> bool:
        """Step to the good end; return whether this run did it."""

    @abstractmethod
    def _reject(self, code: str, params: dict[str, Any]) -> bool:
        """Step to the bad end, and say why; return whether this run did it."""
