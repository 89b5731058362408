"""One measured export: ours, openpyxl's, or the reading back; prints one JSON line.

`task` and `task-openpyxl` export the task of the database that _pages_data filled: the first as a
reader's browser gets it, the second writes the same rows with openpyxl.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterable, Iterator
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
    _by_openpyxl(HEADINGS, rows(count), path)


def task(_count: int, path: Path) -> None:
    """Download the export through middleware and view, as gunicorn takes it from them."""
    client, member, sent = _reader()
    from accounts.tests.factories import log_in

    log_in(client, member)
    response: Any = client.get(f"/tasks/{sent.pk}/messages.xlsx")
    with path.open("wb") as file:
        file.writelines(response.streaming_content)


def task_openpyxl(_count: int, path: Path) -> None:
    """Write the rows of the same export with openpyxl."""
    _client, _member, sent = _reader()
    from sending.send_tasks.queries.messages import MessageFilter
    from sending.send_tasks.views.messages import export_rows, headings_of

    _by_openpyxl(headings_of(sent), export_rows(sent, MessageFilter()), path)


def _reader() -> tuple[Any, Any, Any]:
    from django.test import Client

    from accounts.models import Member
    from benchmarks._pages_data import SENT
    from sending.models import SendTask

    sent = SendTask.objects.select_related("organization").get(name=SENT)
    return Client(), Member.objects.get(organization=sent.organization), sent


def _by_openpyxl(headings: list[str], made: Iterable[list[Any]], path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(headings)
    for row in made:
        sheet.append(row)
    book.save(path)


def rows_in(path: Path) -> int:
    """Return how many rows below the headings calamine finds."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return sum(1 for _row in sheet.iter_rows()) - 1


def rss_mb() -> int:
    """Return the resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // (1 << 20)


MEASURED = {"ours": ours, "openpyxl": openpyxl, "task": task, "task-openpyxl": task_openpyxl}


def main(name: str, count: int, folder: Path) -> dict[str, Any]:
    """Return seconds and peak memory; `grown_mb` is the peak above what it was before."""
    if name.startswith("read-"):
        return {"rows": rows_in(folder / f"{name.removeprefix('read-')}.xlsx")}
    if name.startswith("task"):
        import django

        os.environ["DJANGO_SETTINGS_MODULE"] = "smsconsole.settings"
        django.setup()
    before, began = rss_mb(), time.perf_counter()
    MEASURED[name](count, folder / f"{name}.xlsx")
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "rss_mb": used.ru_maxrss // 1024,
        "grown_mb": used.ru_maxrss // 1024 - before,
        "bytes": (folder / f"{name}.xlsx").stat().st_size,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
