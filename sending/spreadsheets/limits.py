"""How much a workbook may hold, counted on the bytes that really come out of its zip file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost. Sizes are bytes, the rest are counts."""

    file_bytes: int = 30 * 1024 * 1024
    entry_bytes: int = 512 * 1024 * 1024
    unzipped_bytes: int = 640 * 1024 * 1024
    entries: int = 1_000
    cells: int = 20_000_000
    strings: int = 5_000_000
    rows: int = 1_000_000
    columns: int = 256
    cell_errors: int = 100_000
