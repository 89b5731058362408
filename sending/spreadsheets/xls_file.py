"""An xls (BIFF 2 to 8), opened by xlrd, which knows formats, hidden rows and errors.

xlrd holds a sheet in memory, and was not made for hostile files: whatever it raises means that the
file cannot be read.
"""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sending.spreadsheets.cell_errors import Seen
from sending.spreadsheets.cells import Cell, Shown
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.merges import without_covered
from sending.spreadsheets.number_formats.builtin import BY_LANGUAGE
from sending.spreadsheets.number_formats.formats import NumberFormat, number_format
from sending.spreadsheets.problems import FileCode, FileRefused, RowCode
from sending.spreadsheets.workbook import Row, Sheet, Workbook

_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR, _BLANK = range(7)
_SHOWN_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_LARGEST_WHOLE = 2**53


def open_xls(path: Path, limits: Limits) -> Workbook:
    """Open an xls; raises FileRefused: FILE_ENCRYPTED, FILE_BROKEN, FILE_TYPE."""
    import xlrd

    def read() -> Any:
        return xlrd.open_workbook(
            filename=str(path),
            logfile=io.StringIO(),
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
            ignore_workbook_corruption=True,
        )

    book = _guarded(read)
    names: list[str] = book.sheet_names()
    visible = [at for at in range(len(names)) if not book._sheet_visibility[at]]  # noqa: SLF001 - on demand it says nothing else

    def open_sheet(at: int) -> Sheet:
        sheet = _guarded(lambda: book.sheet_by_index(visible[at]))
        seen = _seen(sheet)
        rows: Iterator[Row] = _Rows(book, sheet, seen, limits).rows()
        ranges = [
            (top + 1, bottom, left, right - 1) for top, bottom, left, right in sheet.merged_cells
        ]
        if ranges:
            rows = without_covered(rows, ranges, limits.columns)
        return Sheet(names[visible[at]], rows, seen)

    return Workbook(
        tuple(names[at] for at in visible),
        tuple(name for at, name in enumerate(names) if at not in visible),
        open_sheet,
    )


def _guarded(read: Callable[[], Any]) -> Any:
    """Read by xlrd, whose errors are of any kind; memory that runs out is not the file's fault."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception as error:
        if "encrypted" in str(error).lower():
            raise FileRefused(FileCode.ENCRYPTED) from error
        raise FileRefused(FileCode.BROKEN) from error


def _seen(sheet: Any) -> Seen:
    filled = (row for row, info in sheet.rowinfo_map.items() if info.hidden and row < sheet.nrows)
    hidden = sum(any(kind not in {_EMPTY, _BLANK} for kind in sheet.row_types(r)) for r in filled)
    columns = sum(bool(info.hidden) for at, info in sheet.colinfo_map.items() if at < sheet.ncols)
    merged = len(sheet.merged_cells)
    return Seen(hidden_rows=hidden, hidden_columns=columns, merged=merged, height=sheet.nrows)


class _Rows:
    """The rows of one sheet, with what their cells show."""

    def __init__(self, book: Any, sheet: Any, seen: Seen, limits: Limits) -> None:
        self._book = book
        self._sheet = sheet
        self._seen = seen
        self._limits = limits
        self._formats: dict[int, NumberFormat | None] = {}
        self._changes_texts = any(
            "@" in code or code.count(";") > 2
            for code in (known.format_str or "" for known in book.format_map.values())
        )

    def rows(self) -> Iterator[Row]:
        """Yield (row number, cells) of the rows that have cells."""
        sheet, columns = self._sheet, self._limits.columns
        for at in range(sheet.nrows):
            kinds = sheet.row_types(at)[:columns]
            if not kinds:
                continue
            values = sheet.row_values(at, 0, columns)
            yield (
                at + 1,
                [
                    value
                    if kind == _TEXT and not self._changes_texts
                    else self._cell(at, column, kind, value)
                    for column, (kind, value) in enumerate(zip(kinds, values, strict=True))
                ],
            )

    def _cell(self, row: int, column: int, kind: int, value: Any) -> Cell:
        if kind == _TEXT:
            return self._dressed(row, column, value)
        if kind in {_NUMBER, _DATE}:
            return self._number(row, column, value)
        if kind == _BOOLEAN:
            return bool(value)
        if kind == _ERROR:
            cell_errors = self._seen.cell_errors
            cell_errors.add(row + 1, column, RowCode.CELL_ERROR, _SHOWN_ERRORS.get(value, "#N/A"))
            if len(cell_errors) > self._limits.cell_errors:
                raise FileRefused(FileCode.TOO_MANY_FLAWS, limit=self._limits.cell_errors)
        return ""

    def _number(self, row: int, column: int, value: float) -> Cell:
        number: int | float = value
        if value.is_integer() and abs(value) < _LARGEST_WHOLE:
            number = int(value)
        shown = self._format_of(row, column)
        if shown is None or (shown.plain_whole and isinstance(number, int)):
            return number
        cell = Shown(number, shown.show, exact=shown.is_exact(number))
        if not cell.exact:
            self._seen.inexact.add(row + 1, column, cell)
        return cell

    def _dressed(self, row: int, column: int, text: str) -> Cell:
        """Return a text as its format shows it: ";;;" hides it."""
        shown = self._format_of(row, column)
        return text if shown is None or shown.text is None else Shown(text, shown.text(text))

    def _format_of(self, row: int, column: int) -> NumberFormat | None:
        xf = self._sheet.cell_xf_index(row, column)
        if xf not in self._formats:
            self._formats[xf] = self._format(xf)
        return self._formats[xf]

    def _format(self, xf: int) -> NumberFormat | None:
        if not 0 <= xf < len(self._book.xf_list):
            return None
        key = self._book.xf_list[xf].format_key
        since_1904 = bool(self._book.datemode)
        code = BY_LANGUAGE.get(key)
        if code is not None:
            return number_format(code, since_1904=since_1904, by_language=True)
        known = self._book.format_map.get(key)
        return number_format(known.format_str if known else "", since_1904=since_1904)
