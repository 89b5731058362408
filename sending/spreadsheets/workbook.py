"""Workbooks (xlsx, xls, ods): their sheets, and the rows of one of them."""

import contextlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sending.spreadsheets.cells import Cell
from sending.spreadsheets.flaws import Seen
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileCode, FileRefused
from sending.spreadsheets.xlsx_book import Book, read_book
from sending.spreadsheets.xlsx_sheet import SheetReader
from sending.spreadsheets.xlsx_strings import read_strings
from sending.spreadsheets.xlsx_values import moment_styles
from sending.spreadsheets.xml_blocks import BROKEN, Unzipped

Row = tuple[int, Sequence[Cell]]


@dataclass(slots=True)
class Sheet:
    """One sheet, opened. Row numbers count from 1 as the spreadsheet shows them.

    `seen` is complete when all rows were read; `height` of it is only a guess.
    """

    name: str
    visible: tuple[str, ...]
    hidden: tuple[str, ...]
    rows: Iterator[Row]
    seen: Seen = field(default_factory=Seen)


def choose(names: Sequence[str], visible: Sequence[str], wanted: str | None) -> str:
    """Return the sheet to read: the wanted one if people may see it, else the first visible."""
    if wanted is not None:
        if wanted not in visible:
            raise FileRefused(FileCode.SHEET_MISSING, sheet=wanted, sheets=list(visible))
        return wanted
    if not visible:
        raise FileRefused(FileCode.SHEETS_ALL_HIDDEN, sheets=list(names))
    return visible[0]


def open_xlsx(path: Path, wanted: str | None, limits: Limits) -> Sheet:
    """Open a sheet of an xlsx whose rows are read as they are asked for.

    Raises FileRefused, later from the rows too.
    """
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise FileRefused(FileCode.BROKEN) from error
    with contextlib.ExitStack() as opened:
        opened.enter_context(archive)
        sheet = _open_sheet(Unzipped(archive, limits), wanted, limits)
        # From here on the rows keep the file open.
        opened.pop_all()
    return sheet


def _open_sheet(unzipped: Unzipped, wanted: str | None, limits: Limits) -> Sheet:
    try:
        book = read_book(unzipped)
        visible = tuple(sheet.name for sheet in book.sheets if sheet.visible)
        name = choose([sheet.name for sheet in book.sheets], visible, wanted)
        reader = SheetReader(
            read_strings(unzipped, book.strings),
            moment_styles(unzipped, book.styles),
            limits,
            since_1904=book.since_1904,
        )
    except BROKEN as error:
        raise FileRefused(FileCode.BROKEN) from error
    return Sheet(
        name=name,
        visible=visible,
        hidden=tuple(sheet.name for sheet in book.sheets if not sheet.visible),
        rows=_streamed(reader, unzipped, _entry_of(book, name)),
        seen=reader.seen,
    )


def _entry_of(book: Book, name: str) -> str:
    return next(sheet.entry for sheet in book.sheets if sheet.visible and sheet.name == name)


def _streamed(reader: SheetReader, unzipped: Unzipped, entry: str) -> Iterator[Row]:
    with unzipped.archive, contextlib.closing(unzipped.texts(entry)) as texts:
        try:
            yield from reader.rows(texts)
        except BROKEN as error:
            raise FileRefused(FileCode.BROKEN) from error


def open_whole(path: Path, wanted: str | None) -> Sheet:
    """Open an xls or ods with calamine, which holds the sheet in memory as a dense range.

    A hostile one may abort the process: call it in a child.
    """
    # Most children never need it.
    import python_calamine
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    try:
        book = python_calamine.load_workbook(str(path))
        listed = [one for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
        visible = tuple(one.name for one in listed if one.visible is SheetVisibleEnum.Visible)
        hidden = tuple(one.name for one in listed if one.visible is not SheetVisibleEnum.Visible)
        name = choose([one.name for one in listed], visible, wanted)
        sheet = book.get_sheet_by_name(name)
    except python_calamine.PasswordError as error:
        raise FileRefused(FileCode.ENCRYPTED) from error
    except python_calamine.CalamineError as error:
        raise FileRefused(FileCode.BROKEN) from error
    if sheet.start is None:
        raise FileRefused(FileCode.SHEET_EMPTY, sheet=name)
    return Sheet(
        name=name,
        visible=visible,
        hidden=hidden,
        rows=_whole_rows(sheet.iter_rows(), sheet.start[1]),
        seen=Seen(merged=len(sheet.merged_cell_ranges or ()), height=sheet.total_height),
    )


def _whole_rows(rows: Iterator[Sequence[Cell]], left: int) -> Iterator[Row]:
    """Yield the rows; calamine leaves out empty columns on the left, but not empty rows on top."""
    if not left:
        return enumerate(rows, 1)
    padding: list[Cell] = [""] * left
    return ((number, [*padding, *row]) for number, row in enumerate(rows, 1))
