"""`./console bench intake`: the whole intake path against a plain baseline, on the same file."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import _programs, gen_mixed, gen_rows
from benchmarks._bars import Bar, at_least, at_most, publish
from benchmarks._database import empty_console
from benchmarks._programs import measured

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT / "var" / "bench"
GROWTH = (10_000, 100_000, 1_000_000)
# One child renders while its parent and the server store: that is one child, and both cores.
RATIO_GOALS = {"sqlite": {"": 5.0}, "postgresql": {", one child": 8.0, ", both cores": 11.0}}

# The web process stores what is uploaded in pieces of 64 KiB, whatever the size of the file.
WEB_GOAL_MB = 5
# A machine shared with others is faster and slower from one second to the next.
OURS_EACH_SIDE = 3


def main() -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed."""
    options = _options()
    urls = {"sqlite": ""}
    if url := os.environ.get("DATABASE_URL", ""):
        urls["postgresql"] = url
    path = options.file or rows_file(options.rows)
    raw: dict[str, Any] = {"file": path.name, "bytes": path.stat().st_size}
    bars: list[Bar] = []
    for vendor, url in urls.items():
        found = _compare(path, url)
        raw[vendor] = found
        bars += _ratio_bars(vendor, found)
        cells = found["cells"] = _cells(options.rows, url)
        bars.append(_cells_bar(vendor, cells))
        if not options.no_growth:
            grown = found["growth"] = _growth(url)
            bars += _growth_bars(vendor, grown)
            web = found["web"] = _web(url)
            bars += _web_bars(vendor, web)
    publish(bars, raw, options.json)
    return 0 if all(bar.holds for bar in bars) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="console bench intake", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the made file")
    parser.add_argument("--file", type=Path, help="an xlsx of number, variable 1, variable 2")
    parser.add_argument("--no-growth", action="store_true", help="leave out 10k, 100k and 1M rows")
    parser.add_argument("--json", type=Path, help="where to write bars and raw counts")
    return parser.parse_args()


def rows_file(rows: int) -> Path:
    """Return an xlsx of that many rows, made once."""
    path = FILES / f"rows-{rows}.xlsx"
    if not path.is_file():
        print(f"making {path.name}", file=sys.stderr)
        FILES.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part.xlsx")
        gen_rows.write_xlsx(str(unfinished), rows, 20260820)
        unfinished.rename(path)
    return path


def _compare(path: Path, url: str) -> dict[str, Any]:
    """Run ours before and after the baseline, which takes far longer, and take the median."""
    before = [_ours(path, url) for _time in range(OURS_EACH_SIDE)]
    with empty_console(url) as environment:
        database = [environment["DATABASE_URL"]] if url else []
        theirs = measured(["benchmarks.baseline_intake", str(path), *database], environment)
    _show("baseline", theirs)
    all_ours = [*before, *(_ours(path, url) for _time in range(OURS_EACH_SIDE))]
    all_ours.sort(key=lambda found: found["rows_per_second"])
    return {"baseline": theirs, "ours": all_ours[(len(all_ours) - 1) // 2], "all_ours": all_ours}


def _ours(path: Path, url: str) -> dict[str, Any]:
    with empty_console(url) as environment:
        found = measured(["benchmarks._intake_run", str(path)], environment)
    _show("ours", found)
    return found


def _cells(rows: int, url: str) -> dict[str, Any]:
    """Check plain cells and all others in turn, and take the best of each."""
    makers = {"plain": gen_mixed.plain, "mixed": gen_mixed.mixed}
    files = {}
    FILES.mkdir(parents=True, exist_ok=True)
    for name, make in makers.items():
        files[name] = path = FILES / f"{name}-{rows}.xlsx"
        if not path.is_file():
            make(path, rows)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in makers}
    for _time in range(OURS_EACH_SIDE):
        for name, path in files.items():
            runs[name].append(_ours(path, url))
    return {name: min(found, key=lambda one: float(one["seconds"])) for name, found in runs.items()}


def _growth(url: str) -> dict[str, Any]:
    found = {}
    for rows in GROWTH:
        with empty_console(url) as environment:
            watched = ["--other-writer"] if not url and rows == GROWTH[-1] else []
            command = ["benchmarks._intake_run", str(rows_file(rows)), *watched]
            found[str(rows)] = measured(command, environment)
        _show(f"{rows:,} rows", found[str(rows)])
    return found


def _web(url: str) -> dict[str, Any]:
    """Upload the largest file through the web process."""
    with empty_console(url) as environment:
        programs = _programs.environment(
            Path(environment["VAR_DIR"]), environment["DATABASE_URL"], ""
        )
        files = [str(rows_file(rows)) for rows in GROWTH[1:]]
        return measured(["benchmarks._intake_web", *files], programs)


def _ratio_bars(vendor: str, found: Mapping[str, Any]) -> list[Bar]:
    ours, theirs = found["ours"], found["baseline"]
    ratio = ours["rows_per_second"] / theirs["rows_per_second"]
    complete = ours["state"] == "READY" and ours["messages"] == ours["batched"]
    missing = ours["rows"] - ours["messages"] - ours["problems"]
    return [
        *(
            at_least(f"{vendor}: rows a second, times the baseline{way}", ratio, "x", goal)
            for way, goal in RATIO_GOALS[vendor].items()
        ),
        at_most(f"{vendor}: rows neither stored nor explained", abs(missing), "rows", 0),
        at_least(f"{vendor}: task READY, all messages in batches", complete, "", 1),
    ]


def _cells_bar(vendor: str, cells: Mapping[str, Any]) -> Bar:
    times = cells["mixed"]["seconds"] / cells["plain"]["seconds"]
    same = cells["mixed"]["messages"] == cells["plain"]["messages"]
    note = "booleans, dates, rich texts, formulas, formats"
    if not same:
        note = f"not the same messages: {cells['mixed']['messages']}"
    return at_most(f"{vendor}: other cells cost, times plain ones", times, "x", 2, note)


def _growth_bars(vendor: str, grown: Mapping[str, Any]) -> list[Bar]:
    hundred, million = grown[str(GROWTH[1])], grown[str(GROWTH[2])]
    times = million["seconds"] / hundred["seconds"]
    memory = million["parent_rss_mb"] + million["child_rss_mb"]
    bars = [
        at_most(f"{vendor}: 1M rows cost, times 100k rows", times, "x", 11),
        at_most(f"{vendor}: peak RSS of parent and child at 1M", memory, "MB", 500),
    ]
    if million["other_writes"]:
        p99 = million["other_write_p99_ms"]
        bars.append(at_most(f"{vendor}: p99 of other writers during 1M rows", p99, "ms", 100))
    return bars


def _web_bars(vendor: str, web: Mapping[str, Any]) -> list[Bar]:
    moved = web["web_peak_mb"] - web["web_before_mb"]
    note = f"of {web['web_before_mb']:.0f}; from upload to check page {web['seconds']} s"
    complete = web["state"] == "READY" and web["rows"] == GROWTH[-1]
    return [
        at_most(f"{vendor}: web grows while 1M rows come in by it", moved, "MB", WEB_GOAL_MB, note),
        at_least(f"{vendor}: task of the uploaded file READY", complete, "", 1),
    ]


def _show(name: str, found: Mapping[str, Any]) -> None:
    print(
        f"{name:<16} {found['rows']:>9,} rows {found['seconds']:>8.2f} s"
        f" {found['rows_per_second']:>8,}/s  CPU {found['cpu_seconds']:>6.2f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
