"""The program that `chaos` calls back: it writes down what it is told, and is down now and then."""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks._programs import StartedProgram
from benchmarks._services import free_port

if TYPE_CHECKING:
    from accounts.models import Member

SECRET = "chaos: the secret of a receiver"


class ReceivedPost(NamedTuple):
    """One callback as the receiver took it."""

    timestamp: int
    signature: str
    body: str


class Receiver:
    """The receiver as a process, which can be killed and started again at the same port."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._port = free_port()
        self._log = folder / "called-back.jsonl"
        self._log.touch()
        self._running: StartedProgram | None = None
        self.url = f"http://127.0.0.1:{self._port}/told"

    def start(self) -> None:
        """Be up."""
        command = [sys.executable, "-m", __name__, str(self._port), str(self._log)]
        self._running = StartedProgram("receiver", command, self._environment, self._folder)

    def kill(self) -> None:
        """Be down at once."""
        if self._running:
            self._running.kill()

    def taken(self) -> Iterator[ReceivedPost]:
        """Read what was taken, in order; a line cut by a kill was never answered."""
        for line in self._log.read_text(encoding="utf-8").splitlines():
            try:
                yield ReceivedPost(**json.loads(line))
            except ValueError:
                continue


def call_back(member: "Member", url: str) -> None:
    """Let the application of an organization be told of its delivery reports."""
    from sending.tests.factories import default_application

    application = default_application(member.organization)
    application.callback_url, application.callback_secret = url, SECRET
    application.save()


def has_waiting() -> bool:
    """Tell whether something waits to be called back."""
    from sending.models import CallbackEvent

    return CallbackEvent.objects.filter(due_at__isnull=False).exists()


def count(receiver: Receiver) -> dict[str, Any]:
    """Compare what the receiver took with the outbox, and the outbox with the messages."""
    from accounts.models import SmsApplication
    from sending.callbacks.signing import signature
    from sending.lifecycle import OVER_STATES
    from sending.models import CallbackEvent, Message

    taken = list(receiver.taken())
    unsigned = sum(
        each.signature != signature(SECRET, each.timestamp, each.body.encode()) for each in taken
    )
    told: dict[int, list[int]] = defaultdict(list)
    times: dict[int, int] = defaultdict(int)
    for report in (report for each in taken for report in json.loads(each.body)):
        event_id = int(report["event_id"])
        times[event_id] += 1
        if times[event_id] == 1:
            told[int(report["sid"])].append(event_id)
    called = list(SmsApplication.objects.exclude(callback_url="").values_list("pk", flat=True))
    of_called = CallbackEvent.objects.filter(application_id__in=called)
    events = dict(of_called.values_list("pk", "subject_id"))
    over = Message.objects.filter(
        state__in=[state.value for state in OVER_STATES], application_id__in=called
    )
    ended = set(over.values_list("pk", flat=True))
    return {
        "callback_events": len(events),
        "callback_posts": len(taken),
        "callbacks_unsigned": unsigned,
        "callbacks_lost": sorted(events.keys() - times.keys()),
        "callbacks_missing": sorted(ended - set(events.values())),
        "callbacks_out_of_order": sorted(sid for sid, ids in told.items() if ids != sorted(ids)),
        "callbacks_told_again": sum(each - 1 for each in times.values()),
    }


class _Receiving(BaseHTTPRequestHandler):
    """One connection of the console."""

    def do_POST(self) -> None:
        """Write it down, durably, before it is answered."""
        taken = ReceivedPost(
            int(self.headers["SmsConsole-Timestamp"]),
            self.headers["SmsConsole-Signature"],
            self.rfile.read(int(self.headers["Content-Length"])).decode(),
        )
        descriptor: int = self.server.descriptor  # type: ignore[attr-defined]
        os.write(descriptor, json.dumps(taken._asdict()).encode() + b"\n")
        os.fsync(descriptor)
        body = b'{"result":0,"errmsg":"OK"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What was taken is in its own file."""


def _serve(port: int, log: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", port), _Receiving)
    server.descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)  # type: ignore[attr-defined]
    # What a kill left half-written stands alone.
    os.write(server.descriptor, b"\n")  # type: ignore[attr-defined]
    server.serve_forever()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), Path(sys.argv[2]))
