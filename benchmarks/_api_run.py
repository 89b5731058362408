"""One part of `bench api` in a process of its own; prints what it found as a JSON line.

    python -m benchmarks._api_run PART

It runs in the environment that the measured programs get: VAR_DIR, DATABASE_URL, REDIS_URL.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import _sending
from benchmarks._delivery_run import Stage, at_seconds, stage
from benchmarks._programs import StartedProgram, command

if TYPE_CHECKING:
    from accounts.models import Member

FOLDER = Path(os.environ.get("VAR_DIR", "var"))
START_SECONDS = 60.0
BODY = "Harbourline stores close early on {1} and open again on Friday at 09:00."
CONNECTIONS = 16
# Bare view and console take turns, so that a machine that gets slower slows both.
ROUNDS = 3
ROUND_SECONDS = 6.0
PACED_SECONDS = 20.0
PACE = 100.0
NUMBERS_A_CALL = 200
BULK = 100_000
BULK_RATE = 500


class Console:
    """The web process, an application with a key, and the load on it."""

    def __init__(self, member: "Member") -> None:
        from accounts.models import ApiKey, ApplicationCountry, SmsApplication
        from sending.tests import factories
        from templates_app.models import SmsType
        from templates_app.tests.factories import approved_template

        organization = member.organization
        factories.make_prices()
        application = SmsApplication.objects.for_organization(organization).get()
        application.daily_segment_limit = 40_000_000
        application.number_hourly_limit, application.number_daily_limit = 50, 100
        application.save()
        ApplicationCountry.objects.create(
            application=application, country="GB", daily_segment_limit=30_000_000
        )
        template = approved_template(organization, body=BODY, sms_type=SmsType.NOTIFICATION)
        key = ApiKey.objects.create(organization=organization, application=application)
        self.application = application
        # What every load needs to ask as this program.
        self.identity = {
            "secret_id": key.secret_id,
            "secret_key": key.secret_key,
            "sdk_app_id": application.sdk_app_id,
            "template": str(template.pk),
        }
        self._first = 0

    def load(self, port: int, **wish: Any) -> dict[str, Any]:
        """Run a load against a port; every number is used once."""
        # A range of its own, far from where another one can come.
        self._first += 1_000_000
        given = {"port": port, "first": self._first, "connections": CONNECTIONS}
        asked = json.dumps({**self.identity, **given, **wish})
        line = [sys.executable, "-m", "benchmarks._api_load", asked]
        done = subprocess.run(line, stdout=subprocess.PIPE, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def counted(self) -> dict[str, int]:
        """Return how many messages there are by each table that counts them."""
        from django.db.models import Sum

        from sending.models import ApiMessage, Counter, DailyUse, Message

        organization = self.application.organization
        use = DailyUse.objects.for_organization(organization)
        counters = Counter.objects.for_organization(organization)
        return {
            "messages": Message.objects.for_organization(organization).count(),
            "api_messages": ApiMessage.objects.for_organization(organization).count(),
            "counters": counters.aggregate(n=Sum("messages"))["n"] or 0,
            "daily_use": use.filter(application_id=0).aggregate(n=Sum("messages"))["n"] or 0,
        }


@contextmanager
def web(name: str, line: Sequence[str], port: int) -> Iterator[StartedProgram]:
    """Start a program that listens on a port, and stop it."""
    web = StartedProgram(name, line, os.environ, FOLDER)
    try:
        if not _sending.wait_until(lambda: _answers(port), START_SECONDS, every=0.1):
            raise TimeoutError(f"{name} did not start; see {FOLDER}/{name}.out")
        yield web
    finally:
        web.stop()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def console_web() -> Iterator[int]:
    """Give the port of the product's web process."""
    from smsconsole.tests.ports import free_port

    port = free_port()
    with web("web", command("web", FOLDER, port), port):
        yield port


@contextmanager
def _bare_web() -> Iterator[int]:
    from smsconsole.tests.ports import free_port

    port = free_port()
    line = [
        "benchmarks._bare_web" if part == "smsconsole.wsgi" else part
        for part in command("web", FOLDER, port)
    ]
    with web("bare", line, port):
        yield port


def _member_with_route() -> "Member":
    _sending.make_gateway(1)
    return _sending.make_member()


def one() -> dict[str, Any]:
    """Send one number a request as fast as it goes, in turns with the bare view."""
    console = Console(_member_with_route())
    bare, ours = [], []
    with ExitStack() as stack:
        bare_port = stack.enter_context(_bare_web())
        port = stack.enter_context(console_web())
        for _round in range(ROUNDS):
            bare.append(console.load(bare_port, seconds=ROUND_SECONDS))
            ours.append(console.load(port, seconds=ROUND_SECONDS))
    return {
        "bare": bare,
        "ours": ours,
        "bare_per_second": median(found["per_second"] for found in bare),
        "per_second": median(found["per_second"] for found in ours),
        "counted": console.counted(),
    }


def paced() -> dict[str, Any]:
    """Send 100 requests a second."""
    console = Console(_member_with_route())
    with console_web() as port:
        console.load(port, seconds=1.0)
        found = console.load(port, seconds=PACED_SECONDS, rate=PACE)
    return {**found, "counted": console.counted()}


def many() -> dict[str, Any]:
    """Send 200 numbers a request."""
    console = Console(_member_with_route())
    with console_web() as port:
        console.load(port, seconds=1.0)
        found = console.load(port, seconds=10.0, numbers=NUMBERS_A_CALL, connections=4)
    return {**found, "counted": console.counted()}


def lane() -> dict[str, Any]:
    """Send 5 requests a second while a task fills the same bind."""
    workers = {"send": command("send", FOLDER)}
    with stage({}, {"rate": BULK_RATE}, workers) as on, console_web() as port:
        member = _sending.make_member()
        console = Console(member)
        bulk = _sending.make_task(member, on.gateway, 0, BULK)
        _sending.send(bulk)
        _sending.rest(2)
        wish = {"rate": 5.0, "connections": 4, "keeps_times": True}
        found = console.load(port, seconds=40.0, **wish)
        _sending.rest(2)
        return _waits(on, found)


def _waits(on: Stage, found: dict[str, Any]) -> dict[str, Any]:
    asked_at = found.pop("asked_at")
    at_peer = {item.to: at_seconds(item.at) for item in on.peer.accepted()}
    waits = sorted((at_peer[to] - at) * 1000 for to, at in asked_at.items() if to in at_peer)
    return {
        **found,
        "missing": len(asked_at) - len(waits),
        "wait_p50_ms": round(waits[len(waits) // 2], 1),
        "wait_p95_ms": round(waits[int(len(waits) * 0.95)], 1),
        "bulk_at_peer": len(at_peer) - len(waits),
    }


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "one": one,
    "paced": paced,
    "many": many,
    "lane": lane,
}


def main() -> None:
    """Run the part that the command line names."""
    _sending.set_up()
    print(json.dumps(PARTS[sys.argv[1]]() | {"load_average": os.getloadavg()}))


if __name__ == "__main__":
    main()
