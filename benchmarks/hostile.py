"""`./console bench hostile`: files made to hurt, while somebody else's honest file is checked."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks import _programs
from benchmarks._bars import Bar, at_least, at_most, publish
from benchmarks._database import empty_console
from benchmarks._hostile_run import HONEST_ROWS

SECONDS = 20
# For an honest file while somebody else's two stall: nobody waits behind a stranger.
BESIDE_SECONDS = 3
CHILD_MB = 512


def main() -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="console bench hostile", description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write bars and what each file ended in")
    options = parser.parse_args()
    url = os.environ.get("DATABASE_URL", "")
    with empty_console(url) as environment:
        programs = _programs.environment(
            Path(environment["VAR_DIR"]), environment["DATABASE_URL"], ""
        )
        found = _programs.measured(["benchmarks._hostile_run"], programs)
    for name, file in found["files"].items():
        print(f"{name:<16} {file['bytes']:>11,} bytes  {file['state']:<9} {file['says']}")
    bars = _bars(found)
    publish(bars, found, options.json)
    return 0 if all(bar.holds for bar in bars) else 1


def _bars(found: dict[str, Any]) -> list[Bar]:
    files = found["files"]
    bars = [
        at_most(f"{name}: until it ended", file["seconds"], "s", SECONDS, _note(file))
        for name, file in files.items()
    ]
    honest = [file["honest"] for file in files.values()]
    alone = found["first"]["seconds"]
    slowest = max(one["seconds"] for one in honest)
    whole = sum(one["state"] == "READY" and one["accepted"] == HONEST_ROWS for one in honest)
    unsaid = sum(file["state"] == "REJECTED" and not file["says"] for file in files.values())
    return [
        *bars,
        at_most("files that were refused without a sentence", unsaid, "files", 0),
        at_most("memory of a child", max(f["child_mb"] for f in files.values()), "MB", CHILD_MB),
        at_most(
            "slowest honest file meanwhile", slowest, "s", SECONDS, f"the first took {alone} s"
        ),
        at_most(
            "honest file beside two that stall",
            found["stalled"]["seconds"],
            "s",
            BESIDE_SECONDS,
            f"{found['stalling']} twice, {found['stalled']['while_stalling']} not over then",
        ),
        at_least("honest files read whole", whole, "files", len(files)),
        at_least("the workers are those that began", found["same_workers"], "", 1),
    ]


def _note(file: dict[str, Any]) -> str:
    return f"{file['code'] or file['state']}, child {file['child_mb']} MB"


if __name__ == "__main__":
    sys.exit(main())
