"""How much a workbook may hold, counted on the bytes that really come out of its zip file."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from sending.spreadsheets.problems import FileCode, FileRefused


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost. Sizes are bytes, the rest are counts."""

    file_bytes: int = 30 * 1024 * 1024
    entry_bytes: int = 512 * 1024 * 1024
    unzipped_bytes: int = 640 * 1024 * 1024
    entries: int = 1_000
    cells: int = 20_000_000
    strings: int = 5_000_000
    rows: int = 1_000_000
    columns: int = 256
    flaws: int = 100_000


_BLOCK = 1 << 20
_DOCTYPE = b"<!DOCTYPE"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OVERLAP = len(_DOCTYPE)
_CELL = b"<table:table-cell"


def inspect_open_document(path: Path, limits: Limits) -> None:
    """Inflate every entry of an ods once, to nowhere, and stop at the first limit that is passed.

    The library that reads it has no limits of its own. Raises FileRefused: UNZIPS_TOO_LARGE,
    FILE_BROKEN, FILE_DTD, FILE_TOO_COMPLEX.
    """
    unzipped = 0
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > limits.entries:
                raise FileRefused(FileCode.TOO_COMPLEX, limit=limits.entries)
            for info in infos:
                unzipped += _inspect_entry(archive, info, limits)
                if unzipped > limits.unzipped_bytes:
                    raise FileRefused(FileCode.UNZIPS_TOO_LARGE, size_limit=limits.unzipped_bytes)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError) as error:
        raise FileRefused(FileCode.BROKEN) from error


def _inspect_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> int:
    """Return how many bytes the entry really has."""
    if info.compress_type not in _METHODS:
        raise FileRefused(FileCode.BROKEN)
    is_xml = info.filename.lower().endswith((".xml", ".rdf"))
    size, cells, tail = 0, 0, b""
    with archive.open(info) as entry:
        while block := entry.read(_BLOCK):
            size += len(block)
            if size > limits.entry_bytes:
                raise FileRefused(FileCode.UNZIPS_TOO_LARGE, size_limit=limits.unzipped_bytes)
            if is_xml:
                _refuse_hostile(tail, block)
                cells += block.count(_CELL)
            if cells > limits.cells:
                raise FileRefused(FileCode.TOO_COMPLEX, limit=limits.cells)
            tail = block[-_OVERLAP:]
    return size


def _refuse_hostile(tail: bytes, block: bytes) -> None:
    if not tail and block.startswith(_UTF_16_MARKS):
        # Nobody writes sheets in UTF-16, but it would hide a DTD from the search below.
        raise FileRefused(FileCode.BROKEN)
    if b"<" not in block and len(block) == _BLOCK:
        # A megabyte without a tag is made to hurt.
        raise FileRefused(FileCode.TOO_COMPLEX, limit=_BLOCK)
    if _DOCTYPE in block or _DOCTYPE in tail + block[:_OVERLAP]:
        raise FileRefused(FileCode.DTD)
