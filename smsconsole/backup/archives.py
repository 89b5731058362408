"""Folders as one file, and back: plain files under plain names, and nothing else."""

import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from smsconsole.backup.manifest import CannotRestore


def pack(archive: Path, root: Path, paths: Iterable[Path]) -> int:
    """Write files under `root` into an archive; return how many. Those that vanish are left out."""
    count = 0
    with tarfile.open(archive, "w") as tar:
        for path in sorted(paths):
            try:
                tar.add(path, arcname=path.relative_to(root).as_posix(), recursive=False)
            except FileNotFoundError:
                # Erased meanwhile, as its time had come.
                continue
            count += 1
    return count


def files_under(root: Path) -> list[Path]:
    """Return the files below a folder."""
    return [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]


def unpack(archive: Path, root: Path) -> int:
    """Write the files of an archive under `root`; raise CannotRestore for any other content."""
    count = 0
    with tarfile.open(archive) as tar:
        for member in tar:
            name = PurePosixPath(member.name)
            if not member.isreg() or name.is_absolute() or ".." in name.parts:
                raise CannotRestore(f"{archive} has an entry that no backup of ours has.")
            source = tar.extractfile(member)
            assert source is not None
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                while piece := source.read(1 << 20):
                    file.write(piece)
            count += 1
    return count
