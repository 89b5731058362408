"""Finds what was planted, wherever and however it is stored."""

import base64
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from sending.sms.data_coding import DataCoding, encode

_BETWEEN = b" -.()/\xa0"


class Planted:
    """Something that must be nowhere: digits, in every form in which digits are stored."""

    def __init__(self, digits: str) -> None:
        self.digits = digits
        self._needles = dict(self._forms())

    def _forms(self) -> Iterator[tuple[str, bytes]]:
        plain = self.digits.encode()
        yield "ascii", plain
        for coding in ("utf-16-le", "utf-16-be", "utf-32-le"):
            yield coding, self.digits.encode(coding)
        yield "full width", "".join(chr(0xFF10 + int(each)) for each in self.digits).encode()
        yield "hex", plain.hex().encode()
        yield "hex of UTF-16", self.digits.encode("utf-16-be").hex().encode()
        for shift in range(3):
            # Bytes before and after change only the outer characters.
            coded = base64.b64encode(b"\0" * shift + plain)
            first, last = -(-shift * 4 // 3), len(coded) - 4
            yield f"base64 at {shift}", coded[first:last]
        swapped = self.digits + "f" * (len(self.digits) % 2)
        semi = "".join(swapped[at + 1] + swapped[at] for at in range(0, len(swapped), 2))
        yield "semi-octets", semi.encode()
        for shift in range(8):
            packed = _packed("@" * shift + self.digits)
            inner = packed[-(-shift * 7 // 8) : (shift + len(self.digits)) * 7 // 8]
            yield f"GSM 7-bit packed at {shift}", inner
            yield f"hex of packed at {shift}", inner.hex().encode()
        if len(self.digits) > 9:
            for prefix in ("", "44"):
                number = int(prefix + self.digits)
                yield f"whole number {prefix}", number.to_bytes(6, "big").lstrip(b"\0")

    def forms_in(self, octets: bytes) -> list[str]:
        """Return the names of the forms in which it stands in some octets."""
        found = [name for name, needle in self._needles.items() if needle in octets]
        lowered = octets.lower()
        found += [
            f"{name} (capitals)"
            for name, needle in self._needles.items()
            if name.startswith("hex") and needle in lowered and name not in found
        ]
        if self.digits.encode() in octets.translate(None, _BETWEEN) and "ascii" not in found:
            found.append("spaced")
        if octets[:2] == b"PK":
            found += self._in_zip(octets)
        return found

    def _in_zip(self, octets: bytes) -> list[str]:
        try:
            with zipfile.ZipFile(io.BytesIO(octets)) as package:
                return [
                    f"{name}: {form}"
                    for name in package.namelist()
                    for form in self.forms_in(package.read(name))
                ]
        except zipfile.BadZipFile:
            return []


def _packed(text: str) -> bytes:
    """Return septets without gaps, the first in the lowest bits (3GPP TS 23.038, 6.1.2.1)."""
    bits = sum(septet << 7 * at for at, septet in enumerate(encode(text, DataCoding.GSM7)))
    return bits.to_bytes(-(-7 * len(text) // 8), "little")


def in_tables(planted: Planted) -> set[tuple[str, str, str]]:
    """Return (table, column, form) of every cell of the database that has it."""
    found: set[tuple[str, str, str]] = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, cell in zip(names, row, strict=True):
                    octets = bytes(cell) if isinstance(cell, bytes | memoryview) else None
                    octets = str(cell).encode() if octets is None else octets
                    found |= {(table, name, form) for form in planted.forms_in(octets)}
    return found


def in_files(planted: Planted, *folders: Path, since: float) -> set[tuple[str, str]]:
    """Return (file, form) of every file below the folders that has it.

    Those that other tests left are older than `since`; some of them are made to burst.
    """
    return {
        (path.name, form)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_mtime >= since
        for form in planted.forms_in(path.read_bytes())
    }
