"""`./console bench guard`: what judging a message costs, and what attacks cost at the door."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks import _programs
from benchmarks._bars import Bar, at_most, publish
from benchmarks._database import empty_console

MOST_MS = 0.2
"""Processor time of the guard for one message, where many come together."""


def main() -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="console bench guard", description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write bars and counts")
    options = parser.parse_args()
    with empty_console(os.environ.get("DATABASE_URL", "")) as environment:
        found = _programs.measured(["benchmarks._guard_run"], environment)
    bars = _bars(found)
    publish(bars, found, options.json)
    return 0 if all(bar.holds for bar in bars) else 1


def _bars(found: dict[str, Any]) -> list[Bar]:
    bars = []
    for size, cost in found["costs"].items():
        note = f"{cost['without']:.2f} ms without, {cost['ratio']:.2f} times as much with"
        is_many = int(size) > 1
        goal = MOST_MS if is_many else 10 * MOST_MS
        bars.append(at_most(f"guard, requests of {size}", cost["guard"], "ms CPU", goal, note))
    for name, attack in found["attacks"].items():
        note = f"{attack['left']} of {attack['offered']} codes left"
        bars.append(at_most(f"attack {name}", attack["spent"], "currency", attack["bound"], note))
        bars.append(
            at_most(f"attack {name}: honest stopped", attack["honest_stopped"], "people", 0, "")
        )
    return bars


if __name__ == "__main__":
    sys.exit(main())
