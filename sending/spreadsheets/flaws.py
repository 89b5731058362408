"""What a sheet holds besides values: errors, formulas without a result, hidden parts."""

from dataclasses import dataclass, field

_COLUMNS = 16_384


class Flaws:
    """Flawed cells by row from 1 and column from 0; they are added while the sheet is read."""

    def __init__(self) -> None:
        self._cells: dict[int, tuple[str, str]] = {}

    def __len__(self) -> int:
        return len(self._cells)

    def add(self, row: int, column: int, code: str, shown: str) -> None:
        """Remember a flawed cell: its code, and what the cell shows."""
        self._cells[row * _COLUMNS + column] = (code, shown)

    def at(self, row: int, column: int) -> tuple[str, str] | None:
        """Return (code, what the cell shows) or None."""
        return self._cells.get(row * _COLUMNS + column)


@dataclass(slots=True)
class Seen:
    """What a sheet holds besides values. Complete only when all rows were read."""

    flaws: Flaws = field(default_factory=Flaws)
    hidden_rows: int = 0
    hidden_columns: int = 0
    merged: int = 0
    height: int = 0
