"""The rows of one sheet of an ods, streamed. What a cell shows stands in the file as text."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.parsers import expat

from sending.spreadsheets.cell_errors import Seen
from sending.spreadsheets.cells import Cell, Shown
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.number_formats.general import general
from sending.spreadsheets.problems import FileCode, FileRefused, RowCode
from sending.spreadsheets.xlsx_values import number_of
from sending.spreadsheets.xml_blocks import Walker, local_name

Row = tuple[int, list[Cell]]

_LAST_ROW = 1_048_576
_LONGEST_VALUE = 1 << 20
_NUMBERS = frozenset({"float", "percentage", "currency"})
_HIDDEN = frozenset({"collapse", "filter"})
# What programs show for an error where they do not call it one.
_ERROR = re.compile(r"#(?:N/A|VALUE!|REF!|DIV/0!|NUM!|NAME\?|NULL!)|Err:[0-9]{3}")
_SPACES = re.compile(r"[ \t\r\n]+")
# Elements in a cell whose text belongs to something else.
_ASIDE = frozenset({"annotation", "ruby-text", "note-citation", "shapes"})
# Drawings stand in the cell that they are tied to (ODF 1.3 part 3, 10.3).
_DRAWING = re.compile(
    r"frame|custom-shape|rect|line|polyline|polygon|regular-polygon|path|circle|ellipse|connector"
    r"|caption|measure|control|g|scene|page-thumbnail"
)
_SPAN = re.compile(r"(-?)PT([0-9]{1,9})H([0-9]{1,2})M([0-9]{1,2})(?:[.,][0-9]*)?S")
# LibreOffice's own type beside that of the standard.
_ERROR_TYPE = "calcext:value-type"
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_MOST_NAMES = 1_000


class OdsSheetReader:
    """Reads rows by expat from the start tag of a table on, and stops at its end."""

    def __init__(self, limits: Limits) -> None:
        self.seen = Seen()
        self._limits = limits
        self._walker = Walker(self._start, self._end, self._text)
        self._rows: list[Row] = []
        self._names: dict[str, str] = {}
        self._number = self._cells = self._depth = self._aside = 0
        self._done = self._hidden = False
        self._row: list[Cell] = []
        self._blank = 0
        self._row_errors: list[tuple[int, str]] = []
        self._repeated_rows = 1
        self._cell: Mapping[str, str] | None = None
        self._covered = False
        self._pieces: list[str] = []
        self._length = 0
        self._paragraphs = 0
        self._in_paragraph = 0
        self._starts: dict[str, Callable[[Mapping[str, str]], None]] = {
            "table": self._start_table,
            "table-column": self._start_column,
            "table-row": self._start_row,
            "table-cell": self._start_cell,
            "covered-table-cell": self._start_covered,
            "p": self._start_paragraph,
            "h": self._start_paragraph,
            "s": self._add_spaces,
            "tab": lambda _attributes: self._add("\t"),
            "line-break": lambda _attributes: self._add("\n"),
        }

    def rows(self, texts: Iterable[str]) -> Iterator[Row]:
        """Yield (row number, cells) of the rows that show something.

        Raises FileRefused: FILE_DTD, FILE_TOO_COMPLEX, TOO_MANY_ROWS, TOO_MANY_FLAWS, and BROKEN
        errors.
        """
        # Prefixes are not resolved, so that a table alone is a document.
        self._walker.feed("<x>")
        for text in texts:
            try:
                self._walker.feed(text)
            except expat.ExpatError:
                # Behind the table its document goes on, which was never begun here.
                if not self._done:
                    raise
            yield from self._rows
            self._rows.clear()
            if self._done:
                return
        self._walker.feed("", last=True)

    def _local(self, name: str) -> str:
        local = self._names.get(name)
        if local is None:
            local = local_name(name)
            if len(self._names) < _MOST_NAMES:
                self._names[name] = local
        return local

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._done:
            return
        local = self._local(name)
        if self._aside or local in _ASIDE or (self._cell is not None and _DRAWING.fullmatch(local)):
            self._aside += 1
            return
        handler = self._starts.get(local)
        if handler is not None:
            local_attributes = {self._local(key): value for key, value in attributes.items()}
            if attributes.get(_ERROR_TYPE) == "error":
                local_attributes["value-type"] = "error"
            handler(local_attributes)

    def _end(self, name: str) -> None:
        if self._done:
            return
        if self._aside:
            self._aside -= 1
            return
        local = self._local(name)
        if local in _CELLS:
            self._end_cell()
        elif local in {"p", "h"}:
            self._in_paragraph -= 1
        elif local == "table-row":
            self._end_row()
        elif local == "table":
            self._depth -= 1
            self._done = not self._depth

    def _text(self, data: str) -> None:
        if self._in_paragraph and not self._aside and not self._done:
            self._add(_SPACES.sub(" ", data))

    def _add(self, text: str) -> None:
        if self._cell is None or not self._in_paragraph:
            return
        self._length += len(text)
        if self._length > _LONGEST_VALUE:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=_LONGEST_VALUE)
        self._pieces.append(text)

    def _start_table(self, _attributes: Mapping[str, str]) -> None:
        self._depth += 1

    def _start_column(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("visibility") in _HIDDEN:
            count = _repeated(attributes, "number-columns-repeated")
            self.seen.hidden_columns += min(count, self._limits.columns)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        self._row, self._blank, self._row_errors = [], 0, []
        self._repeated_rows = _repeated(attributes, "number-rows-repeated")
        self._hidden = attributes.get("visibility") in _HIDDEN

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._cell, self._covered = attributes, False
        self._pieces, self._length, self._paragraphs = [], 0, 0
        if "number-rows-spanned" in attributes or "number-columns-spanned" in attributes:
            spans = (attributes.get(f"number-{what}-spanned", "1") for what in ("rows", "columns"))
            self.seen.merged += any(span != "1" for span in spans)

    def _start_covered(self, attributes: Mapping[str, str]) -> None:
        self._start_cell(attributes)
        self._covered = True

    def _start_paragraph(self, _attributes: Mapping[str, str]) -> None:
        self._in_paragraph += 1
        if self._paragraphs:
            self._add("\n")
        self._paragraphs += 1

    def _add_spaces(self, attributes: Mapping[str, str]) -> None:
        self._add(" " * min(_repeated(attributes, "c"), _LONGEST_VALUE))

    def _end_cell(self) -> None:
        attributes, self._cell = self._cell, None
        if attributes is None:
            return
        count = _repeated(attributes, "number-columns-repeated")
        value = "" if self._covered else self._value(attributes, "".join(self._pieces))
        column = len(self._row) + self._blank
        room = self._limits.columns - column
        if room <= 0:
            return
        if value == "":
            self._blank += min(count, room)
            return
        count = min(count, room)
        self._row += [""] * self._blank
        self._row += [value] * count
        self._blank = 0
        self._count(count)

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > self._limits.cells:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=self._limits.cells)

    def _value(self, attributes: Mapping[str, str], text: str) -> Cell:
        """Read a cell (ODF 1.3 part 3, 19.385): its value for numbers, and what it shows."""
        kind = attributes.get("value-type", "")
        if self._is_error(attributes, text):
            self._row_errors.append((len(self._row) + self._blank, text))
            return " "
        if kind in _NUMBERS:
            number = number_of(attributes.get("value", ""))
            if isinstance(number, int | float):
                # An empty paragraph shows nothing.
                return Shown(number, text) if self._paragraphs else _bare_number(kind, number)
        if text or kind in {"", "string"}:
            return text or attributes.get("string-value", "")
        return _bare(kind, attributes)

    def _is_error(self, attributes: Mapping[str, str], text: str) -> bool:
        if attributes.get("value-type") == "error":
            return True
        calculated = "formula" in attributes or attributes.get("value-type") in _NUMBERS
        return calculated and bool(_ERROR.fullmatch(text))

    def _end_row(self) -> None:
        count = self._repeated_rows
        first = self._number + 1
        self._number += count
        shows = bool(self._row)
        if shows:
            self._emit(first, count)
        if self._hidden and shows:
            self.seen.hidden_rows += count

    def _emit(self, first: int, count: int) -> None:
        if count > 1:
            self._count((count - 1) * len(self._row))
        if first + count - 1 > _LAST_ROW or count > self._limits.rows:
            raise FileRefused(FileCode.TOO_MANY_ROWS, limit=self._limits.rows)
        for column, _shown in self._row_errors:
            self._row[column] = ""
        for number in range(first, first + count):
            self._rows.append((number, self._row))
            for column, shown in self._row_errors:
                self._flag(number, column, shown)

    def _flag(self, row: int, column: int, shown: str) -> None:
        cell_errors = self.seen.cell_errors
        cell_errors.add(row, column, RowCode.CELL_ERROR, shown[:20])
        if len(cell_errors) > self._limits.cell_errors:
            raise FileRefused(FileCode.TOO_MANY_FLAWS, limit=self._limits.cell_errors)


def _bare_number(kind: str, number: float) -> Cell:
    """Return a number of which the writer left out what it shows."""
    return Shown(number, f"{general(number * 100)}%") if kind == "percentage" else number


def _bare(kind: str, attributes: Mapping[str, str]) -> Cell:
    """Return a truth value, a day or a span of which the writer left out what it shows."""
    if kind == "boolean":
        return attributes.get("boolean-value", "").lower() == "true"
    span = attributes.get("time-value", "")
    if found := _SPAN.fullmatch(span):
        return f"{found[1]}{found[2]}:{found[3]:0>2}:{found[4]:0>2}"
    return attributes.get("date-value", "").replace("T", " ") or span


def _repeated(attributes: Mapping[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isdecimal() and 0 < len(text) < 9 else 1
