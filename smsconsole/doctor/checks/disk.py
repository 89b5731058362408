"""Is there room for what the console writes?"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from smsconsole.doctor.checks.folders import folders_written
from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well

_LEAST_BYTES, _FEW_BYTES = 1 << 30, 5 << 30


@check("disk", needs_database=False)
def disk() -> Iterator[Diagnosis]:
    """Look at each file system once."""
    seen: set[int] = set()
    for path in folders_written().values():
        there = _existing(path)
        device = there.stat().st_dev
        if device not in seen:
            seen.add(device)
            usage = shutil.disk_usage(there)
            yield room(path, free=usage.free, total=usage.total)


def room(path: Path, *, free: int, total: int) -> Diagnosis:
    """Return what `free` of `total` bytes mean. Senders stop when a journal cannot be written."""
    share = free * 100 // max(total, 1)
    sentence = f"{free / (1 << 30):,.1f} GiB of {path} are free ({share} %)."
    fix = "Free up space, or move VAR_DIR: nothing is sent when a journal cannot be written."
    if free < _LEAST_BYTES:
        return problem(str(path), sentence, fix)
    if free < _FEW_BYTES and share < 10:
        return warning(str(path), sentence, fix)
    return well(str(path), sentence)


def _existing(path: Path) -> Path:
    """Return the path, or the nearest folder above it that exists."""
    while not path.exists():
        path = path.parent
    return path
