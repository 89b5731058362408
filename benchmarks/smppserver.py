"""`./console bench smppserver`: clients that submit, each PDU on disk before its answer."""

import sys

from benchmarks._bars import Bar, at_least, at_most
from benchmarks._parted import Found, run_parts

# The window at which both goals hold: so many a second, and each within its time.
BOTH = 20


def _accept(found: Found) -> list[Bar]:
    bars = []
    for window, run in found["runs"].items():
        name = f"window {window}, {run['binds']} binds"
        cpu = ", ".join(f"{who} {seconds} s" for who, seconds in run["cpu_seconds"].items())
        note = f"p50 {run['p50_ms']} ms; CPU: {cpu}"
        # A small window is bound by its own wait, a large one waits for itself.
        least, most = (
            (1500 if run["window"] >= BOTH else 0),
            (100 if run["window"] <= BOTH else 500),
        )
        bars += [
            at_least(f"submit_sm accepted, {name}", run["per_second"], "1/s", least, note),
            at_most(f"p99 of submit_sm_resp, {name}", run["p99_ms"], "ms", most),
            at_most(f"refused or not answered, {name}", _not_accepted(run), "PDUs", 0),
        ]
    counted, accepted = found["counted"], found["accepted"]
    off = max(abs(n - accepted) for n in counted.values())
    return [
        *bars,
        at_most("counted otherwise than answered", off, "messages", 0, str(counted)),
        at_most("numbers that have two messages", found["twice"], "numbers", 0),
        at_most("message_ids answered twice", found["ids_twice"], "ids", 0),
    ]


def _not_accepted(run: Found) -> int:
    return int(sum(run["refused"].values()) + run["unanswered"])


def _receipts(found: Found) -> list[Bar]:
    run = found["run"]
    cpu = ", ".join(f"{who} {seconds} s" for who, seconds in found["cpu_seconds"].items())
    return [
        at_least("receipts fetched after a rebind", run["receipts_per_second"], "1/s", 1000, cpu),
        at_most("receipts missing", found["owed"] - run["receipts_known"], "receipts", 0),
        at_most("receipts twice", run["receipts"] - run["receipts_known"], "receipts", 0),
        at_most("left in the outbox", found["left"], "receipts", 0),
    ]


BARS = {"accept": _accept, "receipts": _receipts}


if __name__ == "__main__":
    sys.exit(run_parts("smppserver", __doc__, BARS))
