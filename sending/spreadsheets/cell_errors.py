"""What a sheet holds besides values: errors, formulas without a result, hidden parts."""

from dataclasses import dataclass, field

from sending.spreadsheets.cells import Shown

_COLUMNS = 16_384
_MOST_FORMATS = 10_000


class CellErrors(dict[int, tuple[str, str]]):
    """Cells with errors by row from 1 and column from 0; they are added while the sheet is read."""

    def add(self, row: int, column: int, code: str, shown: str) -> None:
        """Remember a cell with an error: its code, and what the cell shows."""
        self[row * _COLUMNS + column] = (code, shown)

    def at(self, row: int, column: int) -> tuple[str, str] | None:
        """Return (code, what the cell shows) or None."""
        return self.get(row * _COLUMNS + column)


@dataclass(slots=True)
class Inexact:
    """What a column shows in formats that other programs show in another way."""

    row: int
    shown: str
    formats: int = 1


class InexactColumns(dict[int, Inexact]):
    """The first such cell of each column, and how many formats there are."""

    def __init__(self) -> None:
        super().__init__()
        self._known: set[tuple[int, int]] = set()

    def add(self, row: int, column: int, cell: Shown) -> None:
        """Note a cell, unless its format was noted in this column."""
        key = (column, cell.format_id)
        if key in self._known or len(self._known) > _MOST_FORMATS:
            return
        self._known.add(key)
        if column in self:
            self[column].formats += 1
        else:
            self[column] = Inexact(row, cell.text[:80])


@dataclass(slots=True)
class Seen:
    """What a sheet holds besides values. Complete only when all rows were read."""

    cell_errors: CellErrors = field(default_factory=CellErrors)
    inexact: InexactColumns = field(default_factory=InexactColumns)
    hidden_rows: int = 0
    hidden_columns: int = 0
    merged: int = 0
    height: int = 0
