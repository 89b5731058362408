"""Workbooks (xlsx, xls, ods): their sheets, and the rows of one of them."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from sending.spreadsheets.cell_errors import Seen
from sending.spreadsheets.cells import Cell
from sending.spreadsheets.filetypes import FileType
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileCode, FileRefused

Row = tuple[int, Sequence[Cell]]
# So many sheets are looked into for one with numbers.
_SHEETS = 20
_BEST = 3


@dataclass(slots=True)
class Sheet:
    """One sheet, opened. Row numbers count from 1 as the spreadsheet shows them.

    `seen` is complete when all rows were read; `height` of it is only a guess.
    """

    name: str
    rows: Iterator[Row]
    seen: Seen = field(default_factory=Seen)


@dataclass(slots=True)
class Workbook:
    """An opened file: the names of its sheets, and what opens the visible ones.

    `open_sheet` takes a place in `visible`; it raises FileRefused, and so do the rows later.
    """

    visible: tuple[str, ...]
    hidden: tuple[str, ...]
    open_sheet: Callable[[int], Sheet]


def open_workbook(path: Path, file_type: FileType, limits: Limits) -> Workbook:
    """Open a workbook. A hostile one takes all memory and time there is: call it in a child.

    Raises FileRefused.
    """
    # Most children need only one of them.
    match file_type:
        case FileType.XLSX:
            from sending.spreadsheets.xlsx_file import open_xlsx as opener
        case FileType.ODS:
            from sending.spreadsheets.ods_file import open_ods as opener
        case _:
            from sending.spreadsheets.xls_file import open_xls as opener
    return opener(path, limits)


def choose_sheet(
    book: Workbook, wanted: str | None, rows: int, score: Callable[[Sequence[Row]], int]
) -> tuple[Sheet, bool]:
    """Return the sheet to read, and whether it is another than the first that people see.

    It is the wanted one if people may see it, else the first with the highest score (of 0 to 3) of
    its first `rows` rows. Raises FileRefused.
    """
    visible = book.visible
    if wanted is not None:
        if wanted not in visible:
            raise FileRefused(FileCode.SHEET_MISSING, sheet=wanted, sheets=list(visible))
        return book.open_sheet(visible.index(wanted)), False
    if not visible:
        code = FileCode.SHEETS_ALL_HIDDEN if book.hidden else FileCode.NO_SHEETS
        raise FileRefused(code, sheets=list(book.hidden))
    best, score_of_best, place = book.open_sheet(0), -1, 0
    for at in range(min(len(visible), _SHEETS)):
        sheet = best if not at else _opened(book, at)
        scored = _scored(sheet, rows, score, must_open=not at)
        if sheet is not None and scored > score_of_best:
            best, score_of_best, place = sheet, scored, at
        if scored == _BEST:
            break
    return best, place > 0


def _opened(book: Workbook, at: int) -> Sheet | None:
    with contextlib.suppress(FileRefused):
        return book.open_sheet(at)
    return None


def _scored(
    sheet: Sheet | None, rows: int, score: Callable[[Sequence[Row]], int], *, must_open: bool
) -> int:
    """Return the score of a sheet; of others than the first, errors only speak against them."""
    if sheet is None:
        return -1
    try:
        top = list(islice(sheet.rows, rows))
    except FileRefused:
        if must_open:
            raise
        return -1
    sheet.rows = chain(top, sheet.rows)
    return score(top)
