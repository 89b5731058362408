"""The confined child: reads one file, checks every row, writes frames to its standard output.

Run as `python -m sending.intake.child.program` with a Job as one line of JSON on standard input,
then one line for each block of message ids. It imports no framework and knows no database.
"""

import ctypes
import gc
import os
import resource
import select
import signal
import sys
import traceback
from typing import BinaryIO, TextIO

from sending.intake.child import frames
from sending.intake.child.frames import FrameKind
from sending.intake.child.job import Job
from sending.intake.child.row_reader import read_rows
from sending.sms.mobile_ranges import country_of_mobile
from sending.spreadsheets.problems import FileRefused

_PR_SET_PDEATHSIG = 1
# Tells the parent that memory ran out where Python noticed it; elsewhere the process aborts.
EXIT_OUT_OF_MEMORY = 3
_CPU_MARGIN_SECONDS = 5
CHECK_FAILED = "CHECK_FAILED"
_OF_LARGE_PLANS = ("12015550123", "447400123456", "61412345678", "393123456789", "919876543210")


def main() -> int:
    """Do the job on standard input; without one there is nothing to do."""
    # Rows are strings and tuples without cycles: looking for any takes a third of the time.
    gc.disable()
    if not select.select([sys.stdin], [], [], 0)[0]:
        _prepare()
    line = sys.stdin.readline()
    if not line:
        return 0
    job = Job.from_json(line)
    out = _private_output()
    confine(job)
    try:
        read_rows(job, out, BlockIds(sys.stdin, job.block), opened=lambda: _allow_all_cpu(job))
    except FileRefused as refused:
        params = refused.params
        frames.write_json(out, FrameKind.REFUSED, {"code": refused.code, "params": params})
    except MemoryError:
        return EXIT_OUT_OF_MEMORY
    except BrokenPipeError:
        return 0
    except Exception:  # noqa: BLE001 - the parent logs it; people get a sentence
        detail = traceback.format_exc(limit=-5)
        frames.write_json(
            out, FrameKind.REFUSED, {"code": CHECK_FAILED, "params": {}, "log": detail}
        )
    return 0


def _prepare() -> None:
    """Use the time until the job comes: load what most files need, compile the largest plans."""
    from sending.spreadsheets import xlsx_file  # noqa: F401 - loaded where files are opened

    for digits in _OF_LARGE_PLANS:
        country_of_mobile(digits)


def confine(job: Job) -> None:
    """Take away what a hostile file could misuse, before the first byte of it is read."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != job.parent:
        # The parent died before the line above could take effect.
        sys.exit(1)
    memory, cpu = job.confines.memory_bytes, job.confines.cpu_seconds
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # At the soft limit the kernel says why it ends us; at the hard one it only kills.
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    _allow_cpu(min(job.confines.open_cpu_seconds, cpu), cpu + _CPU_MARGIN_SECONDS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(5)


def _allow_all_cpu(job: Job) -> None:
    """The file could be opened: from here on the time goes into its rows."""
    cpu = job.confines.cpu_seconds
    _allow_cpu(cpu, cpu + _CPU_MARGIN_SECONDS)


def _allow_cpu(soft: int, hard: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _private_output() -> BinaryIO:
    """Keep standard output for frames; whatever a library prints goes to standard error."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(descriptor, "wb", buffering=1 << 20)


class BlockIds:
    """Blocks of message ids, which the parent reserves and sends ahead."""

    def __init__(self, lines: TextIO, block: int) -> None:
        self._lines = lines
        self._block = block

    def __call__(self) -> range:
        """Return the next block."""
        start = int(self._lines.readline())
        return range(start, start + self._block)


if __name__ == "__main__":
    sys.exit(main())
