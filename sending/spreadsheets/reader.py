"""Open any spreadsheet people send, within limits, as rows with the spreadsheet's own numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, dropwhile, islice
from pathlib import Path

from sending.spreadsheets import delimited, workbook
from sending.spreadsheets.cell_errors import CellErrors, Seen
from sending.spreadsheets.cells import Cell, text_of
from sending.spreadsheets.columns import (
    ColumnChoice,
    Columns,
    bare_numbers,
    chosen_columns,
    is_heading_row,
    match_columns,
)
from sending.spreadsheets.filetypes import FileType, detect
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import (
    FileCode,
    FileRefused,
    Note,
    NoteCode,
    Param,
    column_name,
)

Row = tuple[int, Sequence[Cell]]
_HEADING_ROWS = 20
_PREVIEW_ROWS = 5
_PREVIEW_CHARS = 80
# A heading, or nothing, above one row with so many numbers.
_ROWS_OF_ONE = 2
_NUMBERS_OF_ONE = 3
_NUMBER = re.compile(r"(?<!\d)\d{8,15}(?!\d)")


@dataclass(frozen=True, slots=True)
class Reading:
    """How people say a file is to be read; None leaves it to the reader."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    columns: ColumnChoice | None = None


@dataclass(slots=True)
class Table:
    """An opened spreadsheet. `rows` gives the rows below the headings, once.

    What was `seen` besides the values is complete when all rows were read; its height is a guess
    for progress, 0 when nothing is known. `preview` holds the first rows as they stand, headings
    included, cut short.
    """

    file_type: FileType
    rows: Iterator[Row]
    columns: Columns
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    opening_notes: list[Note] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    preview: list[list[str]] = field(default_factory=list)

    @property
    def cell_errors(self) -> CellErrors:
        """The cells with errors of the rows read so far."""
        return self.seen.cell_errors

    @property
    def notes(self) -> list[Note]:
        """What people should know about how the rows read so far were read."""
        return [*self.opening_notes, *_seen_notes(self.seen), *self._format_notes()]

    def _format_notes(self) -> list[Note]:
        """Name the columns of variables that other programs may show in another way."""
        found = ((column, self.seen.inexact.get(column)) for column in self.columns.variables)
        return [
            Note(
                NoteCode.FORMATS_INEXACT,
                {
                    "column": column_name(column),
                    "count": inexact.formats,
                    "row": inexact.row,
                    "shown": inexact.shown,
                },
            )
            for column, inexact in found
            if inexact is not None
        ]


@dataclass(slots=True)
class _Opened:
    """A file whose rows can be read, before anybody asked what its columns mean."""

    file_type: FileType
    rows: Iterator[Row]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    notes: list[Note] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)


def open_table(
    path: Path,
    variables: int,
    reading: Reading | None = None,
    limits: Limits | None = None,
    *,
    named: bool = False,
    further: Mapping[str, frozenset[str]] | None = None,
) -> Table:
    """Open a spreadsheet for a template with that many variables; `named` rows may have a name.

    `further` columns are found by the keys of their headings, where there are any.

    Raises FileRefused with the code of what is wrong with the whole file; rows that come later may
    raise it too (a quotation mark that is never closed, broken XML far down).
    """
    reading, limits = reading or Reading(), limits or Limits()
    file_type = detect(path, limits.file_bytes)
    if file_type is FileType.TEXT:
        opened = _open_text(path, reading)
    else:
        opened = _open_workbook(path, file_type, reading, limits)
    opened.rows = dropwhile(lambda row: is_blank(row[1]), opened.rows)
    top = list(islice(opened.rows, _HEADING_ROWS))
    try:
        columns = _find_columns(
            top, variables, reading.columns, opened, named=named, further=further
        )
    except FileRefused as refused:
        # What people need to choose another sheet, encoding or columns.
        refused.params |= {**_found(opened), "preview": ["\t".join(row) for row in preview_of(top)]}
        raise
    notes = [*opened.notes, *_column_notes(columns)]
    below = [row for row in top if row[0] > columns.heading_row]
    return Table(
        file_type=file_type,
        rows=chain(below, opened.rows),
        columns=columns,
        sheet=opened.sheet,
        sheets=opened.sheets,
        encoding=opened.encoding,
        delimiter=opened.delimiter,
        opening_notes=notes,
        seen=opened.seen,
        preview=preview_of(top),
    )


def preview_of(rows: Sequence[Row]) -> list[list[str]]:
    """Return the first rows that are not empty, as short texts."""
    filled = (row for _number, row in rows if not is_blank(row))
    return [
        [text_of(cell)[:_PREVIEW_CHARS] for cell in row[:16]]
        for row in islice(filled, _PREVIEW_ROWS)
    ]


def is_blank(row: Sequence[Cell]) -> bool:
    """Tell whether a row shows nothing."""
    return not any(cell not in (None, "") and text_of(cell) for cell in row)


def _open_text(path: Path, reading: Reading) -> _Opened:
    dialect = delimited.find_dialect(path, reading.encoding, reading.delimiter)
    notes = []
    if dialect.guessed:
        notes.append(Note(NoteCode.ENCODING_GUESSED, {"encoding": dialect.encoding}))
    return _Opened(
        FileType.TEXT,
        delimited.rows_of(path, dialect),
        encoding=dialect.encoding,
        delimiter=dialect.delimiter,
        notes=notes,
    )


def _open_workbook(path: Path, file_type: FileType, reading: Reading, limits: Limits) -> _Opened:
    book = workbook.open_workbook(path, file_type, limits)
    sheet, is_other = workbook.choose_sheet(book, reading.sheet, _HEADING_ROWS, _score)
    return _Opened(
        file_type,
        sheet.rows,
        sheet=sheet.name,
        sheets=book.visible,
        notes=_sheet_notes(book, sheet.name, is_other=is_other),
        seen=sheet.seen,
    )


def _score(top: Sequence[Row]) -> int:
    """Tell how much the first rows look like recipients: 3 with heading and numbers, 0 empty."""
    filled = [(number, row) for number, row in top if not is_blank(row)]
    heading = next((at for at, (_n, row) in enumerate(filled) if is_heading_row(row)), None)
    if heading is not None:
        below = filled[heading + 1 :]
        return 3 if any(_has_number(row) for _n, row in below) else 2
    if filled and _is_bare(filled):
        return 3
    return 2 if any(_has_number(row) for _n, row in filled) else int(bool(filled))


def _has_number(row: Sequence[Cell]) -> bool:
    """Tell whether a cell could be a mobile number."""
    return any(
        7 <= sum(map(str.isdecimal, text)) <= 15 and len(text) < 30 for text in map(text_of, row)
    )


def _find_columns(
    top: Sequence[Row],
    variables: int,
    choice: ColumnChoice | None,
    opened: _Opened,
    *,
    named: bool,
    further: Mapping[str, frozenset[str]] | None,
) -> Columns:
    filled = [(number, row) for number, row in top if not is_blank(row)]
    if not filled:
        if opened.file_type is FileType.TEXT:
            raise FileRefused(FileCode.EMPTY)
        raise FileRefused(FileCode.SHEET_EMPTY, sheet=opened.sheet)
    number, row = next(((n, r) for n, r in filled if is_heading_row(r)), filled[0])
    if choice is not None:
        return chosen_columns(row, number, choice)
    if not variables and not is_heading_row(row) and _is_bare(filled):
        return bare_numbers()
    _check_direction(filled)
    return match_columns(row, number, variables, named=named, further=further)


def _found(opened: _Opened) -> dict[str, Param]:
    """Return what is known of an opened file, as far as there is a choice."""
    found: dict[str, Param] = {}
    if opened.encoding:
        found = {"encoding": opened.encoding}
    if len(opened.sheets) > 1:
        found |= {"sheet": opened.sheet, "sheets": list(opened.sheets[:50])}
    return found


def _is_bare(filled: Sequence[Row]) -> bool:
    """Tell whether the rows are one column of numbers with no heading above."""
    for _number, row in filled:
        cells = [text_of(cell) for cell in row]
        if any(cells[1:]) or sum(map(str.isdecimal, cells[0])) < 7:
            return False
    return True


def _check_direction(filled: Sequence[Row]) -> None:
    """Refuse a table that has all its numbers in one row."""
    if len(filled) > _ROWS_OF_ONE:
        return
    number, row = filled[-1]
    cells = [text for cell in row if (text := text_of(cell))]
    numbers = sum(len(_NUMBER.findall(text)) for text in cells)
    headings = sum(bool(text_of(cell)) for cell in filled[0][1]) if len(filled) > 1 else 0
    if numbers >= _NUMBERS_OF_ONE and numbers * 2 > len(cells) and numbers > headings:
        raise FileRefused(FileCode.NUMBERS_IN_ONE_ROW, row=number, count=numbers)


def _column_notes(columns: Columns) -> list[Note]:
    notes = []
    if not columns.heading_row:
        notes.append(Note(NoteCode.NO_HEADINGS))
    if columns.ignored:
        notes.append(Note(NoteCode.COLUMNS_IGNORED, {"columns": list(columns.ignored[:50])}))
    return notes


def _sheet_notes(book: workbook.Workbook, name: str, *, is_other: bool) -> list[Note]:
    others = [other for other in book.visible if other != name]
    code = NoteCode.SHEET_CHOSEN if is_other else NoteCode.SHEETS_NOT_READ
    notes = [
        (others, Note(code, {"sheet": name, "sheets": others[:50]})),
        (book.hidden, Note(NoteCode.SHEETS_HIDDEN, {"sheets": list(book.hidden[:50])})),
    ]
    return [note for counted, note in notes if counted]


def _seen_notes(seen: Seen) -> list[Note]:
    counts = [
        (NoteCode.ROWS_HIDDEN, seen.hidden_rows),
        (NoteCode.COLUMNS_HIDDEN, seen.hidden_columns),
        (NoteCode.CELLS_MERGED, seen.merged),
    ]
    return [Note(code, {"count": count}) for code, count in counts if count]
