"""`./console bench scale`: does all stay as fast at a hundred million messages as at a million?

Pages, search by number, intake, delivery and retention, on PostgreSQL, at --rows and at a hundredth
of it, each in a database of its own; messages lie over the last 13 months. A hundred million need
65 GB of disk.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import pages
from benchmarks._bars import Bar, at_most, publish
from benchmarks._database import own_database
from benchmarks._peer import missing
from benchmarks._programs import environment, measured

ROOT = Path(__file__).resolve().parent.parent
# What may become of a figure when there is a hundred times as much.
GOAL = 1.5
# Whoever reads or writes while a month is dropped must hardly see it.
DROP_GOAL_MS = 100
# Below this, what a page needs is not told apart from what else the machine does.
LEAST_MS = 20.0
CUSTOMERS = 100_000


def main() -> int:
    """Measure at both sizes, print, and write the JSON; return 1 when a bar is missed."""
    options = _options()
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        print("This one needs PostgreSQL: set DATABASE_URL.", file=sys.stderr)
        return 1
    if lacking := missing():
        print(lacking, file=sys.stderr)
        return 1
    small = options.small or max(options.rows // 100, 10_000)
    with ExitStack() as stack:
        few, many = (
            stack.enter_context(_filled(url, name, rows, keep=options.keep))
            for name, rows in (("bench_scale_few", small), ("bench_scale_many", options.rows))
        )
        found = {part: _PARTS[part]((few, many), options) for part in options.only or _PARTS}
    bars = [bar for part, both in found.items() for bar in _bars(part, *both)]
    publish(bars, {"rows": options.rows, "few": small, **found}, options.json)
    return 0 if all(bar.holds for bar in bars) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="console bench scale", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000, help="messages in all")
    parser.add_argument("--small", type=int, help="messages to compare with; a hundredth")
    parser.add_argument("--messages", type=int, default=50_000, help="taken in, sent and erased")
    parser.add_argument("--requests", type=int, default=20, help="times each page is asked for")
    parser.add_argument("--only", nargs="+", choices=list(_PARTS), help="these parts only")
    parser.add_argument("--keep", action="store_true", help="use databases bench_scale_…, and keep")
    parser.add_argument("--json", type=Path, help="where to write bars and times")
    return parser.parse_args()


class FilledConsole:
    """A filled console: its environment, and its pages."""

    def __init__(self, ours: dict[str, str], made: dict[str, Any]) -> None:
        self.environment = ours
        self.folder = Path(ours["VAR_DIR"])
        self.pages: dict[str, str] = made["pages"]
        self.cookie: str = made["cookie"]

    def part(self, name: str, given: int | str) -> dict[str, Any]:
        """Run a part in a process of its own."""
        return measured(["benchmarks._scale_run", name, str(given)], self.environment)


_Both = tuple[FilledConsole, FilledConsole]
_Part = Callable[[_Both, argparse.Namespace], list[dict[str, Any]]]


@contextmanager
def _filled(url: str, name: str, rows: int, *, keep: bool) -> Iterator[FilledConsole]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        own_database(url, name, keep=keep) as own,
    ):
        # A database that is kept holds what was encrypted in its first run.
        Path(folder, "secret-key").write_text(pages.KEY, encoding="ascii")
        ours = environment(Path(folder), own, "")
        made, seconds = pages.fill(rows, ours, CUSTOMERS)
        console = FilledConsole(ours, made)
        answers = console.part("answers", rows)
        print(
            f"{rows:,} messages in {seconds:.0f} s, answers and receipts of the last"
            f" {answers['messages']:,} in {answers['seconds']:.0f} s, {answers['gb']:.1f} GB",
            file=sys.stderr,
        )
        yield console


def _pages(consoles: _Both, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return {page: [milliseconds of the median, the web process's own]} of each.

    They are asked in turns, because a machine that gets slower would slow the second only.
    """
    found: list[dict[str, Any]] = [{}, {}]
    with ExitStack() as stack:
        webs = [stack.enter_context(pages.web(each.environment)) for each in consoles]
        for name in consoles[0].pages:
            for console, (port, worker), each in zip(consoles, webs, found, strict=True):
                # One person asks for all of it, which is more than the console allows.
                shutil.rmtree(console.folder / "cache", ignore_errors=True)
                address = console.pages[name]
                asked = pages.ask(port, worker, address, console.cookie, options.requests)
                median = sorted(asked.milliseconds)[len(asked.milliseconds) // 2]
                each[name] = [median, asked.cpu_ms]
    return found


def _intake(console: FilledConsole, options: argparse.Namespace) -> dict[str, Any]:
    sheet = console.folder / "sheet.csv"
    script = ROOT / "benchmarks" / "gen_rows.py"
    if not sheet.exists():
        command = [sys.executable, str(script), str(options.messages), str(sheet)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return console.part("intake", str(sheet))


def _one_by_one(name: str, given: Callable[[argparse.Namespace], int]) -> _Part:
    return lambda consoles, options: [each.part(name, given(options)) for each in consoles]


_PARTS: dict[str, _Part] = {
    "pages": _pages,
    "intake": lambda consoles, options: [_intake(each, options) for each in consoles],
    "delivery": _one_by_one("delivery", lambda options: options.messages),
    "erasing": _one_by_one("erasing", lambda options: options.messages),
    "dropping": _one_by_one("dropping", lambda _options: 1),
}
_OF_WHAT = {"intake": "a file", "delivery": "a task", "erasing": "a task"}


def _bars(part: str, few: dict[str, Any], many: dict[str, Any]) -> list[Bar]:
    if part == "pages":
        return [
            _ratio(f"page: {name}", few[name][0], many[name][0], "ms", least=LEAST_MS)
            for name in few
        ]
    if part in _OF_WHAT:
        return [_ratio(f"{part}, {_OF_WHAT[part]}", few["seconds"], many["seconds"], "s")]
    return [
        at_most(
            "dropping the oldest month, wait of others",
            many["others_ms"],
            "ms",
            DROP_GOAL_MS,
            f"{many['rows']:,} messages; their files gone after {many['drop_ms']:,.0f} ms;"
            f" the look whether all are over {many['look_ms']:,.0f} ms",
        ),
    ]


def _ratio(name: str, few: float, many: float, unit: str, least: float = 0.0) -> Bar:
    ratio = max(many, least) / max(few, least)
    return at_most(name, ratio, "times", GOAL, f"{few:,.1f} {unit}, then {many:,.1f} {unit}")


if __name__ == "__main__":
    sys.exit(main())
