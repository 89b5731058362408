"""Small disks in memory that can be filled to the last byte, and emptied again. Needs root."""

import errno
import os
import subprocess
from pathlib import Path

_FILLER = "filler"
_PIECE = b"\0" * 65_536


def missing() -> str:
    """Return why no disk can be mounted; empty when it can."""
    if os.geteuid() != 0:
        return "Without disks that are full: only root can mount small ones."
    return ""


class SmallDisk:
    """A disk of so many megabytes on a folder, until it is taken away."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        options = f"size={megabytes}m,mode=0700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)

    def fill(self) -> None:
        """Leave no byte of it."""
        with (self.folder / _FILLER).open("ab", buffering=0) as filler:
            for piece in (_PIECE, b"\0"):
                try:
                    while filler.write(piece):
                        pass
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def empty(self) -> None:
        """Give the room back."""
        (self.folder / _FILLER).unlink(missing_ok=True)


def take_away(below: Path) -> None:
    """Take away every disk on a folder or below it, those of a run that was killed included."""
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for folder in sorted(mounted, reverse=True):
        if Path(folder).is_relative_to(below):
            subprocess.run(["umount", "--lazy", folder], check=True)
