"""`./console bench export`: a million rows as xlsx, against openpyxl's own fast way.

With --task also the product's export of a task of a million messages: from database bench_pages
beside that of DATABASE_URL, which `bench pages --keep` makes and this makes where it is missing.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._bars import Bar, at_least, at_most, publish
from benchmarks._database import own_database
from benchmarks._programs import measured
from benchmarks.pages import fill


def main() -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bars, raw = _measure(["ours", "openpyxl"], options.rows, folder, dict(os.environ))
        if options.task:
            url = os.environ["DATABASE_URL"]
            with own_database(url, "bench_pages", keep=True) as own:
                environment = {**os.environ, "SMSCONSOLE_MODE": "demo", "VAR_DIR": folder}
                environment |= {"DATABASE_URL": own, "REDIS_URL": ""}
                fill(options.rows * 10, environment)
                more, found = _measure(["task", "task-openpyxl"], options.rows, folder, environment)
        else:
            more, found = [], {}
    publish([*bars, *more], {"rows": options.rows, **raw, **found}, options.json)
    return 0 if all(bar.holds for bar in [*bars, *more]) else 1


def _measure(
    names: list[str], rows: int, folder: str, environment: dict[str, str]
) -> tuple[list[Bar], dict[str, Any]]:
    """Run ours and openpyxl's; return the bars and the figures."""
    ours, theirs = (_run(name, rows, folder, environment) for name in names)
    read = _run(f"read-{names[0]}", rows, folder, environment)
    what = "task, " if names[0] == "task" else ""
    ratio = theirs["seconds"] / ours["seconds"]
    # The processor's time tells the same when other programs slow the machine.
    by_cpu = theirs["cpu_seconds"] / ours["cpu_seconds"]
    note = f"{rows / ours['seconds']:,.0f} rows/s; by processor time {by_cpu:.1f} x"
    bars = [
        at_least(f"{what}xlsx rows a second, times openpyxl write-only", ratio, "x", 5, note),
        at_most(f"{what}peak RSS of the export", ours["rss_mb"], "MB", 100)
        if not what
        else at_most(f"{what}growth of RSS by the export", ours["grown_mb"], "MB", 100),
        at_most(f"{what}rows that calamine does not read back", rows - read["rows"], "rows", 0),
    ]
    return bars, {names[0]: ours, names[1]: theirs}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="console bench export", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--task", action="store_true", help="also the export of a task")
    parser.add_argument("--json", type=Path, help="where to write bars and figures")
    return parser.parse_args()


def _run(name: str, rows: int, folder: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run one measurement in a process of its own, so that its memory is its own."""
    return measured(["benchmarks._export_run", name, str(rows), folder], environment)


if __name__ == "__main__":
    sys.exit(main())
