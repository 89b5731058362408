"""What a sheet holds besides values: errors, formulas without a result, hidden parts."""

from dataclasses import dataclass, field

_COLUMNS = 16_384


class Flaws(dict[int, tuple[str, str]]):
    """Flawed cells by row from 1 and column from 0; they are added while the sheet is read."""

    def add(self, row: int, column: int, code: str, shown: str) -> None:
        """Remember a flawed cell: its code, and what the cell shows."""
        self[row * _COLUMNS + column] = (code, shown)

    def at(self, row: int, column: int) -> tuple[str, str] | None:
        """Return (code, what the cell shows) or None."""
        return self.get(row * _COLUMNS + column)


@dataclass(slots=True)
class Seen:
    """What a sheet holds besides values. Complete only when all rows were read."""

    flaws: Flaws = field(default_factory=Flaws)
    hidden_rows: int = 0
    hidden_columns: int = 0
    merged: int = 0
    height: int = 0
