"""`./console bench pages`: every list of a large console through gunicorn, on PostgreSQL.

With --keep the database `bench_pages` beside that of DATABASE_URL is made once and used again.
"""

import argparse
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks._bars import Bar, at_most, publish
from benchmarks._database import own_database
from benchmarks._programs import measured

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = 50
GOAL_MS = 100
START_SECONDS = 60
# A database that is used again must be readable.
KEY = "of a benchmark, for a database that holds nothing of anybody"


@dataclass(frozen=True, slots=True)
class Asked:
    """How long each request took, and the web process's own time for one."""

    milliseconds: list[float]
    cpu_ms: float


def main() -> int:
    """Measure, print, and write the JSON; return 1 when a bar is missed."""
    options = _options()
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        print("This one needs PostgreSQL: set DATABASE_URL.", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        own_database(url, "bench_pages", keep=options.keep) as own,
    ):
        Path(folder, "secret-key").write_text(KEY, encoding="ascii")
        environment = {**os.environ, "SMSCONSOLE_MODE": "demo", "VAR_DIR": folder}
        environment |= {"DATABASE_URL": own, "REDIS_URL": ""}
        made, seconds = fill(options.rows, environment, options.customers)
        print(f"{options.rows:,} messages in {seconds:.0f} s", file=sys.stderr)
        with web(environment) as (port, worker):
            found = {}
            for name, address in made["pages"].items():
                # One person asks for all of it, which is more than the console allows.
                shutil.rmtree(Path(folder, "cache"), ignore_errors=True)
                found[name] = ask(port, worker, address, made["cookie"])
    bars = [_bar(name, asked) for name, asked in found.items()]
    raw = {name: asdict(asked) for name, asked in found.items()}
    publish(
        bars, {"rows": options.rows, "fill_seconds": round(seconds), "pages": raw}, options.json
    )
    return 0 if all(bar.holds for bar in bars) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="console bench pages", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="messages in all")
    parser.add_argument("--customers", type=int, help="a fifth of the messages unless told")
    parser.add_argument("--keep", action="store_true", help="use database bench_pages, and keep it")
    parser.add_argument("--json", type=Path, help="where to write bars and times")
    return parser.parse_args()


def fill(
    rows: int, environment: dict[str, str], customers: int | None = None
) -> tuple[dict[str, Any], float]:
    """Fill the database of the environment unless it is; return what is in it, and the seconds."""
    began = time.monotonic()
    sizes = [str(rows), str(customers or rows // 5)]
    made = measured(["benchmarks._pages_data", *sizes], environment)
    return made, time.monotonic() - began


@contextmanager
def web(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run the web process as the product does; give its port and the id of its worker."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "smsconsole.wsgi"]
    options = ["--config", "python:smsconsole.gunicorn_conf", "--log-level", "warning"]
    process = subprocess.Popen(
        [*command, *options, "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port, _child_of(process.pid)
    finally:
        process.terminate()
        process.wait()


def _child_of(pid: int) -> int:
    """Return the worker, which may come after the port is open."""
    deadline, never = time.monotonic() + START_SECONDS, threading.Event()
    while time.monotonic() < deadline:
        if children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            return int(children[0])
        never.wait(0.1)
    raise TimeoutError("gunicorn started no worker")


def _cpu_ms(pid: int) -> float:
    """Return the processor time a process has had; a request's share is exact under any load."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _wait_for(port: int) -> None:
    deadline, never = time.monotonic() + START_SECONDS, threading.Event()
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            never.wait(0.1)
        else:
            return
    raise TimeoutError("gunicorn did not start")


def ask(port: int, worker: int, address: str, cookie: str, requests: int = REQUESTS) -> Asked:
    """Ask for a page many times, its body included."""
    times = []
    connection = http.client.HTTPConnection("127.0.0.1", port)
    cpu = _cpu_ms(worker)
    for _number in range(requests):
        began = time.perf_counter()
        connection.request("GET", address, headers={"Cookie": cookie})
        response = connection.getresponse()
        response.read()
        times.append(round((time.perf_counter() - began) * 1000, 1))
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{address} answered {response.status}")
    connection.close()
    return Asked(times, round((_cpu_ms(worker) - cpu) / requests, 1))


def _bar(name: str, asked: Asked) -> Bar:
    times = sorted(asked.milliseconds)
    note = f"min {times[0]:.0f} p50 {times[len(times) // 2]:.0f} CPU of web {asked.cpu_ms:.0f}"
    return at_most(f"p95, {name}", times[int(len(times) * 0.95)], "ms", GOAL_MS, note)


if __name__ == "__main__":
    sys.exit(main())
