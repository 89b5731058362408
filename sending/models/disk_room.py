"""How much room is left where this host writes: journals, uploads, the rest of VAR_DIR."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

MEGABYTE = 1_000_000


class DiskRoom(NamedTuple):
    """A folder by its name in docs/deploy.md, and the bytes that may still be written there."""

    folder: str
    free: int

    @property
    def is_low(self) -> bool:
        """Whether somebody must make room."""
        least: int = settings.DISK_LOW_MEGABYTES * MEGABYTE
        return self.free < least


def disk_rooms() -> list[DiskRoom]:
    """Return the room of each folder that is there."""
    return list(_rooms())


def _rooms() -> Iterator[DiskRoom]:
    folders: dict[str, Path] = {
        "journal": settings.JOURNAL_DIR,
        "uploads": settings.UPLOADS_DIR,
        "var": settings.VAR_DIR,
    }
    for name, path in folders.items():
        if path.is_dir():
            yield DiskRoom(name, shutil.disk_usage(path).free)
