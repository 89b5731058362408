"""`./console bench delivery`: the whole delivery path to an independent message centre."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks import _kannel, _peer
from benchmarks._bars import Bar, at_least, at_most, publish
from benchmarks._database import own_database
from benchmarks._programs import environment, measured

REDIS_DATABASE = "7"
# The slow ones get a part of --messages: what they show does not depend on more.
SHARES = {
    "throughput": 1.0,
    "kannel": 1.0,
    "kannel-kept": 1.0,
    "parts": 1.0,
    "embedded": 0.2,
    "window-10": 0.03,
    "window-100": 0.2,
    "otp": 0.35,
    "embedded-otp": 0.35,
    "cancel": 0.2,
}
EMBEDDED = {"embedded": "throughput", "embedded-otp": "otp"}
# These know neither PostgreSQL nor Redis.
KANNEL = ("kannel", "kannel-kept")
# What is compared, with the CPU seconds that count: not those of whoever plays the carrier.
SIDE_BY_SIDE = ("throughput", "embedded", *KANNEL, "parts")
DELAY = 0.020
CENTRE = "message centre"

Found = dict[str, Any]


def main() -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed or a part cannot run."""
    options = _options()
    parts = options.only or list(SHARES)
    if not_there := [part for part in parts if part in KANNEL and _kannel.missing()]:
        print(_kannel.missing(), file=sys.stderr)
        parts = [part for part in parts if part not in not_there]
    if why := _peer.missing() or _services_missing(parts):
        print(why, file=sys.stderr)
        return 1
    raw: dict[str, Found] = {}
    for part in parts:
        print(f"measuring {part} ...", file=sys.stderr)
        try:
            raw[part] = _run(part, max(200, int(options.messages * SHARES[part])))
        except subprocess.CalledProcessError as error:
            print(f"{part} failed: {error}", file=sys.stderr)
            continue
        raw[part]["load_average_after"] = os.getloadavg()
    bars = [bar for part in raw for bar in BARS[part](raw[part])]
    bars += _compared(raw)
    _show_side_by_side(raw)
    publish(bars, raw, options.json)
    return 0 if len(raw) == len(parts) and all(bar.holds for bar in bars) else 1


def _compared(raw: Mapping[str, Found]) -> list[Bar]:
    """Return how the services stand beside Kannel and beside what they are made of."""
    if "throughput" not in raw:
        return []
    ours, bars = raw["throughput"], []
    if theirs := raw.get("kannel"):
        ratio = ours["per_second"] / theirs["per_second"]
        bars.append(at_least("services: messages a second, times Kannel", ratio, "x", 1))
    if limit := raw.get("parts"):
        ratio = ours["per_second"] / limit["per_second"]
        bars.append(at_least("services: share of what the parts allow", ratio, "", 0.5))
        cpu = per_100_000(limit) / per_100_000(ours)
        bars.append(at_least("services: share of CPU that the parts need", cpu, "", 0.5))
    return bars


def per_100_000(found: Found) -> float:
    """Return the CPU seconds of a hundred thousand messages, without the message centre's."""
    used = sum(seconds for name, seconds in found["cpu_seconds"].items() if name != CENTRE)
    return float(used * 100_000 / found["messages"])


def _show_side_by_side(raw: Mapping[str, Found]) -> None:
    """Print speeds and CPU; that of SQLite is in the programs that use it."""
    print(f"{'':<14} {'1/s':>8} {'CPU s per 100,000':>18}  of that")
    for part in SIDE_BY_SIDE:
        if found := raw.get(part):
            each = {
                name: round(seconds * 100_000 / found["messages"], 1)
                for name, seconds in found["cpu_seconds"].items()
            }
            told = ", ".join(f"{name} {seconds}" for name, seconds in each.items())
            print(f"{part:<14} {found['per_second']:>8,.0f} {per_100_000(found):>18.1f}  {told}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="console bench delivery", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000, help="of the largest task")
    parser.add_argument("--only", nargs="+", choices=list(SHARES), help="these parts only")
    parser.add_argument("--json", type=Path, help="where to write bars and raw counts")
    return parser.parse_args()


def _services_missing(parts: list[str]) -> str:
    needed = set(parts) - {*EMBEDDED, *KANNEL}
    if not needed or (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        return ""
    return (
        "This one needs PostgreSQL and Redis: set DATABASE_URL and REDIS_URL, "
        f"or choose what needs neither: --only {' '.join(EMBEDDED)}."
    )


def _run(part: str, messages: int) -> Found:
    """Run one part with a folder and a database of its own."""
    with _place(embedded=part in {*EMBEDDED, *KANNEL}) as env:
        arguments = ["benchmarks._delivery_run", EMBEDDED.get(part, part), str(messages)]
        return measured(arguments, env)


@contextmanager
def _place(*, embedded: bool) -> Iterator[Mapping[str, str]]:
    with tempfile.TemporaryDirectory(prefix="bench-delivery-") as folder:
        if embedded:
            yield environment(Path(folder), "", "")
            return
        redis_url = _empty_redis(os.environ["REDIS_URL"])
        with own_database(os.environ["DATABASE_URL"], "bench_delivery") as own:
            yield environment(Path(folder), own, redis_url)


def _empty_redis(url: str) -> str:
    """Return the URL of a database of that server that is ours alone, emptied."""
    import redis

    own = urlunsplit(urlsplit(url)._replace(path=f"/{REDIS_DATABASE}"))
    with redis.Redis.from_url(own) as client:
        client.flushdb()
    return own


def _speed_bars(name: str, goal: float) -> Callable[[Found], list[Bar]]:
    def bars(found: Found) -> list[Bar]:
        return [
            at_least(f"{name}: messages a second", found["per_second"], "1/s", goal),
            *_truth_bars(name, found),
        ]

    return bars


def _truth_bars(name: str, found: Found) -> list[Bar]:
    delivered = found["states_by_messages"].get("DELIVERED", 0)
    agree = found["states_by_messages"] == found["states_by_counters"]
    wrong = found["peer_twice"] + found["peer_not_ours"] + found["peer_missing"]
    left = found["batches_left"] + found["inbox_left"]
    return [
        at_most(f"{name}: not delivered", found["messages"] - delivered, "messages", 0),
        at_most(f"{name}: twice, strange or missing at the peer", wrong, "messages", 0),
        at_most(f"{name}: batches and receipts left", left, "rows", 0),
        at_least(f"{name}: counters equal a recount", agree, "", 1),
    ]


def _window_bars(window: int, share: float) -> Callable[[Found], list[Bar]]:
    def bars(found: Found) -> list[Bar]:
        reached = found["peer_per_second"] / (window / DELAY)
        return [
            at_least(f"window {window}, 20 ms: share of window/RTT", reached, "", share),
            at_most(f"window {window}: twice at the peer", found["peer_twice"], "messages", 0),
        ]

    return bars


def _otp_bars(name: str, goal_ms: float) -> Callable[[Found], list[Bar]]:
    def bars(found: Found) -> list[Bar]:
        return [
            at_most(f"{name}: acceptance to submit_sm, p95", found["p95_ms"], "ms", goal_ms),
            at_least(f"{name}: bulk went on for", found["bulk_seconds"], "s", 60),
            at_most(f"{name}: OTPs missing at the peer", found["otp_missing"], "messages", 0),
        ]

    return bars


def _cancel_bars(found: Found) -> list[Bar]:
    page, peer = found["page_left_us"], found["peer_accepted"]
    return [
        at_most("cancel: last submit_sm after the answer", found["last_after_ms"], "ms", 1000),
        at_most("cancel: page counts differ from the peer's", abs(page - peer), "messages", 0),
        at_least("cancel: messages cancelled", found["cancelled"], "messages", 1),
    ]


BARS: dict[str, Callable[[Found], list[Bar]]] = {
    "throughput": _speed_bars("services", 4000),
    "kannel": lambda _found: [],
    "kannel-kept": lambda _found: [],
    "parts": lambda _found: [],
    "embedded": _speed_bars("embedded", 1000),
    "window-10": _window_bars(10, 0.8),
    "window-100": _window_bars(100, 0.6),
    "otp": _otp_bars("OTP", 500),
    "embedded-otp": _otp_bars("OTP, embedded", 2000),
    "cancel": _cancel_bars,
}


if __name__ == "__main__":
    sys.exit(main())
