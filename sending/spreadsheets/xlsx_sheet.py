"""The rows of one sheet of an xlsx, streamed: memory does not grow with the sheet."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sending.spreadsheets.cell_errors import Seen
from sending.spreadsheets.cells import Cell, Shown
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileCode, FileRefused, RowCode
from sending.spreadsheets.rich_text import text_of_string
from sending.spreadsheets.xlsx_cells import CellError, CellValues, whole
from sending.spreadsheets.xlsx_rows import (
    ANY_GROUPS,
    FAST_COLUMNS,
    PLAIN_GROUPS,
    any_row,
    plain_cells,
    plain_row,
)
from sending.spreadsheets.xlsx_values import plain, resolved, unescaped
from sending.spreadsheets.xml_blocks import Walker, local_name

Row = tuple[int, list[Cell]]

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_LONGEST_VALUE = 1 << 20
_CELL_NAME = re.compile(r"\$?([A-Z]{1,3})\$?[0-9]{1,7}", re.IGNORECASE)
_HEIGHT = re.compile(r"[A-Z]+[0-9]+:[A-Z]+([0-9]{1,7})")
# Names of elements and their handlers; a file could have any number of names.
_NAMES = 1_000

_HIDDEN = re.compile(r' hidden="(?:1|true)"')


class SheetReader:
    """Reads rows by one expression where they look as most do, and by expat everywhere else.

    Rows must ascend, as spreadsheet programs demand it. Columns beyond `limits.columns` are read
    over. Formulas give the value that was stored with them.
    """

    def __init__(self, values: CellValues, limits: Limits) -> None:
        self.seen = Seen()
        self._values = values
        self._limits = limits
        self._walker = Walker(self._start, self._end, self._text, step_tag="row")
        self._rows: list[Row] = []
        self._number = self._at = 0
        self._cells = 0
        self._width = 0
        self._block = ""
        self._has_escapes = False
        self._in_data = self._in_row = self._in_value = False
        self._in_inline = self._in_text = self._in_phonetic = False
        self._row: list[Cell] = []
        self._column = -1
        self._type = self._value = self._inline = ""
        self._style: str | None = None
        self._has_formula = self._has_value = self._has_inline = False
        self._start_of: dict[str, Callable[[Mapping[str, str]], None]] = {}
        self._end_of: dict[str, Callable[[], None]] = {}

    def rows(self, blocks: Iterator[str]) -> Iterator[Row]:
        """Yield (row number, cells) of the rows that have cells.

        Raises FileRefused: FILE_BROKEN, FILE_DTD, FILE_TOO_COMPLEX, TOO_MANY_ROWS, TOO_MANY_FLAWS,
        and BROKEN errors.
        """
        for _block in self._walker.walk(blocks, self._take):
            if self._cells > self._limits.cells:
                raise FileRefused(FileCode.TOO_COMPLEX, limit=self._limits.cells)
            # The next block may go on with the last row.
            yield from self._rows[:-1]
            del self._rows[:-1]
        yield from self._rows

    def _take(self, text: str, position: int, end: int) -> int:
        """Take the rows that an expression knows; return where one stands that it does not."""
        if text is not self._block:
            self._block, self._has_escapes = text, "&" in text or "_x" in text
        taken = len(self._rows)
        position = self._take_plain(text, position, end)
        if position < end:
            position = self._take_any(text, position, end)
        self._cells += max(0, len(self._rows) - taken) * self._width
        return position

    def _take_plain(self, text: str, position: int, end: int) -> int:
        match, rows, values = plain_row(self._width).match, self._rows, self._values
        as_is = not values.formats.changes_texts
        while found := match(text, position, end):
            groups = found.groups()
            if self._has_escapes:
                groups = tuple([group and plain(group) for group in groups])
            number = int(groups[0])
            if groups[1] and _HIDDEN.search(groups[1]):
                self.seen.hidden_rows += 1
            # Most rows are of inline strings alone, which are what they show.
            inlines = groups[3::PLAIN_GROUPS]
            cells = [*inlines] if as_is and None not in inlines else plain_cells(groups, values)
            if self._number < number <= _LAST_ROW and not values.odd:
                rows.append((number, cells))
                self._number = number
            else:
                self._add(number, cells)
            position = found.end()
        return position

    def _take_any(self, text: str, position: int, end: int) -> int:
        """Go on with rows as other programs spell them, which takes longer."""
        match = any_row(self._width).match
        while found := match(text, position, end):
            groups = found.groups()
            self._at = number = int(groups[0]) if groups[0] else self._number + 1
            self._check_order(number)
            cells = self._any_cells(groups[2:])
            if cells is None:
                return position
            if _HIDDEN.search(groups[1]):
                self.seen.hidden_rows += 1
            if cells.count("") < len(cells):
                self._add(number, cells)
            self._number = number
            position = found.end()
        return position

    def _any_cells(self, groups: tuple[Any, ...]) -> list[Cell] | None:
        """Return the cells of a row that `any_row` has matched; None leaves the row to expat."""
        cells: list[Cell] = []
        fields, number_at = iter(groups), self._values.number
        for style, kind, formula, value, inline in zip(*[fields] * ANY_GROUPS, strict=True):
            inside = None
            if inline is not None:
                inside = text_of_string(inline)
                if inside is None:
                    return None
            elif value and kind in {None, "n"}:
                cells.append(number_at(resolved(value).strip(), style))
                continue
            elif value is None and formula is None:
                cells.append("")
                continue
            self._column, self._style = len(cells), style
            held = resolved(value) if value else value
            cells.append(
                self._cell_value(kind or "n", held, inside, has_formula=formula is not None)
            )
        return cells

    def _add(self, number: int, cells: list[Cell]) -> None:
        """Add a row, or go on with the last one: some programs write a row for each cell."""
        rows = self._rows
        self._check_order(number)
        if self._values.odd:
            self._look_at(number, cells)
        if number == self._number and rows and rows[-1][0] == number:
            _merge(rows[-1][1], cells)
        else:
            rows.append((number, cells))
        self._number = number

    def _check_order(self, number: int) -> None:
        if number > _LAST_ROW:
            raise FileRefused(FileCode.TOO_MANY_ROWS, limit=self._limits.rows)
        if number < self._number:
            raise FileRefused(FileCode.BROKEN)

    def _look_at(self, number: int, cells: list[Cell]) -> None:
        """Note errors, and formats that other programs show in another way."""
        self._values.odd = False
        for column, cell in enumerate(cells):
            if isinstance(cell, CellError):
                self._flag(number, column, RowCode.CELL_ERROR, str(cell))
                cells[column] = ""
            elif isinstance(cell, Shown) and not cell.exact:
                self.seen.inexact.add(number, column, cell)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        handler = self._start_of.get(name)
        if handler is None:
            method = _STARTS.get(local_name(name))
            handler = getattr(self, method) if method else _ignore
            assert handler is not None
            if len(self._start_of) < _NAMES:
                self._start_of[name] = handler
        handler(attributes)

    def _end(self, name: str) -> None:
        handler = self._end_of.get(name)
        if handler is None:
            method = _ENDS.get(local_name(name))
            handler = getattr(self, method) if method else _ignore_end
            assert handler is not None
            if len(self._end_of) < _NAMES:
                self._end_of[name] = handler
        handler()

    def _start_merge(self, _attributes: Mapping[str, str]) -> None:
        self.seen.merged += 1

    def _start_col(self, attributes: Mapping[str, str]) -> None:
        self.seen.hidden_columns += _is_hidden(attributes)

    def _start_dimension(self, attributes: Mapping[str, str]) -> None:
        found = _HEIGHT.fullmatch(attributes.get("ref", ""))
        self.seen.height = min(int(found[1]), _LAST_ROW) if found else 0

    def _start_data(self, _attributes: Mapping[str, str]) -> None:
        self._in_data = True

    def _end_data(self) -> None:
        self._in_data = False

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        if not self._in_data:
            return
        number = attributes.get("r")
        self._at = whole(number) if number else self._number + 1
        self._check_order(self._at)
        self.seen.hidden_rows += _is_hidden(attributes)
        self._in_row = True
        self._row = []
        self._column = -1

    def _start_c(self, attributes: Mapping[str, str]) -> None:
        if not self._in_row:
            return
        self._column = _column_of(attributes.get("r"), self._column + 1)
        self._cells += 1
        if self._column >= _LAST_COLUMN:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=_LAST_COLUMN)
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s")
        self._value = self._inline = ""
        self._has_formula = self._has_value = self._has_inline = False

    def _start_v(self, _attributes: Mapping[str, str]) -> None:
        self._has_value = self._in_value = True

    def _start_is(self, _attributes: Mapping[str, str]) -> None:
        self._has_inline = self._in_inline = True

    def _start_t(self, _attributes: Mapping[str, str]) -> None:
        self._in_text = self._in_inline and not self._in_phonetic

    def _start_f(self, _attributes: Mapping[str, str]) -> None:
        self._has_formula = True

    def _start_phonetic(self, _attributes: Mapping[str, str]) -> None:
        self._in_phonetic = True

    def _text(self, data: str) -> None:
        if self._in_value:
            self._value += data
        elif self._in_text:
            self._inline += data
        else:
            return
        if len(self._value) + len(self._inline) > _LONGEST_VALUE:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=_LONGEST_VALUE)

    def _end_v(self) -> None:
        self._in_value = False

    def _end_is(self) -> None:
        self._in_inline = self._in_text = False

    def _end_t(self) -> None:
        self._in_text = False

    def _end_phonetic(self) -> None:
        self._in_phonetic = False

    def _end_c(self) -> None:
        if not self._in_row or self._column >= self._limits.columns:
            return
        value = self._cell_value(
            self._type,
            self._value if self._has_value else None,
            unescaped(self._inline) if self._has_inline else None,
            has_formula=self._has_formula,
        )
        row, column = self._row, self._column
        if column < len(row):
            row[column] = value
        elif value != "":
            row += [""] * (column - len(row))
            row.append(value)

    def _cell_value(
        self, kind: str, value: str | None, inline: str | None, *, has_formula: bool
    ) -> Cell:
        """Read the cell at `_at` and `_column`; `value` may have escapes, `inline` has none."""
        if inline is not None and (kind == "inlineStr" or value is None):
            # Some writers put a number beside it; programs show the text.
            return self._values.dressed(inline, self._style)
        if value or kind == "e":
            return self._values.typed(kind, value or "", self._style)
        if has_formula and not (value is not None and kind == "str"):
            self._flag(self._at, self._column, RowCode.FORMULA_NO_VALUE, "")
        return ""

    def _flag(self, row: int, column: int, code: str, shown: str) -> None:
        cell_errors = self.seen.cell_errors
        cell_errors.add(row, column, code, shown)
        if len(cell_errors) > self._limits.cell_errors:
            raise FileRefused(FileCode.TOO_MANY_FLAWS, limit=self._limits.cell_errors)

    def _end_row(self) -> None:
        if not self._in_row:
            return
        self._in_row = False
        width = self._column + 1
        if width:
            self._add(self._at, self._row)
            if self._width < width <= FAST_COLUMNS:
                self._width = width
        else:
            self._number = self._at
        self._walker.step()


# element -> what handles its start, and its end
_STARTS: Mapping[str, str] = {
    **{name: f"_start_{name}" for name in ("col", "dimension", "row", "c", "v", "is", "t", "f")},
    "mergeCell": "_start_merge",
    "sheetData": "_start_data",
    "rPh": "_start_phonetic",
}
_ENDS: Mapping[str, str] = {
    **{name: f"_end_{name}" for name in ("row", "c", "v", "is", "t")},
    "sheetData": "_end_data",
    "rPh": "_end_phonetic",
}


def _ignore(_attributes: Mapping[str, str]) -> None:
    """Read over an element that says nothing about values."""


def _ignore_end() -> None:
    """Read over its end."""


def _merge(row: list[Cell], more: list[Cell]) -> None:
    """Put the cells of a further element of the same row where they belong."""
    row += [""] * (len(more) - len(row))
    for column, cell in enumerate(more):
        if cell != "":
            row[column] = cell


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get("hidden") in {"1", "true"}


def _column_of(name: str | None, following: int) -> int:
    """Return the column of a cell, counted from 0; without a name it follows the one before."""
    if name is None:
        return following
    found = _CELL_NAME.fullmatch(name)
    if found is None:
        raise FileRefused(FileCode.BROKEN)
    number = 0
    for letter in found[1].upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
