"""What a file really is, judged by its first bytes; its name is not believed."""

import zipfile
from enum import StrEnum
from pathlib import Path

from sending.spreadsheets.problems import FileCode, FileRefused


class FileType(StrEnum):
    """The kinds of spreadsheet that are read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "csv"


_ZIP_MAGIC = b"PK"
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
# An encrypted xlsx is an OLE file whose directory holds a stream of this name (MS-OFFCRYPTO 2.1).
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_HEAD_BYTES = 4096
_OTHER_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a"))
# A stray control character in one cell is that row's fault, not the file's.
_FEW_CONTROLS = 3
_RUN_OF_NULS = bytes(3)
_OTHER_MAGICS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"\x7fELF")


def detect(path: Path, size_limit: int) -> FileType:
    """Return what the file is.

    Raises FileRefused: FILE_EMPTY, FILE_TOO_LARGE, FILE_TYPE, FILE_BROKEN, FILE_ENCRYPTED.
    """
    size = path.stat().st_size
    if size == 0:
        raise FileRefused(FileCode.EMPTY)
    if size > size_limit:
        raise FileRefused(FileCode.TOO_LARGE, size=size, size_limit=size_limit)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_ZIP_MAGIC):
        return _zip_type(path)
    if head.startswith(_OLE_MAGIC):
        return _ole_type(path)
    if _looks_binary(head):
        raise FileRefused(FileCode.TYPE)
    return FileType.TEXT


def _zip_type(path: Path) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            encrypted = any(info.flag_bits & 1 for info in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileRefused(FileCode.BROKEN) from error
    if encrypted:
        raise FileRefused(FileCode.ENCRYPTED)
    if "xl/workbook.xml" in names:
        return FileType.XLSX
    if "content.xml" in names and "styles.xml" in names and "word/document.xml" not in names:
        return _open_document_type(path)
    raise FileRefused(FileCode.TYPE)


def _open_document_type(path: Path) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("mimetype") as file:
            kind = file.read(100)
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError) as error:
        raise FileRefused(FileCode.TYPE) from error
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return FileType.ODS
    raise FileRefused(FileCode.TYPE)


def _ole_type(path: Path) -> FileType:
    content = path.read_bytes()
    if _ENCRYPTED_STREAM in content:
        raise FileRefused(FileCode.ENCRYPTED)
    if any(stream in content for stream in _WORKBOOK_STREAMS):
        return FileType.XLS
    raise FileRefused(FileCode.TYPE)


def _looks_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or looks_utf_32(head) or looks_utf_16(head):
        return False
    if head.startswith(_OTHER_MAGICS) or _RUN_OF_NULS in head:
        return True
    controls = len(head) - len(head.translate(None, _OTHER_CONTROLS))
    return controls > max(_FEW_CONTROLS, len(head) // 100)


def looks_utf_32(head: bytes) -> str | None:
    """Return the UTF-32 codec of text without a byte order mark, or None: its high bytes are 0."""
    whole = len(head) - len(head) % 4
    if whole < 8:
        return None
    planes = [head[place:whole:4] for place in range(4)]
    if not any(planes[3]) and max(planes[2]) <= 0x10 and planes[1].count(0) * 2 > len(planes[1]):
        return "utf-32-le" if 0 not in planes[0] else None
    if not any(planes[0]) and max(planes[1]) <= 0x10 and planes[2].count(0) * 2 > len(planes[2]):
        return "utf-32-be" if 0 not in planes[3] else None
    return None


def looks_utf_16(head: bytes) -> str | None:
    """Return the UTF-16 codec of text without a byte order mark, or None: half its bytes are 0."""
    if len(head) < 4:
        return None
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.4 * len(odd) and 0 not in even:
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and 0 not in odd:
        return "utf-16-be"
    return None
