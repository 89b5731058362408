"""A benchmark of parts on PostgreSQL, each with a folder, a database and a process of its own."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._bars import Bar, publish
from benchmarks._database import own_database
from benchmarks._programs import environment, measured

Found = dict[str, Any]
Bars = Mapping[str, Callable[[Found], list[Bar]]]


def run_parts(
    name: str,
    about: str | None,
    bars_of: Bars,
    lacking: Callable[[Sequence[str]], str] = lambda _parts: "",
) -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed or a part cannot run.

    `benchmarks._NAME_run PART` measures; `lacking` says what the parts that were asked for need.
    """
    options = _options(name, about, list(bars_of))
    parts = options.only or list(bars_of)
    if not os.environ.get("DATABASE_URL"):
        print("This one needs PostgreSQL: set DATABASE_URL.", file=sys.stderr)
        return 1
    if why := lacking(parts):
        print(why, file=sys.stderr)
        return 1
    raw: dict[str, Found] = {}
    for part in parts:
        print(f"measuring {part} ...", file=sys.stderr)
        began = time.monotonic()
        try:
            raw[part] = _run(name, part)
            print(f"{part} took {time.monotonic() - began:.0f} s", file=sys.stderr)
        except subprocess.CalledProcessError as error:
            print(f"{part} failed: {error}", file=sys.stderr)
    bars = [bar for part in raw for bar in bars_of[part](raw[part])]
    publish(bars, raw, options.json)
    return 0 if len(raw) == len(parts) and all(bar.holds for bar in bars) else 1


def _options(name: str, about: str | None, parts: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"console bench {name}", description=about)
    parser.add_argument("--only", nargs="+", choices=parts, help="these parts only")
    parser.add_argument("--json", type=Path, help="where to write bars and raw counts")
    return parser.parse_args()


def _run(name: str, part: str) -> Found:
    with (
        tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder,
        own_database(os.environ["DATABASE_URL"], f"bench_{name}") as own,
    ):
        env = environment(Path(folder), own, os.environ.get("REDIS_URL", ""))
        return measured([f"benchmarks._{name}_run", part], env)
