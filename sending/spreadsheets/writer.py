"""Exports as streams: csv and xlsx in constant memory, never a formula in a cell."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from sending.spreadsheets.cells import FORMULA_STARTS
from sending.spreadsheets.package import SHEET_END, SHEET_START, book_parts

Value = str | int | float | None
# The media type of a workbook.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# By which Excel knows the encoding of a csv file.
BYTE_ORDER_MARK = "\ufeff".encode()
_CSV_ROWS = 1_000
_BLOCK = 1 << 20
_XLSX_ROWS = 1_000
_SHEET_ROWS = 1_048_576
_CELL_CHARS = 32_767
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(value: Value) -> Value:
    """Put an apostrophe before text that a spreadsheet program would read as a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def stream_csv(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """Yield the file in UTF-8 with a byte order mark, by which Excel knows the encoding."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([guarded(heading) for heading in headings])
    for count, row in enumerate(rows, 1):
        writer.writerow([guarded(value) for value in row])
        if not count % _CSV_ROWS:
            yield _taken(buffer)
    yield _taken(buffer)


def csv_rows(rows: Iterable[Sequence[Value]]) -> bytes:
    """Return some rows of a csv file in UTF-8."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([guarded(value) for value in row] for row in rows)
    return _taken(buffer)


def xlsx_rows(rows: Iterable[Sequence[Value]]) -> bytes:
    """Return some rows of a sheet, to be put together by `xlsx_of`."""
    return "".join(map(_row_xml, rows)).encode("utf-8")


def xlsx_of(rows: BinaryIO, sheet: str) -> Iterator[bytes]:
    """Yield an xlsx with one sheet, from a file of what `xlsx_rows` has returned."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(_entry(1), "w", force_zip64=True) as file:
            file.write(SHEET_START)
            while block := rows.read(_BLOCK):
                file.write(block)
                yield sink.taken()
            file.write(SHEET_END)
        for name, content in book_parts([sheet]):
            archive.writestr(name, content)
    yield sink.taken()


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def stream_xlsx(
    headings: Sequence[str],
    rows: Iterable[Sequence[Value]],
    sheet: str = "Sheet1",
    summary: tuple[str, Sequence[Sequence[Value]]] | None = None,
) -> Iterator[bytes]:
    """Yield an xlsx whose texts are inline strings, which no program takes for formulas.

    What does not fit on one sheet (1,048,576 rows) continues on the next one. `summary` is a sheet
    before them: its name and all its rows, which are few.
    """
    sink = _Sink()
    source = iter(rows)
    names: list[str] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        if summary is not None:
            names.append(summary[0])
            lines = "".join(map(_row_xml, summary[1]))
            archive.writestr(_entry(1), SHEET_START + lines.encode() + SHEET_END)
        before = len(names)
        row = next(source, None)
        while row is not None or len(names) == before:
            of_rows = len(names) - before
            names.append(f"{sheet} {of_rows + 1}"[:31] if of_rows else sheet)
            with archive.open(_entry(len(names)), "w", force_zip64=True) as file:
                file.write(SHEET_START + _row_xml(headings).encode("utf-8"))
                waiting: list[str] = []
                count = 1
                while row is not None and count < _SHEET_ROWS:
                    waiting.append(_row_xml(row))
                    count += 1
                    if len(waiting) == _XLSX_ROWS:
                        file.write("".join(waiting).encode("utf-8"))
                        waiting.clear()
                        yield sink.taken()
                    row = next(source, None)
                file.write("".join(waiting).encode("utf-8") + SHEET_END)
        for name, content in book_parts(names):
            archive.writestr(name, content)
    yield sink.taken()


def _entry(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


class _Sink(io.RawIOBase):
    """A file that only goes forward: what was written is taken away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        """Return what was written since the last call."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def _row_xml(row: Sequence[Value]) -> str:
    return f"<row>{''.join(map(_cell_xml, row))}</row>"


def _cell_xml(value: Value) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'
    return "<c/>" if value is None else f"<c><v>{+value!r}</v></c>"


def _escaped(text: str) -> str:
    if len(text) > _CELL_CHARS:
        text = text[:_CELL_CHARS]
    if _SPECIAL.search(text) is None:
        return text
    text = _NOT_XML.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;")
    return text.replace(">", "&gt;").replace("\r", "&#13;")
