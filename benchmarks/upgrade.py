"""`./console bench upgrade`: an older release's database, with a task that is sending, migrates.

The older release is taken from the repository and fills the database with its own code. Then each
migration of this release is timed, and on PostgreSQL which tables it locks against readers or
writers, and for how long. At the end the running task is sent by this release.
"""

import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter as Tally
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import _peer, _sending
from benchmarks._bars import Bar, at_least, at_most, publish
from benchmarks._database import own_database
from benchmarks._peer import Peer
from benchmarks._programs import (
    ROOT,
    StartedProgram,
    command,
    environment,
    last_words,
    measured,
)

FOLDER = ROOT / "var" / "bench-upgrade"
SECONDS = 240.0
_LOOK = 0.02
# SHARE keeps writers out, ACCESS EXCLUSIVE readers too (PostgreSQL, 13.3.1).
_LOCKS = """
SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND c.relkind IN ('r', 'p') AND l.mode IN
('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""


def main() -> int:
    """Run it, print, and write the JSON; return 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="console bench upgrade", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="messages in the database")
    parser.add_argument("--sending", type=int, default=500, help="messages of the running task")
    parser.add_argument("--release", help="commit or tag; else before the newest migration")
    parser.add_argument("--json", type=Path, help="where to write bars and raw counts")
    options = parser.parse_args()
    if why := _peer.missing():
        print(why, file=sys.stderr)
        return int(os.environ.get("REQUIRE_SERVICES") == "1")
    shutil.rmtree(FOLDER, ignore_errors=True)
    url = os.environ.get("DATABASE_URL", "")
    with ExitStack() as stack:
        own = stack.enter_context(own_database(url, "bench_upgrade")) if url else ""
        os.environ.update(environment(FOLDER / "var", own, os.environ.get("REDIS_URL", "")))
        release = options.release or _before_newest_migration()
        old = _unpack(release)
        try:
            found = _play(old, options.rows, options.sending, stack)
        except TimeoutError as over:
            print(f"{over}\n{last_words(FOLDER)}", file=sys.stderr)
            return 1
    bars = _bars(found)
    publish(bars, {"release": release, **found}, options.json)
    for name, seconds in found["migrations"].items():
        print(f"{name:<60} {seconds:>8.2f} s")
    for name, seconds in found["locked"].items():
        print(f"locked: {name:<52} {seconds:>8.2f} s")
    return int(not all(bar.holds for bar in bars))


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _before_newest_migration() -> str:
    newest = _git("log", "-n1", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py")
    return f"{newest}^"


def _unpack(release: str) -> Path:
    old = FOLDER / "release"
    old.mkdir(parents=True)
    archive = FOLDER / "release.tar"
    _git("archive", f"--output={archive}", release)
    subprocess.run(["tar", "-xf", archive, "-C", old], check=True)
    shutil.copy(ROOT / "benchmarks" / "_upgrade_fill.py", old / "benchmarks")
    (old / "var").symlink_to(ROOT / "var")
    return old


def _play(old: Path, rows: int, sending: int, stack: ExitStack) -> dict[str, Any]:
    folder = Path(os.environ["VAR_DIR"])
    peer = stack.enter_context(Peer(folder / "accepted.jsonl", receipts=1))
    filled = measured(
        ["benchmarks._upgrade_fill", str(peer.port), str(rows), str(sending)], os.environ, cwd=old
    )
    migrations, locked = _migrate()
    from django.db import connection

    stack.callback(connection.close)
    from sending.models import Message, SendTask

    running: dict[str, StartedProgram] = {}
    stack.callback(lambda: [program.stop() for program in running.values()])
    for name in ("send", "work"):
        running[name] = StartedProgram(name, command(name, folder), os.environ, folder)

    def is_over() -> bool:
        messages = Message.objects.filter(task_id=filled["task"])
        return not messages.exclude(state="DELIVERED").exists()

    if not _sending.wait_until(is_over, SECONDS):
        raise TimeoutError("the task that was sending did not end")
    accepted = Tally(item.to for item in peer.accepted())
    return {
        "rows": Message.objects.count(),
        "expected_rows": rows + sending,
        "sending": sending,
        "delivered": len(accepted),
        "twice": sum(count > 1 for count in accepted.values()),
        "state": SendTask.objects.get(pk=filled["task"]).state,
        "migrations": migrations,
        "locked": locked,
    }


def _migrate() -> tuple[dict[str, float], dict[str, float]]:
    """Migrate with this release; return seconds by migration, and by table and lock."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "smsconsole.settings"
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    seconds: dict[str, float] = {}

    def note(action: str, migration: Any = None, _fake: bool = False) -> None:  # noqa: FBT001, FBT002
        if migration is not None:
            sign = -1 if action == "apply_start" else 1
            name = str(migration)
            seconds[name] = round(seconds.get(name, 0.0) + sign * time.monotonic(), 3)

    executor = MigrationExecutor(connection, note)
    with _Locks(connection.vendor, os.environ["DATABASE_URL"]) as locks:
        executor.migrate(executor.loader.graph.leaf_nodes())
    return seconds, locks.seconds()


class _Locks(threading.Thread):
    """Looks again and again which tables are locked."""

    def __init__(self, vendor: str, url: str) -> None:
        super().__init__(name="locks")
        self._url = url if vendor == "postgresql" else ""
        self._over = threading.Event()
        self._seen: dict[str, float] = {}

    def __enter__(self) -> "_Locks":
        self.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        """Add up how long each lock is held."""
        if not self._url:
            return
        import psycopg

        with psycopg.connect(self._url, autocommit=True) as session:
            before = time.monotonic()
            while not self._over.wait(_LOOK):
                now = time.monotonic()
                for table, mode in session.execute(_LOCKS).fetchall():
                    name = f"{table} {mode}"
                    self._seen[name] = self._seen.get(name, 0.0) + now - before
                before = now

    def seconds(self) -> dict[str, float]:
        """Return {table and mode: seconds}, the longest first."""
        ordered = sorted(self._seen.items(), key=lambda each: -each[1])
        return {name: round(seconds, 2) for name, seconds in ordered}


def _bars(found: Mapping[str, Any]) -> list[Bar]:
    return [
        at_least("migrations run", len(found["migrations"]), "", 1),
        at_least("migrating took", sum(found["migrations"].values()), "s", 0),
        at_least("messages kept", found["rows"], "messages", found["expected_rows"]),
        at_least("of the running task at the peer", found["delivered"], "", found["sending"]),
        at_most("accepted by the peer twice", found["twice"], "messages", 0),
    ]


if __name__ == "__main__":
    sys.exit(main())
