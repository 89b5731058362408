"""`./console bench export`: a million rows as xlsx, against openpyxl's own fast way."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._bars import at_least, at_most, publish

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        ours = _run("ours", options.rows, folder)
        theirs = _run("openpyxl", options.rows, folder)
        read = _run("read", options.rows, folder)
    ratio = theirs["seconds"] / ours["seconds"]
    bars = [
        at_least("xlsx rows a second, times openpyxl write-only", ratio, "x", 5),
        at_most("peak RSS of the export", ours["rss_mb"], "MB", 100),
        at_most("rows that calamine does not read back", options.rows - read["rows"], "rows", 0),
    ]
    publish(bars, {"rows": options.rows, "ours": ours, "openpyxl": theirs}, options.json)
    return 0 if all(bar.holds for bar in bars) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="console bench export", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path, help="where to write bars and figures")
    return parser.parse_args()


def _run(name: str, rows: int, folder: str) -> dict[str, Any]:
    """Run one measurement in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks._export_run", name, str(rows), folder]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
