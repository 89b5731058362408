"""`./console bench bodies`: the largest forms made to hurt, to every page that takes one."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks import _programs
from benchmarks._bars import Bar, at_least, at_most, publish
from benchmarks._database import empty_console

REQUEST_MS = 1_000
HEALTH_MS = 200
SLOWEST_SHOWN = 10


def main() -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="console bench bodies", description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write bars and every request")
    options = parser.parse_args()
    with empty_console(os.environ.get("DATABASE_URL", "")) as environment:
        programs = _programs.environment(
            Path(environment["VAR_DIR"]), environment["DATABASE_URL"], ""
        )
        found = _programs.measured(["benchmarks._bodies_run"], programs)
    slowest = sorted(found["asked"], key=lambda asked: asked["ms"], reverse=True)
    for asked in slowest[:SLOWEST_SHOWN]:
        print(f"{asked['ms']:>8.0f} ms  {asked['status']}  {asked['name']}  {asked['body']}")
    bars = _bars(found, [asked["ms"] for asked in slowest])
    publish(bars, found, options.json)
    return 0 if all(bar.holds for bar in bars) else 1


def _bars(found: dict[str, Any], times: list[float]) -> list[Bar]:
    health = sorted(found["health_ms"], reverse=True)
    faults = sum(asked["status"] >= 500 for asked in found["asked"])
    return [
        at_most("p99 of a request", times[len(times) // 100], "ms", REQUEST_MS, f"of {len(times)}"),
        at_most("slowest request", times[0], "ms", 2 * REQUEST_MS),
        at_most("slowest /healthz meanwhile", health[0], "ms", HEALTH_MS, f"of {len(health)}"),
        at_most("requests that ended in 500", faults, "requests", 0),
        at_least("pages that take a form", found["pages"], "pages", 40),
    ]


if __name__ == "__main__":
    sys.exit(main())
