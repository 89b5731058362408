"""Text files with delimiters: their encoding and delimiter are found, and can be overridden."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sending.spreadsheets.cells import FORMULA_STARTS
from sending.spreadsheets.encodings import ENCODINGS, decodes, find_encoding
from sending.spreadsheets.problems import FileCode, FileRefused

DELIMITERS = (",", ";", "\t", "|")
_BLOCK = 1 << 20
_SAMPLE = 1 << 18
_SAMPLE_ROWS = 20
# A longer field is not a recipient's cell; most often a quotation mark was never closed.
_FIELD_LIMIT = 32_768


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written. `guessed` when the encoding rests on likelihood only."""

    encoding: str
    delimiter: str
    guessed: bool = False


def find_dialect(path: Path, encoding: str | None, delimiter: str | None) -> Dialect:
    """Return the dialect of the file, with what the caller gave taken as it is.

    Raises FileRefused FILE_ENCODING when no encoding, or not the given one, fits all bytes, and
    ENCODING_UNCERTAIN when more than one can be meant.
    """
    guessed = False
    if encoding is None:
        found = find_encoding(path)
        encoding, guessed = found.encoding, found.guessed
    elif encoding not in ENCODINGS or not decodes(path, encoding):
        raise FileRefused(FileCode.ENCODING, encoding=encoding)
    return Dialect(encoding, delimiter or _find_delimiter(path, encoding), guessed)


def rows_of(path: Path, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells) of every record, empty ones too; the first is row 1.

    A record whose quoted cell spans lines is one row, as it is in a spreadsheet program.
    Raises FileRefused FILE_QUOTES with the row where quotation marks do not match.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    number = 0
    with path.open(encoding=dialect.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=dialect.delimiter, strict=True)
        try:
            if _is_guarded(path):
                for number, row in enumerate(reader, 1):
                    yield number, [unguarded(cell) for cell in row]
            else:
                for number, row in enumerate(reader, 1):
                    yield number, row
        except csv.Error as error:
            raise FileRefused(FileCode.QUOTES, row=number + 1) from error


def unguarded(cell: str) -> str:
    """Take away the apostrophe that an export put before a cell to keep it from being a formula."""
    if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS:
        return cell[1:]
    if cell[:2] == '="' and cell[-1:] == '"':
        return cell[2:-1]
    return cell


def _is_guarded(path: Path) -> bool:
    """Tell whether any cell can need `unguarded`, so that other files pay nothing for it."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if b"'" in block or b'="' in block:
                return True
    return False


def _find_delimiter(path: Path, encoding: str) -> str:
    with path.open("rb") as file:
        text = file.read(_SAMPLE).decode(encoding, errors="ignore")
    return max(DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    """Return (rows as wide as the first, its width); one column counts for nothing."""
    widths = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if row:
                widths.append(len(row))
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return (0, 0)
    if not widths or widths[0] < 2:
        return (0, 0)
    return (widths.count(widths[0]), widths[0])
