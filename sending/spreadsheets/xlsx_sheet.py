"""The rows of one sheet of an xlsx, streamed: memory does not grow with the sheet."""

import re
from collections.abc import Callable, Iterator, Mapping

from sending.spreadsheets.cells import Cell
from sending.spreadsheets.flaws import Seen
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileCode, FileRefused, RowCode, column_name
from sending.spreadsheets.xlsx_strings import SharedStrings
from sending.spreadsheets.xlsx_values import (
    Style,
    iso_moment,
    moment_of,
    number_of,
    plain,
    unescaped,
)
from sending.spreadsheets.xml_blocks import Walker, local_name

Row = tuple[int, list[Cell]]

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_LONGEST_VALUE = 1 << 20
# A wider sheet is read by expat alone: trying every column would take longer.
_FAST_COLUMNS = 64
_CELL_NAME = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_HEIGHT = re.compile(r"[A-Z]+[0-9]+:[A-Z]+([0-9]{1,7})")

# What nearly all rows look like. Whatever else is well-formed is left to expat: other orders of
# attributes, comments, prefixes, rich text, errors, hidden rows.
_TEXT = r"([^<\x00-\x08\x0b-\x1f]*+)"
_FORMULA = r'(?:<f(?: [a-z]+="[^"<]*")*(?:/>|>[^<]*</f>))?'
_FAST_ROW = r'\s*+<row r="([0-9]++)"(?![^<>]* hidden=)(?: [A-Za-z0-9:]+="[^"<>&]*")* ?>'
_FAST_CELL = (
    r'(?:<c r="{column}\1"(?: s="([0-9]++)")?+(?:'
    r' t="inlineStr"><is><t(?: xml:space="preserve")?>{text}</t></is></c>'
    r'| t="s"><v>([0-9]++)</v></c>'
    r'|(?: t="n")?>(?:{formula}<v>([-+.0-9eE]++)</v>)?</c>'
    r'| t="str">{formula}<v>{text}</v></c>'
    r"| ?/>))?+"
)
_GROUPS = 5


class SheetReader:
    """Reads rows by one expression where they look as most do, and by expat everywhere else.

    Rows must ascend, as spreadsheet programs demand it. Columns beyond `limits.columns` are read
    over. Formulas give the value that was stored with them.
    """

    def __init__(
        self,
        strings: SharedStrings,
        styles: Mapping[str, Style],
        limits: Limits,
        *,
        since_1904: bool = False,
    ) -> None:
        self.seen = Seen()
        self._strings = strings
        self._styles = styles
        self._limits = limits
        self._since_1904 = since_1904
        self._walker = Walker(self._start, self._end, self._text, step_tag="row")
        self._rows: list[Row] = []
        self._number = 0
        self._cells = 0
        self._width = 0
        self._fast_row = _fast_row(0)
        self._in_data = self._in_row = self._in_value = self._in_phonetic = False
        self._row: list[Cell] = []
        self._column = -1
        self._type = self._style = self._value = ""
        self._has_formula = self._has_value = False
        self._ends: dict[str, Callable[[], None]] = {
            "v": self._end_value,
            "t": self._end_value,
            "rPh": self._end_phonetic,
            "c": self._end_cell,
            "row": self._end_row,
            "sheetData": self._end_data,
        }

    def rows(self, blocks: Iterator[str]) -> Iterator[Row]:
        """Yield (row number, cells) of the rows that have cells.

        Raises FileRefused: FILE_BROKEN, FILE_DTD, FILE_TOO_COMPLEX, TOO_MANY_ROWS, TOO_MANY_FLAWS,
        and BROKEN errors.
        """
        for _block in self._walker.walk(blocks, self._take_fast):
            if self._cells > self._limits.cells:
                raise FileRefused(FileCode.TOO_COMPLEX, limit=self._limits.cells)
            yield from self._rows
            self._rows.clear()

    def _take_fast(self, text: str, position: int) -> int:
        """Take the rows that look as most do; return where the first one stands that does not."""
        match, rows = self._fast_row.match, self._rows
        strings, number_at = self._strings, self._number_at
        has_escapes = "&" in text or "_x" in text
        taken = len(rows)
        while found := match(text, position):
            groups = found.groups()
            if has_escapes:
                groups = tuple(map(plain, groups))
            number = int(groups[0])
            self._enter_row(number)
            # All cells of a row are often of one kind, and such rows cost half.
            inlines, shareds = groups[2::_GROUPS], groups[3::_GROUPS]
            cells: list[Cell]
            if None not in inlines:
                cells = [*inlines]
            elif None not in shareds:
                cells = [strings[int(shared)] for shared in shareds]
            else:
                fields = iter(groups[1:])
                cells = [
                    inline
                    if inline is not None
                    else strings[int(shared)]
                    if shared is not None
                    else number_at(value, style)
                    if value is not None
                    else formula or ""
                    for style, inline, shared, value, formula in zip(
                        *[fields] * _GROUPS, strict=True
                    )
                ]
            rows.append((number, cells))
            position = found.end()
        self._cells += (len(rows) - taken) * self._width
        return position

    def _enter_row(self, number: int) -> None:
        if number <= self._number:
            raise FileRefused(FileCode.BROKEN)
        if number > _LAST_ROW:
            raise FileRefused(FileCode.TOO_MANY_ROWS, limit=self._limits.rows)
        self._number = number

    def _number_at(self, text: str, style: str | None) -> Cell:
        moment = self._styles.get(style or "0")
        if moment is None:
            return number_of(text)
        return moment_of(text, moment, since_1904=self._since_1904)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        match local_name(name):
            case "c" if self._in_row:
                self._start_cell(attributes)
            case "v":
                self._has_value = self._in_value = True
            case "t":
                self._in_value = not self._in_phonetic
            case "f":
                self._has_formula = True
            case "rPh":
                self._in_phonetic = True
            case "row" if self._in_data:
                self._start_row(attributes)
            case "sheetData":
                self._in_data = True
            case other:
                self._note(other, attributes)

    def _note(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "mergeCell":
                self.seen.merged += 1
            case "col":
                self.seen.hidden_columns += _is_hidden(attributes)
            case "dimension":
                found = _HEIGHT.fullmatch(attributes.get("ref", ""))
                self.seen.height = min(int(found[1]), _LAST_ROW) if found else 0

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r")
        self._enter_row(_whole(number) if number else self._number + 1)
        self.seen.hidden_rows += _is_hidden(attributes)
        self._in_row = True
        self._row = []
        self._column = -1

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._column = _column_of(attributes.get("r"), self._column + 1)
        self._cells += 1
        if self._column >= _LAST_COLUMN:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=_LAST_COLUMN)
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._value = ""
        self._has_formula = self._has_value = False

    def _text(self, data: str) -> None:
        if self._in_value:
            self._value += data
            if len(self._value) > _LONGEST_VALUE:
                raise FileRefused(FileCode.TOO_COMPLEX, limit=_LONGEST_VALUE)

    def _end(self, name: str) -> None:
        ended = self._ends.get(local_name(name))
        if ended is not None:
            ended()

    def _end_value(self) -> None:
        self._in_value = False

    def _end_phonetic(self) -> None:
        self._in_phonetic = False

    def _end_data(self) -> None:
        self._in_data = False

    def _end_cell(self) -> None:
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
        value = self._value
        if self._type == "e":
            self._flag(RowCode.CELL_ERROR, value[:20])
            return ""
        if not value:
            if self._has_formula and not (self._has_value and self._type == "str"):
                self._flag(RowCode.FORMULA_NO_VALUE, "")
            return ""
        return self._typed(value)

    def _typed(self, value: str) -> Cell:
        """Read a value by the cell's type (ECMA-376 part 1, 18.18.11)."""
        match self._type:
            case "s":
                return self._strings[_whole(value)]
            case "n":
                return self._number_at(value.strip(), self._style)
            case "b":
                return value.strip() in {"1", "true"}
            case "d":
                return iso_moment(value)
        return unescaped(value)

    def _flag(self, code: str, shown: str) -> None:
        flaws = self.seen.flaws
        flaws.add(self._number, self._column, code, shown)
        if len(flaws) > self._limits.flaws:
            raise FileRefused(FileCode.TOO_MANY_FLAWS, limit=self._limits.flaws)

    def _end_row(self) -> None:
        if not self._in_row:
            return
        self._in_row = False
        if self._column >= 0:
            self._rows.append((self._number, self._row))
            if self._width < len(self._row) <= _FAST_COLUMNS:
                self._width = len(self._row)
                self._fast_row = _fast_row(self._width)
        self._walker.step()


def _fast_row(width: int) -> re.Pattern[str]:
    """Return the expression of a row that has cells in the first `width` columns at most."""
    cells = (
        _FAST_CELL.format(column=column_name(column), text=_TEXT, formula=_FORMULA)
        for column in range(width)
    )
    return re.compile(_FAST_ROW + "".join(cells) + "</row>")


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get("hidden") in {"1", "true"}


def _whole(text: str) -> int:
    if not text.strip().isdecimal():
        raise FileRefused(FileCode.BROKEN)
    return int(text)


def _column_of(name: str | None, following: int) -> int:
    """Return the column of a cell, counted from 0; without a name it follows the one before."""
    if name is None:
        return following
    found = _CELL_NAME.fullmatch(name)
    if found is None:
        raise FileRefused(FileCode.BROKEN)
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
