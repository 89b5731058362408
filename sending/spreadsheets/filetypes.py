"""What a file really is, judged by its content; its name is not believed."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from sending.spreadsheets.problems import FileCode, FileRefused


class FileType(StrEnum):
    """The kinds of spreadsheet that are read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "csv"


class OtherKind(StrEnum):
    """What people upload by the name of a spreadsheet; each has a sentence of its own."""

    HTML = "html"
    XML_2003 = "xml_2003"
    FLAT_ODS = "flat_ods"
    XML = "xml"
    MHTML = "mhtml"
    PDF = "pdf"
    XLSB = "xlsb"
    NUMBERS = "numbers"
    DOCUMENT = "document"
    ZIP = "zip"
    ARCHIVE = "archive"
    LINK = "link"
    JSON = "json"
    VCARD = "vcard"
    SYLK = "sylk"
    DIF = "dif"


_ZIP_MAGIC = b"PK"
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
# An xls before 1993 is its stream alone: a BOF record of BIFF 2 to 4, and how long it is.
_OLD_XLS = re.compile(rb"\x09[\x00\x02\x04\x08](?:[\x04\x06\x08\x10]\x00)")
# An encrypted xlsx is an OLE file whose directory holds a stream of this name (MS-OFFCRYPTO 2.1).
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
# A directory entry has 64 bytes of name and then its length in bytes (MS-CFB 2.6.1).
_STREAM = re.compile(rb"(?:W\0O\0R\0K\0)?B\0O\0O\0K\0\0\0", re.IGNORECASE)
_NAME_BYTES = 64
_HEAD_BYTES = 4096
_OTHER_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a"))
# A stray control character in one cell is that row's fault, not the file's.
_FEW_CONTROLS = 3
_RUN_OF_NULS = bytes(3)
_OTHER_MAGICS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"\x7fELF")

_XLSX_TYPE = re.compile(
    rb"(?:spreadsheetml|ms-excel)\.(?:sheet|template|addin)\.?(?:macroenabled\.)?main\+xml",
    re.IGNORECASE,
)
_XLSB_TYPE = re.compile(rb"ms-excel\.sheet\.binary", re.IGNORECASE)
_DOCUMENT_TYPE = re.compile(rb"wordprocessingml|presentationml|ms-word|ms-powerpoint|ms-visio")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_SMALL_ENTRY = 4 << 20

_XML_KINDS = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"urn:schemas-microsoft-com:office:spreadsheet", OtherKind.XML_2003),
        (r"mso-application[^>]*excel", OtherKind.XML_2003),
        (r"<(?:office:)?document\s[^>]*opendocument", OtherKind.FLAT_ODS),
        (r"<!doctype\s+html|<html[\s>]|http://www\.w3\.org/1999/xhtml", OtherKind.HTML),
        (
            r"<(?:head|body|table|tr|meta|style|script|title|div|font|center)[\s>]",
            OtherKind.HTML,
        ),
    )
)
# Texts that are tables to no spreadsheet program, or to old ones.
_TEXT_KINDS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), kind)
    for pattern, kind in (
        (r"\[InternetShortcut\]", OtherKind.LINK),
        (r"\{.{0,2000}\"(?:url|doc_id|resource_id)\"\s*:", OtherKind.LINK),
        (r"\{\s*\"|\[\s*[\[{]", OtherKind.JSON),
        (r"BEGIN:VCARD\s", OtherKind.VCARD),
        (r"ID;P[^\r\n]{0,80}[\r\n]+[A-Z]{1,2};", OtherKind.SYLK),
        (r"TABLE\s+0,1\s", OtherKind.DIF),
    )
)
_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0")
_MHTML = re.compile(
    r"(?:From: |Subject: |Date: )?.{0,300}MIME-Version: ", re.IGNORECASE | re.DOTALL
)


def detect(path: Path, size_limit: int) -> FileType:
    """Return what the file is.

    Raises FileRefused: FILE_EMPTY, FILE_TOO_LARGE, FILE_TYPE, FILE_BROKEN, FILE_ENCRYPTED. The
    params of FILE_TYPE name an OtherKind where it is one.
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
    if _OLD_XLS.match(head):
        return FileType.XLS
    if kind := _markup_kind(head):
        raise FileRefused(FileCode.TYPE, kind=kind.value)
    if _looks_binary(head):
        raise FileRefused(FileCode.TYPE)
    return FileType.TEXT


def _zip_type(path: Path) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if any(info.flag_bits & 1 for info in infos):
                raise FileRefused(FileCode.ENCRYPTED)
            entries = {_key(info.filename): info for info in infos}
            return _package_type(archive, entries)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, ValueError, NotImplementedError
    ) as error:  # fmt: skip
        raise FileRefused(FileCode.BROKEN) from error


def _key(name: str) -> str:
    """Return a name as OPC compares it: without case, whichever slashes it has."""
    return name.replace("\\", "/").lstrip("/").lower()


def _package_type(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> FileType:
    def start_of(name: str) -> bytes:
        if name not in entries:
            return b""
        with archive.open(entries[name]) as file:
            # UTF-16 loses its zeros.
            return file.read(_SMALL_ENTRY).replace(b"\0", b"")

    types = start_of("[content_types].xml")
    if _XLSX_TYPE.search(types):
        return FileType.XLSX
    if _XLSB_TYPE.search(types) or any(name.endswith("workbook.bin") for name in entries):
        raise FileRefused(FileCode.TYPE, kind=OtherKind.XLSB.value)
    if any(name.rpartition("/")[2] == "workbook.xml" for name in entries):
        return FileType.XLSX
    if "content.xml" in entries or "encrypted-package" in entries:
        return _open_document_type(start_of, set(entries))
    raise _other_zip(types, set(entries))


def _other_zip(types: bytes, names: set[str]) -> FileRefused:
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        return FileRefused(FileCode.TYPE, kind=OtherKind.NUMBERS.value)
    if _DOCUMENT_TYPE.search(types) or "word/document.xml" in names:
        return FileRefused(FileCode.TYPE, kind=OtherKind.DOCUMENT.value)
    if any(name.endswith((".xlsx", ".xls", ".ods", ".csv")) for name in names):
        return FileRefused(FileCode.TYPE, kind=OtherKind.ZIP.value)
    return FileRefused(FileCode.TYPE)


def _open_document_type(start_of: Callable[[str], bytes], names: set[str]) -> FileType:
    """Tell an ods from other documents; its mimetype and styles may be missing (ODF 1.3 part 2)."""
    manifest, kind = start_of("meta-inf/manifest.xml"), start_of("mimetype")
    is_sheet = kind.startswith(_ODS) or (not kind and _ODS in manifest)
    if not is_sheet and not kind and b"office:spreadsheet" in start_of("content.xml"):
        is_sheet = True
    if not is_sheet:
        raise FileRefused(FileCode.TYPE, kind=OtherKind.DOCUMENT.value)
    if "encrypted-package" in names or b"encryption-data" in manifest:
        raise FileRefused(FileCode.ENCRYPTED)
    return FileType.ODS


def _ole_type(path: Path) -> FileType:
    content = path.read_bytes()
    if _ENCRYPTED_STREAM in content:
        raise FileRefused(FileCode.ENCRYPTED)
    for found in _STREAM.finditer(content):
        stated = content[found.start() + _NAME_BYTES :][:2]
        if len(stated) == 2 and struct.unpack("<H", stated)[0] == len(found[0]):
            return FileType.XLS
    raise FileRefused(FileCode.TYPE, kind=OtherKind.DOCUMENT.value)


def _markup_kind(head: bytes) -> OtherKind | None:
    """Tell web pages and XML, which many systems export by the name of an xls, and more."""
    if head.startswith(b"%PDF"):
        return OtherKind.PDF
    if head.startswith(_ARCHIVES):
        return OtherKind.ARCHIVE
    text = head.replace(b"\0", b"").decode("latin-1").lstrip("\ufeff\xff\xfe\xef\xbb\xbf \t\r\n")
    if text.startswith("<"):
        for pattern, kind in _XML_KINDS:
            if pattern.search(text):
                return kind
        return OtherKind.XML if text.startswith("<?xml") else None
    for pattern, kind in _TEXT_KINDS:
        if pattern.match(text):
            return kind
    return OtherKind.MHTML if _MHTML.match(text) and "Content-Type:" in text else None


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
