"""Small csv files of operators: columns by heading, within bounds, each problem with its place."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import IO

from django.utils.translation import gettext as _

MOST_OCTETS = 1_000_000
MOST_ROWS = 10_000
MOST_PROBLEMS = 100
# A column of 32 bits holds the millionths.
_MOST, _PLACES = Decimal(2147), 6


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in a cell; row 1 is the headings, and no column means the row or the file."""

    row: int
    column: str
    sentence: str


class TableRefused(Exception):
    """Nothing of the file can be read; the text says why."""


@dataclass(slots=True)
class TableFile:
    """The rows of a file as texts by column, and what is wrong so far.

    `delimiter` is what separates cells; where it is a semicolon, a comma may be a decimal point.
    """

    rows: list[tuple[int, dict[str, str]]]
    delimiter: str
    problems: list[CellProblem] = field(default_factory=list)

    def complain(self, row: int, column: str, sentence: str) -> None:
        """Note a problem, up to a hundred."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(CellProblem(row, column, sentence))

    def amount(self, row: int, column: str, text: str) -> Decimal | None:
        """Return an amount of money; None, and a problem, for what is none."""
        written = text.replace(" ", "")
        if self.delimiter == ";" and "." not in written:
            written = written.replace(",", ".")
        try:
            amount = Decimal(written)
        except InvalidOperation:
            self.complain(row, column, _("“%(text)s” is not an amount.") % {"text": text[:40]})
            return None
        exponent = amount.as_tuple().exponent
        if not isinstance(exponent, int) or not 0 <= amount <= _MOST or exponent < -_PLACES:
            self.complain(
                row,
                column,
                _("Write an amount between 0 and 2147 with at most 6 decimals, not “%(text)s”.")
                % {"text": text[:40]},
            )
            return None
        return amount


def read_table(file: IO[bytes], columns: Mapping[str, Sequence[str]]) -> TableFile:
    """Read a csv file in UTF-8; `columns` are the headings by which each column is known.

    Raises TableRefused when it is too large, no text, or lacks a column.
    """
    octets = file.read(MOST_OCTETS + 1)
    if len(octets) > MOST_OCTETS:
        raise TableRefused(_("The file is larger than 1 MB. Split it."))
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableRefused(_("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise TableRefused(_("The file is not a csv file."))
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(_lines(text, delimiter))
    except csv.Error as error:
        raise TableRefused(_("The file is not a csv file.")) from error
    if len(lines) > MOST_ROWS:
        raise TableRefused(_("The file has more than 10,000 rows."))
    headings = [cell.strip().casefold() for cell in lines[0][1]] if lines else []
    places = {
        column: next((headings.index(name) for name in names if name in headings), -1)
        for column, names in columns.items()
    }
    if missing := [column for column, place in places.items() if place < 0]:
        raise TableRefused(
            _("The first row must name the columns. Missing: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    rows = [
        (number, {name: _cell(cells, place) for name, place in places.items()})
        for number, cells in lines[1:]
        if any(cell.strip() for cell in cells)
    ]
    return TableFile(rows, delimiter)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its last line, cells) up to one more than is taken."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for count, cells in enumerate(reader):
        yield reader.line_num, cells
        if count > MOST_ROWS:
            return


def _cell(cells: Sequence[str], place: int) -> str:
    # Exports put an apostrophe before what a spreadsheet program would take for a formula.
    return cells[place].strip().removeprefix("'") if place < len(cells) else ""
