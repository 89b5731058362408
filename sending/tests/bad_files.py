"""Files that people upload by mistake, as bytes."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence

from openpyxl import Workbook

NUMBER = "Recipient's Mobile Number"
VARIABLES = tuple(f"SMS Content Variable {number}" for number in (1, 2, 3))
HEADINGS = [NUMBER, *VARIABLES]
GOOD = ["85261234567", "4821", "5", "Friday"]


def workbook(*rows: Sequence[object], change: Callable[[Workbook], None] | None = None) -> bytes:
    """Return an honest xlsx; `change` may still do something to the book."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(*rows: Sequence[str]) -> bytes:
    """Return a csv."""
    return "\n".join(",".join(row) for row in rows).encode()


def too_large() -> bytes:
    """Return a csv of 31 MB."""
    row = ",".join(GOOD).encode() + b"\n"
    return text(HEADINGS) + b"\n" + row * (31 * 1024 * 1024 // len(row))


def docx() -> bytes:
    """Return a word processor's document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return out.getvalue()


def truncated() -> bytes:
    """Return the first half of a workbook: an upload or a copy that broke off."""
    whole = workbook(HEADINGS, *([f"8526{n:07}", "1", "2", "3"] for n in range(300)))
    return whole[: len(whole) // 2]


def all_hidden() -> bytes:
    """Return a workbook whose only sheet is hidden; openpyxl refuses that, macros do not."""
    out = io.BytesIO()
    whole = io.BytesIO(workbook(HEADINGS, GOOD))
    with zipfile.ZipFile(whole) as honest, zipfile.ZipFile(out, "w") as changed:
        for name in honest.namelist():
            part = honest.read(name)
            if name == "xl/workbook.xml":
                assert b'state="visible"' in part
                part = part.replace(b'state="visible"', b'state="hidden"')
            changed.writestr(name, part)
    return out.getvalue()


# --- A workbook with a password: an OLE compound file (MS-CFB 2) around it ----------------------

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


def _entry(name: str, kind: int, *, left=_FREE, child=_FREE, start=_END, size=0) -> bytes:
    """Return a directory entry (MS-CFB 2.6.1)."""
    encoded = name.encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
    links = struct.pack("<III", left, _FREE, child)
    return head + links + bytes(36) + struct.pack("<IQ", start, size)


def encrypted() -> bytes:
    """Return what Excel saves with a password: EncryptionInfo and EncryptedPackage.

    Sector 0 is the FAT, 1 the directory, 2 to 9 and 10 to 17 the streams (4,096 bytes each, so
    that they need no mini stream).
    """
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    streams = [[*range(start + 1, start + 8), _END] for start in (2, 10)]
    fat = [_FAT, _END, *streams[0], *streams[1]]
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    directory = (
        _entry("Root Entry", _ROOT, child=1)
        + _entry("EncryptedPackage", _STREAM, left=2, start=10, size=4096)
        + _entry("EncryptionInfo", _STREAM, start=2, size=4096)
        + bytes(128)
    )
    noise = bytes((7 * n * n + 3) % 256 for n in range(4096))
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + noise + noise[::-1]
