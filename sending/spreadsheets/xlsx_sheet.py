"""The rows of one sheet of an xlsx, streamed: memory does not grow with the sheet."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sending.spreadsheets.cell_errors import Seen
from sending.spreadsheets.cells import Cell, Shown
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileCode, FileRefused, RowCode, column_name
from sending.spreadsheets.xlsx_cells import CellError, CellValues, whole
from sending.spreadsheets.xlsx_values import plain
from sending.spreadsheets.xml_blocks import Walker, local_name

Row = tuple[int, list[Cell]]

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_LONGEST_VALUE = 1 << 20
# A wider sheet is read by expat alone: trying every column would take longer.
_FAST_COLUMNS = 64
_CELL_NAME = re.compile(r"([A-Z]{1,3})[0-9]{1,7}", re.IGNORECASE)
_HEIGHT = re.compile(r"[A-Z]+[0-9]+:[A-Z]+([0-9]{1,7})")
# Names of elements and their handlers; a file could have any number of names.
_NAMES = 1_000

# What nearly all rows look like. Whatever else is well-formed is left to expat: other orders of
# attributes, comments, prefixes, rich text.
_TEXT = r"([^<\x00-\x08\x0b-\x1f]*+)"
_FORMULA = r'(?:<f(?: [a-z]+="[^"<]*")*(?:/>|>[^<]*</f>))?'
_FAST_ROW = r'\s*+<row r="([0-9]++)"((?: [A-Za-z0-9:]+="[^"<>&]*")*+) ?>'
_FAST_CELL = (
    r'(?:<c r="{column}\1"(?: s="([0-9]++)")?+(?:'
    r' t="inlineStr"><is><t(?: xml:space="preserve")?>{text}</t></is></c>'
    r'| t="s"><v>([0-9]++)</v></c>'
    r'|(?: t="n")?>(?:{formula}<v>([-+.0-9eE]++)</v>)?</c>'
    r'| t="(str|[bed])">{formula}<v>{text}</v></c>'
    r"| ?/>))?+"
)
_GROUPS = 6
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
        self._fast_row = _fast_row(0)
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
        for _block in self._walker.walk(blocks, self._take_fast):
            if self._cells > self._limits.cells:
                raise FileRefused(FileCode.TOO_COMPLEX, limit=self._limits.cells)
            # The next block may go on with the last row.
            yield from self._rows[:-1]
            del self._rows[:-1]
        yield from self._rows

    def _take_fast(self, text: str, position: int) -> int:
        """Take the rows that look as most do; return where the first one stands that does not."""
        match, rows, values = self._fast_row.match, self._rows, self._values
        strings, number_at, typed = values.strings, values.number, values.typed
        undressed = not values.formats.changes_texts
        if text is not self._block:
            self._block, self._has_escapes = text, "&" in text or "_x" in text
        taken = len(rows)
        while found := match(text, position):
            groups = found.groups()
            if self._has_escapes:
                groups = tuple(map(plain, groups))
            number = int(groups[0])
            if groups[1] and _HIDDEN.search(groups[1]):
                self.seen.hidden_rows += 1
            # All cells of a row are often of one kind, and such rows cost half.
            inlines, shareds = groups[3::_GROUPS], groups[4::_GROUPS]
            cells: list[Cell]
            if undressed and None not in inlines:
                cells = [*inlines]
            elif undressed and None not in shareds:
                cells = [strings[int(shared)] for shared in shareds]
            elif undressed:
                fields = iter(groups[2:])
                cells = [
                    inline
                    if inline is not None
                    else strings[int(shared)]
                    if shared is not None
                    else number_at(value, style)
                    if value is not None
                    else ""
                    if kind is None
                    else (result or "")
                    if kind == "str"
                    else typed(kind, result or "", style)
                    for style, inline, shared, value, kind, result in zip(
                        *[fields] * _GROUPS, strict=True
                    )
                ]
            else:
                cells = self._dressed(groups[2:])
            self._add(number, cells)
            position = found.end()
        self._cells += max(0, len(rows) - taken) * self._width
        return position

    def _dressed(self, groups: tuple[Any, ...]) -> list[Cell]:
        """Read the cells of a fast row where formats change texts."""
        values, fields = self._values, iter(groups)
        return [
            values.dressed(inline, style)
            if inline is not None
            else values.typed("s", shared, style)
            if shared is not None
            else values.number(value, style)
            if value is not None
            else values.typed(kind, result or "", style)
            if kind is not None
            else ""
            for style, inline, shared, value, kind, result in zip(*[fields] * _GROUPS, strict=True)
        ]

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
        value = self._cell_value()
        row, column = self._row, self._column
        if column < len(row):
            row[column] = value
        elif value != "":
            row += [""] * (column - len(row))
            row.append(value)

    def _cell_value(self) -> Cell:
        kind, value = self._type, self._value
        if self._has_inline and (kind == "inlineStr" or not self._has_value):
            # Some writers put a number beside it; programs show the text.
            kind, value = "inlineStr", self._inline
        if value or kind == "e":
            return self._values.typed(kind, value, self._style)
        if self._has_formula and not (self._has_value and kind == "str"):
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
            if self._width < width <= _FAST_COLUMNS:
                self._width = width
                self._fast_row = _fast_row(width)
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


def _fast_row(width: int) -> re.Pattern[str]:
    """Return the expression of a row that has cells in the first `width` columns at most."""
    cells = (
        _FAST_CELL.format(column=column_name(column), text=_TEXT, formula=_FORMULA)
        for column in range(width)
    )
    return re.compile(_FAST_ROW + "".join(cells) + "</row>")


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
