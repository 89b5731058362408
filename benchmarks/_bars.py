"""Bars: what a benchmark measured against its goal, printed and kept as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """One goal. `goal` reads like ">= 8"; `holds` says whether the value reaches it.

    `note` is what else was measured, for the reader.
    """

    name: str
    value: float
    unit: str
    goal: str
    holds: bool
    note: str = ""


def at_least(name: str, value: float, unit: str, goal: float, note: str = "") -> Bar:
    """Return a bar that holds from `goal` upwards."""
    return Bar(name, round(value, 2), unit, f">= {goal:g}", value >= goal, note)


def at_most(name: str, value: float, unit: str, goal: float, note: str = "") -> Bar:
    """Return a bar that holds up to `goal`."""
    return Bar(name, round(value, 2), unit, f"<= {goal:g}", value <= goal, note)


def publish(bars: Sequence[Bar], raw: Mapping[str, Any], path: Path | None) -> None:
    """Print the bars as a table, and write them with the raw counts when a path is given."""
    for bar in bars:
        state = "holds" if bar.holds else "MISSED"
        print(
            f"{bar.name:<52} {bar.value:>12,.2f} {bar.unit:<10} {bar.goal:<10} {state} {bar.note}"
        )
    if path is not None:
        content = {"bars": [asdict(bar) for bar in bars], "raw": raw}
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
