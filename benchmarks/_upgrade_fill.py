"""Fills the database of an older release, run by its own code: rows, and a task that is sending."""

import json
import sys

from benchmarks import _sending


def main() -> None:
    """Make the rows that the arguments ask for: port, rows, and messages of the running task."""
    port, rows, sending = map(int, sys.argv[1:])
    _sending.set_up()
    gateway = _sending.make_gateway(port, window=20, rate=500)
    member = _sending.make_member()
    at = 0
    while at < rows:
        count = min(50_000, rows - at)
        _sending.make_task(member, gateway, at, count)
        at += count
    task = _sending.make_task(member, gateway, rows, sending)
    _sending.send(task)
    print(json.dumps({"task": task.pk, "gateway": gateway.pk}))


if __name__ == "__main__":
    main()
