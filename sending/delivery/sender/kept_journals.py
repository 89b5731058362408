"""Journals that are resolved and put away: how long they are kept, by the machine's own clock."""

import time
from pathlib import Path

from sending.delivery.sender.journal import KEPT, SUFFIX


def forget_kept(directory: Path, days: int) -> int:
    """Delete journals that were put away longer ago than so many days; return how many."""
    limit = time.time() - days * 86_400
    old = [path for path in (directory / KEPT).glob(f"*{SUFFIX}") if _changed(path) < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
