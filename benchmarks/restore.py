"""`./console bench restore`: restored in mid-campaign, then counted: none lost, none twice.

A task is being sent; a backup is made; more is sent; everything is killed, the backup restored, the
console compared and released, and the task goes on. With `--lost-journals` the folder of journals
is gone as well. SQLite, or a database of its own on the server of DATABASE_URL.
"""

import argparse
import os
import shutil
import subprocess
import sys
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
from benchmarks._programs import ROOT, StartedProgram, command, environment, last_words

FOLDER = ROOT / "var" / "bench-restore"
WINDOW = 20
SECONDS = 240.0
# Shares of the messages that the peer has when the backup is made, and when all is killed.
_BACKUP, _KILL = 0.25, 0.6


def main() -> int:
    """Run it, print, and write the JSON; return 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="console bench restore", description=__doc__)
    parser.add_argument("--messages", type=int, default=3_000)
    parser.add_argument("--lost-journals", action="store_true", help="the journals are gone, too")
    parser.add_argument("--json", type=Path, help="where to write bars and raw counts")
    options = parser.parse_args()
    if why := _peer.missing():
        print(why, file=sys.stderr)
        return int(os.environ.get("REQUIRE_SERVICES") == "1")
    shutil.rmtree(FOLDER, ignore_errors=True)
    url = os.environ.get("DATABASE_URL", "")
    with ExitStack() as stack:
        own = stack.enter_context(own_database(url, "bench_restore")) if url else ""
        os.environ.update(environment(FOLDER / "var", own, os.environ.get("REDIS_URL", "")))
        stack.callback(_forget_connection)
        try:
            found = _play(options.messages, lost=options.lost_journals, stack=stack)
        except TimeoutError as over:
            print(f"{over}\n{last_words(FOLDER)}", file=sys.stderr)
            return 1
    bars = _bars(found, lost=options.lost_journals)
    publish(bars, found, options.json)
    return int(not all(bar.holds for bar in bars))


def _play(messages: int, *, lost: bool, stack: ExitStack) -> dict[str, Any]:
    folder = Path(os.environ["VAR_DIR"])
    _sending.set_up()
    peer = stack.enter_context(Peer(folder / "accepted.jsonl", receipts=1, delay_ms=50))
    gateway = _sending.make_gateway(peer.port, window=WINDOW, rate=max(10, messages // 90))
    task = _sending.make_task(_sending.make_member(), gateway, 0, messages)
    running: dict[str, StartedProgram] = {}
    stack.callback(lambda: [program.stop() for program in running.values()])
    _start(running, folder)
    _until(lambda: _sending.is_bound(gateway), "the send worker did not bind")
    _sending.send(task)
    _until(lambda: _accepted(peer) >= messages * _BACKUP, "too little was sent")
    backup = FOLDER / "backup"
    at_backup = _accepted(peer)
    backup_seconds = _manage("backup", str(backup))
    _until(lambda: _accepted(peer) >= messages * _KILL, "too little was sent")
    for program in running.values():
        program.kill()
    at_kill = _accepted(peer)
    _forget_connection()
    if lost:
        shutil.rmtree(folder / "journal")
    restore_seconds = _manage("restore", str(backup), "--replace")
    _start(running, folder)
    known = _compared(lost=lost)
    left_while_held = _accepted(peer) - at_kill
    _manage("held")
    _manage("held", "--release")
    began = time.monotonic()
    _until(_is_over, "what was released did not end")
    return {
        "messages": messages,
        "at_backup": at_backup,
        "at_kill": at_kill,
        "backup_seconds": backup_seconds,
        "restore_seconds": restore_seconds,
        "compared": known,
        "left_while_held": left_while_held,
        "settled_seconds": round(time.monotonic() - began, 1),
        **_count(peer, messages),
    }


def _start(running: dict[str, StartedProgram], folder: Path) -> None:
    for name in ("send", "work"):
        running[name] = StartedProgram(name, command(name, folder), os.environ, folder)


def _manage(*arguments: str) -> float:
    """Run a command of the console; return its seconds."""
    began = time.monotonic()
    line = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr, file=sys.stderr, flush=True)
    if done.returncode:
        raise TimeoutError(f"{arguments} failed")
    return round(time.monotonic() - began, 2)


def _compared(*, lost: bool) -> dict[str, Any]:
    """Wait until the send worker has told what its journals prove; return the figures."""
    from sending.delivery.held.comparison import compare

    def told() -> bool:
        known = compare()
        return bool(known and (lost or not known.silent_hosts))

    _until(told, "the journals were not compared")
    # A worker that would send does so within this time.
    _sending.rest(8.0)
    known = compare()
    assert known
    return {
        "figures": dict(known.figures),
        "complete": known.is_complete,
        "missing_claims": known.missing_claims,
        "waiting": known.waiting,
    }


def _accepted(peer: Peer) -> int:
    return int(peer.counts()["accepted"])


def _is_over() -> bool:
    from sending.models import Batch, Message, ReceiptInbox

    if Batch.objects.exists() or ReceiptInbox.objects.filter(tries__lt=6).exists():
        return False
    # Receipts that came between backup and kill are gone: their messages stay SUBMITTED.
    return not Message.objects.filter(state__in=("QUEUED", "SUBMITTING")).exists()


def _until(done: Any, what: str) -> None:
    if not _sending.wait_until(done, SECONDS, every=0.1):
        raise TimeoutError(what)


def _forget_connection() -> None:
    from django.db import connection

    connection.close()


def _count(peer: Peer, messages: int) -> dict[str, Any]:
    from sending.models import Message
    from sending.tests.factories import counted

    state_of = dict(Message.objects.values_list("msisdn", "state"))
    accepted = Tally(item.to for item in peer.accepted())
    doubtful = {number for number, state in state_of.items() if state == "IN_DOUBT"}
    codes = Message.objects.filter(state="IN_DOUBT").values_list("code", flat=True)
    return {
        "states": dict(Tally(state_of.values())),
        "states_by_counters": counted(),
        "twice": sum(count > 1 for count in accepted.values()),
        "lost": len(state_of.keys() - accepted.keys() - doubtful) + messages - len(state_of),
        "in_doubt": len(doubtful),
        "in_doubt_at_peer": len(doubtful & accepted.keys()),
        "in_doubt_by_code": dict(Tally(codes)),
    }


def _bars(found: Mapping[str, Any], *, lost: bool) -> list[Bar]:
    allowed = found["messages"] if lost else WINDOW
    sent_since = found["at_kill"] - found["at_backup"]
    explained = sum(count for code, count in found["in_doubt_by_code"].items() if code)
    return [
        at_least("sent between backup and kill", sent_since, "messages", 1),
        at_most("left while held", found["left_while_held"], "messages", 0),
        at_most("accepted by the peer twice", found["twice"], "messages", 0),
        at_most("lost: neither at the peer nor in doubt", found["lost"], "messages", 0),
        at_most("in doubt", found["in_doubt"], "messages", allowed),
        at_least("in doubt with a reason", explained, "messages", found["in_doubt"]),
        at_least("counters equal a recount", found["states"] == found["states_by_counters"], "", 1),
    ]


if __name__ == "__main__":
    sys.exit(main())
