"""`./console bench api`: programs that send, beside a bare Django view that inserts one row."""

import sys

from benchmarks import _peer
from benchmarks._bars import Bar, at_least, at_most
from benchmarks._parted import Found, run_parts


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
    sys.exit(
        run_parts("api", __doc__, BARS, lambda parts: ("lane" in parts and _peer.missing()) or "")
    )
