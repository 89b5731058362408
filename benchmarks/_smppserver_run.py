"""One part of `bench smppserver` in a process of its own; prints what it found as a JSON line.

    python -m benchmarks._smppserver_run PART

It runs in the environment that the measured programs get: VAR_DIR, DATABASE_URL, REDIS_URL.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import _sending
from benchmarks._programs import CpuMeter, StartedProgram

FOLDER = Path(os.environ.get("VAR_DIR", "var"))
START_SECONDS = 60.0
END_SECONDS = 60.0
BODY = "Harbourline stores close early on {1} and open again on Friday at 09:00."
TEXT = "Harbourline stores close early on Thursday and open again on Friday at 09:00."
# How many approved texts are looked through to find the one that was meant.
TEMPLATES = 50
SECONDS = 15.0
WINDOWS = {10: 4, 20: 4, 50: 4}
OWED = 10_000


class SmppConsole:
    """The server as a process, and an account of an application with approved texts."""

    def __init__(self) -> None:
        from accounts.models import ApplicationCountry, SmsApplication
        from sending.tests import factories, smpp_factories
        from templates_app.models import SmsType
        from templates_app.tests.factories import approved_template

        _sending.make_gateway(1)
        organization = _sending.make_member().organization
        factories.make_prices()
        application = SmsApplication.objects.for_organization(organization).get()
        application.daily_segment_limit = 40_000_000
        application.number_hourly_limit, application.number_daily_limit = 50, 100
        application.save()
        ApplicationCountry.objects.create(
            application=application, country="GB", daily_segment_limit=30_000_000
        )
        for nth in range(TEMPLATES - 1):
            approved_template(organization, body=f"Branch {nth} opens at {{1}} on {{2}}.")
        approved_template(organization, body=BODY, sms_type=SmsType.NOTIFICATION)
        self._organization = organization
        # The server takes more than the most that may be agreed for one account.
        wide = {"window": max(WINDOWS), "most_binds": 20, "most_transmitters": 20}
        self._system_ids = [
            smpp_factories.make_smpp_account(application, rate=10_000, **wide).system_id
            for _account in range(2)
        ]
        self.password = smpp_factories.SMPP_PASSWORD
        self.meter = CpuMeter()
        self._first = 0

    @contextmanager
    def served(self) -> Iterator[int]:
        """Run the server; give its port."""
        from smsconsole.tests.ports import free_port

        port = free_port()
        line = [sys.executable, "manage.py", "smpp_server", "--port", str(port)]
        server = StartedProgram("smpp", line, os.environ, FOLDER)
        try:
            if not _sending.wait_until(lambda: _answers(port), START_SECONDS, every=0.1):
                raise TimeoutError(f"the server did not start; see {FOLDER}/smpp.out")
            self._server = server
            yield port
        finally:
            server.stop()

    def load(self, port: int, **wish: Any) -> dict[str, Any]:
        """Run clients against the port; every number is used once."""
        self._first += 1_000_000
        given = {
            "port": port,
            "system_ids": self._system_ids,
            "password": self.password,
            "text": TEXT,
            "first": self._first,
        }
        asked = json.dumps({**given, **wish})
        line = [sys.executable, "-m", "benchmarks._smpp_load", asked]
        self.meter = CpuMeter()
        client = subprocess.Popen(line, stdout=subprocess.PIPE)
        _sending.wait_until(lambda: client.poll() is not None, 600, every=0.2, look=self._look)
        said, _nothing = client.communicate()
        if client.returncode:
            raise RuntimeError(f"the clients failed; see {FOLDER}/smpp.out")
        found: dict[str, Any] = json.loads(said)
        return found | {"cpu_seconds": self.meter.seconds()}

    def counted(self) -> dict[str, int]:
        """Return how many messages there are by each table that counts them."""
        from django.db.models import Sum

        from sending.models import ApiMessage, Counter, DailyUse, Message, SmppPart

        organization = self._organization
        use = DailyUse.objects.for_organization(organization)
        counters = Counter.objects.for_organization(organization)
        return {
            "messages": Message.objects.for_organization(organization).count(),
            "parts": SmppPart.objects.for_organization(organization).count(),
            "api_messages": ApiMessage.objects.for_organization(organization).count(),
            "counters": counters.aggregate(n=Sum("messages"))["n"] or 0,
            "daily_use": use.filter(application_id=0).aggregate(n=Sum("messages"))["n"] or 0,
        }

    def _look(self) -> None:
        self.meter.look("server", [self._server.pid])
        self.meter.look("PostgreSQL", _sending.backends())


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def accept() -> dict[str, Any]:
    """Submit as fast as it goes, with windows of several sizes."""
    from django.db.models import Count

    from sending.models import Message

    console = SmppConsole()
    runs = {}
    with console.served() as port:
        # Prepared statements, remembered wordings.
        warm = console.load(port, seconds=2.0, binds=2, window=10)
        for window, binds in WINDOWS.items():
            run = console.load(port, seconds=SECONDS, binds=binds, window=window)
            runs[window] = run | {"binds": binds, "window": window}
    again = Message.objects.values("msisdn").annotate(n=Count("pk")).filter(n__gt=1)
    every = [warm, *runs.values()]
    return {
        "runs": runs,
        "accepted": sum(run["accepted"] for run in every),
        "ids_twice": sum(run["ids_twice"] for run in every),
        "counted": console.counted(),
        "twice": again.count(),
    }


def receipts() -> dict[str, Any]:
    """Let every receipt wait until the client is back, then fetch them."""
    from sending.lifecycle import MessageState
    from sending.models import Message, SmppReceipt
    from sending.tests.factories import move

    console = SmppConsole()
    with console.served() as port:
        console.load(port, seconds=OWED / 1_000, binds=4, window=20)
    rows = list(Message.objects.order_by("pk"))
    for begin in range(0, len(rows), 1_000):
        move(rows[begin : begin + 1_000], MessageState.DELIVERED)
    owed = SmppReceipt.objects.count()
    with console.served() as port:
        run = console.load(port, receipts=owed, binds=2, window=50)
        _sending.wait_until(lambda: not SmppReceipt.objects.exists(), END_SECONDS)
    left = SmppReceipt.objects.count()
    return {"run": run, "owed": owed, "left": left, "cpu_seconds": run["cpu_seconds"]}


PARTS: dict[str, Callable[[], dict[str, Any]]] = {"accept": accept, "receipts": receipts}


def main() -> None:
    """Run the part that the command line names."""
    _sending.set_up()
    print(json.dumps(PARTS[sys.argv[1]]() | {"load_average": os.getloadavg()}))


if __name__ == "__main__":
    main()
