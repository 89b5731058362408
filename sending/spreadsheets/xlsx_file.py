"""An xlsx, opened: its sheets are read from the zip file as their rows are asked for."""

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from sending.spreadsheets.limits import Limits
from sending.spreadsheets.merges import merged_ranges, without_covered
from sending.spreadsheets.problems import FileCode, FileRefused
from sending.spreadsheets.workbook import Row, Sheet, Workbook
from sending.spreadsheets.xlsx_book import read_book
from sending.spreadsheets.xlsx_cells import CellValues
from sending.spreadsheets.xlsx_formats import cell_formats
from sending.spreadsheets.xlsx_sheet import SheetReader
from sending.spreadsheets.xlsx_strings import read_strings
from sending.spreadsheets.xml_blocks import BROKEN, Unzipped
from sending.spreadsheets.xml_spelling import usual_spelling


def open_xlsx(path: Path, limits: Limits) -> Workbook:
    """Open an xlsx; raises FileRefused."""
    try:
        unzipped = Unzipped(zipfile.ZipFile(path), limits)
        book = read_book(unzipped)
        values = CellValues(
            read_strings(unzipped, book.strings),
            cell_formats(unzipped, book.styles, since_1904=book.since_1904),
            since_1904=book.since_1904,
        )
    except BROKEN as error:
        raise FileRefused(FileCode.BROKEN) from error
    visible = [sheet for sheet in book.sheets if sheet.visible]

    def open_sheet(at: int) -> Sheet:
        reader = SheetReader(values, limits)
        rows = _rows(reader, unzipped, visible[at].entry)
        return Sheet(visible[at].name, rows, reader.seen)

    return Workbook(
        tuple(sheet.name for sheet in visible),
        tuple(sheet.name for sheet in book.sheets if not sheet.visible),
        open_sheet,
    )


def _rows(reader: SheetReader, unzipped: Unzipped, entry: str) -> Iterator[Row]:
    try:
        ranges = merged_ranges(unzipped, entry)
        with contextlib.closing(unzipped.texts(entry)) as texts:
            rows = reader.rows(usual_spelling(texts))
            if ranges:
                yield from without_covered(rows, ranges, unzipped.limits.columns)
            else:
                yield from rows
    except BROKEN as error:
        raise FileRefused(FileCode.BROKEN) from error
