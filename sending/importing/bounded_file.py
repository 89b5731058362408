"""Opens files that somebody else wrote: none is read that is larger than what is expected."""

from collections.abc import Iterator
from pathlib import Path

MOST_FILES = 200
LONGEST_LINE = 16_000_000
"""Octets. A dump of a database writes thousands of rows into one line."""
LARGEST_CONFIGURATION = 16_000_000
"""Octets of a file that holds logins and routes, not people."""
LARGEST_DUMP = 4_000_000_000
"""Octets of a dump with phonebooks; it is read line by line."""


class Unreadable(Exception):
    """A file that cannot be read, said in a sentence."""


def octets_of(path: Path) -> bytes:
    """Return what a file of configuration holds; raise Unreadable."""
    try:
        if path.stat().st_size > LARGEST_CONFIGURATION:
            raise Unreadable(f"{path}: it is larger than {LARGEST_CONFIGURATION // 10**6} MB.")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}.") from error


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (number, line) of a text in UTF-8, without its end; raise Unreadable."""
    try:
        if path.stat().st_size > LARGEST_DUMP:
            raise Unreadable(f"{path}: it is larger than {LARGEST_DUMP // 10**9} GB.")
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE and not line.endswith("\n"):
                    raise Unreadable(f"{path}, line {number}: it is longer than 16 MB.")
                yield number, line.rstrip("\r\n")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}.") from error


def files_in(path: Path) -> list[Path]:
    """Return a file itself, or the files of a folder; raise Unreadable."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise Unreadable(f"{path}: there is no such file or folder.")
    files = sorted(one for one in path.iterdir() if one.is_file())
    if len(files) > MOST_FILES:
        raise Unreadable(f"{path}: it has more than {MOST_FILES} files; name the one to read.")
    return files
