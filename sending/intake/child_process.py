"""The parent's side of the child: start it, read its frames, never wait for it for ever."""

import contextlib
import fcntl
import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sending.intake.child.frames import BrokenFrame, FrameKind, FrameReader
from sending.intake.child.job import Job
from sending.intake.child.program import CHECK_FAILED, EXIT_OUT_OF_MEMORY
from sending.spreadsheets.problems import FileCode, FileRefused

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent.parent
_TICK_SECONDS = 1.0
# The child is stopped by its CPU limit long before; this is for one that hangs without working.
_WALL_SECONDS = 900.0
# So many blocks of ids lie ready in the pipe that the child never waits for the next.
_BLOCKS_AHEAD = 3
# While a block is stored the child works on the next ones: in the 64 KiB a pipe has otherwise it
# would wait for us with all but the first part of a block. Linux allows everybody a megabyte.
_PIPE_OCTETS = 1 << 20


def run_job(
    job: Job,
    *,
    reserve: Callable[[], int],
    tick: Callable[[], None],
    store: Callable[[FrameKind, Any], None],
    restart: Callable[[], None],
) -> dict[str, Any]:
    """Run the job in a child and return its END frame; `store` gets HEAD, ROWS and PROBLEMS.

    A child that someone killed is started once more, after `restart` has removed what was stored.
    `reserve` returns the first id of a fresh block of `job.block` message ids; `tick` is called
    while the child is silent. Raises FileRefused.
    """
    try:
        return _run(job, reserve, tick, store)
    except ChildDied as died:
        log.warning("%s", died)
        if died.returncode != -signal.SIGKILL:
            raise FileRefused(_code_of(died)) from died
    restart()
    try:
        return _run(job, reserve, tick, store)
    except ChildDied as died:
        log.warning("%s the second time", died)
        raise FileRefused(_code_of(died)) from died


def _run(
    job: Job,
    reserve: Callable[[], int],
    tick: Callable[[], None],
    store: Callable[[FrameKind, Any], None],
) -> dict[str, Any]:
    end: dict[str, Any] = {}
    with ChildProcess(job, reserve) as child:
        for kind, content in child.frames(tick):
            if kind is FrameKind.REFUSED:
                if content["code"] == CHECK_FAILED:
                    log.error("the intake child failed: %s", content.get("log"))
                raise FileRefused(content["code"], **content["params"])
            if kind is FrameKind.END:
                end = content
            else:
                store(kind, content)
    return end


def _code_of(died: "ChildDied") -> str:
    """Return what people are told about a child that ended without a word."""
    too_much = died.out_of_memory or died.returncode == -signal.SIGXCPU
    return FileCode.TOO_COMPLEX if too_much else CHECK_FAILED


class ChildDied(Exception):
    """The child ended without saying why: killed, out of memory or CPU time, or aborted."""

    def __init__(self, returncode: int) -> None:
        super().__init__(f"the intake child ended with {returncode}")
        self.returncode = returncode
        # C code may abort (SIGABRT) when it gets no memory; Python exits with a code of ours.
        self.out_of_memory = returncode in {EXIT_OUT_OF_MEMORY, -signal.SIGABRT}


def _started() -> subprocess.Popen[bytes]:
    """Start a child, which loads what it needs and waits for its job."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sending.intake.child.program"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        # Nothing of our environment: it may hold passwords.
        env={"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        bufsize=0,
        start_new_session=True,
    )
    assert process.stdout is not None
    with contextlib.suppress(OSError):
        # A system that allows less makes it slower, not wrong.
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, _PIPE_OCTETS)
    return process


def _stopped(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.kill()
    process.stdout.close()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    process.wait()


class SpareChild:
    """A child that was started ahead: loading takes longer than a thousand rows.

    It waits for its job on standard input, and ends with this process.
    """

    def __init__(self) -> None:
        self._kept = False
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Have one ready from now on; for processes that check file after file."""
        self._kept = True
        self.refill()

    def refill(self) -> None:
        """Start the next one, if one is to be kept."""
        if self._kept and self._process is None:
            self._process = _started()

    def take(self) -> subprocess.Popen[bytes]:
        """Return the spare child, or a new one when there is none alive."""
        process, self._process = self._process, None
        if process is None:
            return _started()
        if process.poll() is None:
            return process
        _stopped(process)
        return _started()

    def drop(self) -> None:
        """Keep none any more."""
        self._kept = False
        process, self._process = self._process, None
        if process is not None:
            _stopped(process)


spare = SpareChild()


class ChildProcess:
    """One confined child at work. Use it as a context manager: it never outlives the block."""

    def __init__(self, job: Job, reserve: Callable[[], int]) -> None:
        """`reserve` returns the first id of a fresh block of `job.block` message ids."""
        self._job = job
        self._reserve = reserve
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The child's process id."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self._process = spare.take()
        self._send(self._job.to_json())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        _stopped(self._process)
        spare.refill()

    def frames(self, tick: Callable[[], None]) -> Iterator[tuple[FrameKind, Any]]:
        """Yield frames until the child ends; call `tick` about once a second while it is silent.

        Raises ChildDied when it ends without an END or REFUSED frame, FileRefused when it takes
        longer than any honest file.
        """
        process = self._process
        assert process is not None
        assert process.stdout is not None
        reader = FrameReader(process.stdout.fileno())
        deadline = time.monotonic() + _WALL_SECONDS
        ended = False
        while not reader.at_end:
            if time.monotonic() > deadline:
                raise FileRefused(FileCode.TOO_COMPLEX)
            if not select.select([process.stdout], [], [], _TICK_SECONDS)[0]:
                tick()
                continue
            for kind, content in self._complete(reader):
                self._feed(kind)
                ended = ended or kind in {FrameKind.END, FrameKind.REFUSED}
                yield kind, content
        if not ended:
            raise ChildDied(process.wait())

    def _complete(self, reader: FrameReader) -> Iterator[tuple[FrameKind, Any]]:
        try:
            yield from reader.read()
        except BrokenFrame:
            # Killed in the middle of a frame: the exit code tells the rest.
            return

    def _feed(self, kind: FrameKind) -> None:
        """Keep blocks of ids ready: some at the beginning, then one for each that was used."""
        if kind is FrameKind.HEAD:
            for _ahead in range(_BLOCKS_AHEAD):
                self._send(str(self._reserve()))
        elif kind is FrameKind.ROWS:
            self._send(str(self._reserve()))

    def _send(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            os.write(self._process.stdin.fileno(), f"{line}\n".encode())
        except BrokenPipeError:
            # It has ended; its exit code is read where its frames are.
            return
