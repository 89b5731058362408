"""Text files with delimiters: their encoding and delimiter are found, and can be overridden."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
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
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=([^\w\s"]|\t)"?[\r\n]', re.IGNORECASE)
_NUMBER_CELL = re.compile(r"\W{0,4}\d[\d ().\-/]{6,20}\W{0,3}")


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

    A record whose quoted cell spans lines is one row, as it is in a spreadsheet program; text
    behind a closing quotation mark belongs to the cell, as it does there. Raises FileRefused
    FILE_QUOTES with the row where a cell of several lines has such text, or never ends: rows
    would be lost in it.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    rows = _records(path, dialect)
    if _is_guarded(path):
        return ((number, [unguarded(cell) for cell in row]) for number, row in rows)
    return rows


def _records(path: Path, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    number = 0
    with path.open(encoding=dialect.encoding, newline="") as file:
        strict = csv.reader(file, delimiter=dialect.delimiter, strict=True)
        try:
            for number, row in enumerate(strict, 1):
                yield number, row
        except csv.Error:
            is_strict = False
        else:
            is_strict = True
    if is_strict:
        return
    # Slower, and only from the first such row of the few files that have one.
    with path.open(encoding=dialect.encoding, newline="") as file:
        yield from islice(_lenient(file, dialect.delimiter), number, None)


def _lenient(file: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield all records, with those of one line read as spreadsheet programs read them."""
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for number in count(1):
        lines.taken = 0
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if lines.taken != 1 or len(lines.last) > _FIELD_LIMIT or lines.ended:
                raise FileRefused(FileCode.QUOTES, row=number) from error
            yield number, next(csv.reader([lines.last], delimiter=delimiter))


class _Lines:
    """Lines of a file that say which was the last, and how many were taken."""

    def __init__(self, file: Iterable[str]) -> None:
        self._file = iter(file)
        self.last = ""
        self.taken = 0
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            self.last = next(self._file)
        except StopIteration:
            self.ended = True
            raise
        self.taken += 1
        return self.last


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
    # Excel's own way to say it.
    said = _SEPARATOR_LINE.match(text)
    if said:
        return said[1]
    return max(DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> tuple[int, int, int]:
    """Return (rows of the commonest width with a number, all rows of it, that width).

    One column counts for nothing; nor do blank rows, and titles above the headings.
    """
    rows = []
    try:
        for row in csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter):
            if any(map(str.strip, row)):
                rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return (0, 0, 0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return (0, 0, 0)
    width, same = max(widths.items(), key=lambda found: (found[1], found[0]))
    with_number = sum(any(map(_NUMBER_CELL.fullmatch, row)) for row in rows if len(row) == width)
    return (with_number, same, width)
