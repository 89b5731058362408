"""Exports as streams: csv and xlsx in constant memory, never a formula in a cell."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from sending.spreadsheets.cells import FORMULA_STARTS
from sending.spreadsheets.package import SHEET_END, SHEET_START, book_parts

Value = str | int | float | None
# The media type of a workbook.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_CSV_ROWS = 1_000
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


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def stream_xlsx(
    headings: Sequence[str], rows: Iterable[Sequence[Value]], sheet: str = "Sheet1"
) -> Iterator[bytes]:
    """Yield an xlsx whose texts are inline strings, which no program takes for formulas.

    What does not fit on one sheet (1,048,576 rows) continues on the next one.
    """
    sink = _Sink()
    source = iter(rows)
    names: list[str] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        row = next(source, None)
        while row is not None or not names:
            names.append(sheet if not names else f"{sheet} {len(names) + 1}"[:31])
            entry = f"xl/worksheets/sheet{len(names)}.xml"
            with archive.open(entry, "w", force_zip64=True) as file:
                file.write(SHEET_START + _row_xml(headings).encode("utf-8"))
                lines: list[str] = []
                count = 1
                while row is not None and count < _SHEET_ROWS:
                    lines.append(_row_xml(row))
                    count += 1
                    if len(lines) == _XLSX_ROWS:
                        file.write("".join(lines).encode("utf-8"))
                        lines.clear()
                        yield sink.taken()
                    row = next(source, None)
                file.write("".join(lines).encode("utf-8") + SHEET_END)
        for name, content in book_parts(names):
            archive.writestr(name, content)
    yield sink.taken()


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
