"""`./console chaos`: break everything at random moments, then count: none lost, none twice."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks import _disks, _hosts, _peer, _services
from benchmarks._bars import Bar, at_least, at_most, publish
from benchmarks._door_bars import door_bars
from benchmarks._limit import OutOfTime, lift, within
from benchmarks._programs import ROOT, environment, last_words

# For the data of PostgreSQL, where its disk is to be filled.
DISK_MEGABYTES = 600
FOLDER = ROOT / "var" / "chaos"


def main() -> int:
    """Run it, print, and write the JSON; return 1 when a promise is broken."""
    options = _options()
    if why := _services.missing() or _peer.missing() or (options.hosts and _hosts.missing()):
        print(why, file=sys.stderr)
        return int(os.environ.get("REQUIRE_SERVICES") == "1")
    if options.disks and (why := _disks.missing()):
        print(why, file=sys.stderr)
        options.disks = False
    try:
        with within(options.limit):
            found = _play(options)
    except OutOfTime as over:
        print(f"It did not end within {options.limit:g} s, and was at: {over}", file=sys.stderr)
        print(last_words(FOLDER), file=sys.stderr)
        return 1
    bars = _bars(found) + (door_bars(found) if options.doors else [])
    publish(bars, found, options.json)
    if all(bar.holds for bar in bars):
        return 0
    print(last_words(FOLDER), file=sys.stderr)
    return 1


def _play(options: argparse.Namespace) -> dict[str, Any]:
    """Start the servers, run the story, and end them whatever happens."""
    services = _services.Services(FOLDER, DISK_MEGABYTES if options.disks else 0)
    try:
        services.start()
        return _run(options, services)
    finally:
        lift()
        services.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="console chaos", description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000, help="2000 take about a minute")
    parser.add_argument("--seed", type=int, default=1, help="which moments, and in which order")
    parser.add_argument("--hosts", action="store_true", help="two hosts, PgBouncer, wrong clocks")
    parser.add_argument("--disks", action="store_true", help="disks are full at times; needs root")
    parser.add_argument("--doors", action="store_true", help="SMPP, Twilio and Verify as well")
    parser.add_argument("--limit", type=float, default=0.0, help="seconds, then it fails; 0: none")
    parser.add_argument("--json", type=Path, help="where to write bars and raw counts")
    return parser.parse_args()


def _run(options: argparse.Namespace, services: _services.Services) -> dict[str, Any]:
    """Run the story in this process, in the environment of the console that it breaks."""
    os.environ.update(environment(FOLDER / "var", services.database_url, services.redis_url))
    from benchmarks import _chaos_run

    return _chaos_run.run(
        options.messages,
        options.seed,
        services,
        hosts=options.hosts,
        disks=options.disks,
        doors=options.doors,
    )


def _bars(found: dict[str, Any]) -> list[Bar]:
    states = found["states_by_messages"]
    waiting = states.get("QUEUED", 0) + states.get("SUBMITTING", 0)
    agree = found["states_by_messages"] == found["states_by_counters"]
    return [
        at_most("settled after the last fault", found["settled_seconds"], "s", 120),
        at_most("QUEUED or SUBMITTING", waiting, "messages", 0),
        at_most("accepted by the peer twice", len(found["twice"]), "messages", 0),
        at_most("accepted by the peer, not ours", len(found["not_ours"]), "messages", 0),
        at_most("lost: neither at the peer nor in doubt", len(found["lost"]), "messages", 0),
        at_most("called accepted, but not at the peer", len(found["invented"]), "messages", 0),
        at_most("in doubt", found["in_doubt"], "messages", found["in_doubt_allowed"]),
        at_most("in doubt without a reason", found["in_doubt_unexplained"], "messages", 0),
        at_most("receipts stored, message not settled", len(found["unheard"]), "messages", 0),
        at_least("counters equal a recount", agree, "", 1),
        at_most("limits of days, unlike a recount", len(found["uses_differ"]), "figures", 0),
        at_least("answered Ok to a program", found["api_ok"], "numbers", found["api_numbers"]),
        at_most("never answered to a program", len(found["api_unanswered"]), "numbers", 0),
        at_most("refused to a program", len(found["api_refused"]), "numbers", 0),
        at_most("answered Ok, and lost", len(found["api_lost"]), "numbers", 0),
        at_most("answered Ok, and accepted twice", len(found["api_twice"]), "numbers", 0),
        at_most("asked again, and answered otherwise", len(found["api_answers_differ"]), "", 0),
        at_most("stored, and never answered Ok", len(found["api_not_ok_but_stored"]), "", 0),
        at_most("InternalError, or no envelope", found["api_failures"], "answers", 0),
        at_least("callbacks in the outbox", found["callback_events"], "events", 1),
        at_most("callbacks lost: never told", len(found["callbacks_lost"]), "events", 0),
        at_most("messages over, no callback", len(found["callbacks_missing"]), "messages", 0),
        at_most("told out of order", len(found["callbacks_out_of_order"]), "messages", 0),
        at_least("wrong clocks, noticed", found["clocks_noticed"], "faults", found["clocks_moved"]),
        at_most("exports that never end", _unfinished(found["exports"]), "files", 0),
        at_most("callbacks with a wrong signature", found["callbacks_unsigned"], "posts", 0),
    ]


def _unfinished(states: list[str]) -> int:
    return sum(state not in {"READY", "FAILED"} for state in states)


if __name__ == "__main__":
    sys.exit(main())
