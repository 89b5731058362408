"""`./console bench api`: programs that send, beside a bare Django view that inserts one row."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import _peer
from benchmarks._bars import Bar, at_least, at_most, publish
from benchmarks._database import own_database
from benchmarks._programs import environment, measured

PARTS = ("one", "paced", "many", "lane")
Found = dict[str, Any]


def main() -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed or a part cannot run."""
    options = _options()
    parts = options.only or list(PARTS)
    if not os.environ.get("DATABASE_URL"):
        print("This one needs PostgreSQL: set DATABASE_URL.", file=sys.stderr)
        return 1
    if "lane" in parts and (why := _peer.missing()):
        print(why, file=sys.stderr)
        return 1
    raw: dict[str, Found] = {}
    for part in parts:
        print(f"measuring {part} ...", file=sys.stderr)
        try:
            raw[part] = _run(part)
        except subprocess.CalledProcessError as error:
            print(f"{part} failed: {error}", file=sys.stderr)
    bars = [bar for part in raw for bar in BARS[part](raw[part])]
    publish(bars, raw, options.json)
    return 0 if len(raw) == len(parts) and all(bar.holds for bar in bars) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="console bench api", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts only")
    parser.add_argument("--json", type=Path, help="where to write bars and raw counts")
    return parser.parse_args()


def _run(part: str) -> Found:
    """Run one part with a folder and a database of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-api-") as folder,
        own_database(os.environ["DATABASE_URL"], "bench_api") as own,
    ):
        env = environment(Path(folder), own, os.environ.get("REDIS_URL", ""))
        return measured(["benchmarks._api_run", part], env)


def _one(found: Found) -> list[Bar]:
    share = found["per_second"] / found["bare_per_second"]
    last = found["ours"][-1]
    note = f"{found['per_second']:.0f}/s beside {found['bare_per_second']:.0f}/s; p50 "
    note += f"{last['p50_ms']}, p95 {last['p95_ms']}, p99 {last['p99_ms']} ms at full load"
    return [
        at_least("SendSms of one number, share of the bare view", share, "", 0.4, note),
        *_truth("one number", found["ours"], found["counted"]),
    ]


def _paced(found: Found) -> list[Bar]:
    note = f"p50 {found['p50_ms']}, p99 {found['p99_ms']} ms"
    return [
        at_least("requests a second in the paced load", found["per_second"], "1/s", 98),
        at_most("p95 at 100 requests a second", found["p95_ms"], "ms", 50, note),
    ]


def _many(found: Found) -> list[Bar]:
    return [at_least("200 numbers a call", found["numbers_per_second"], "numbers/s", 8000)]


def _lane(found: Found) -> list[Bar]:
    note = f"p50 {found['wait_p50_ms']} ms, while {found['bulk_at_peer']} of a task went out"
    return [
        at_most("request to submit_sm beside a task, p95", found["wait_p95_ms"], "ms", 500, note),
        at_most("missing at the peer", found["missing"], "messages", 0),
    ]


def _truth(name: str, runs: list[Found], counted: dict[str, int]) -> list[Bar]:
    """Return that everything was accepted, and is counted the same everywhere."""
    accepted = sum(run["codes"].get("Ok", 0) for run in runs)
    refused = sum(n for run in runs for code, n in run["codes"].items() if code != "Ok")
    off = max(abs(n - accepted) for n in counted.values())
    return [
        at_most(f"{name}: refused", refused, "messages", 0),
        at_most(f"{name}: counted otherwise than answered", off, "messages", 0),
    ]


BARS = {"one": _one, "paced": _paced, "many": _many, "lane": _lane}


if __name__ == "__main__":
    sys.exit(main())
