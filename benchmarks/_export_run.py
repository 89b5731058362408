"""One measured export: ours, openpyxl's, or the reading back; prints one JSON line."""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEADINGS = [
    "Row",
    "Mobile number",
    "Country",
    "State",
    "Who said so",
    "Code",
    "Segments",
    "Cost, USD",
    "Last change",
    "Message",
]


def rows(count: int) -> Iterator[list[Any]]:
    """Yield rows like those of a task's messages."""
    for row in range(2, count + 2):
        number, changed = str(85_251_000_000 + row), f"2026-11-22T19:{row % 60:02}:07+08:00"
        facts = ["HK", "Delivered", "Network", "000", 1, 0.048, changed]
        yield [row, number, *facts, f"id {1_234_567_890_000 + row}"]


def ours(count: int, path: Path) -> None:
    """Write with the product's own writer."""
    from sending.spreadsheets.writer import stream_xlsx

    with path.open("wb") as file:
        file.writelines(stream_xlsx(HEADINGS, rows(count)))


def openpyxl(count: int, path: Path) -> None:
    """Write with openpyxl, which keeps no sheet in memory in this mode."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def rows_in(path: Path) -> int:
    """Return how many rows below the headings calamine finds."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return sum(1 for _row in sheet.iter_rows()) - 1


def main(name: str, count: int, folder: Path) -> dict[str, Any]:
    """Return seconds and peak memory."""
    if name == "read":
        return {"rows": rows_in(folder / "ours.xlsx")}
    began = time.perf_counter()
    {"ours": ours, "openpyxl": openpyxl}[name](count, folder / f"{name}.xlsx")
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "rss_mb": used.ru_maxrss // 1024,
        "bytes": (folder / f"{name}.xlsx").stat().st_size,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
