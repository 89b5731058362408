"""A whole console of its own for the journeys: the demo, on free ports, in a folder of its own."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smsconsole.supervising.programs import BASE_DIR
from smsconsole.tests.ports import free_port

READY = "SMS Console is ready"
PATIENCE = 180.0
"""Seconds after which a console that says nothing, or does not end, is given up."""
# The journeys walk the one-machine way, whatever the rest of a run is tested on.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "PUBLIC_URL", "ALLOWED_HOSTS")
END_UNDO = """
from accounts import shared_time
from templates_app.models import DecisionState, DeskDecision

held = DeskDecision.objects.filter(state=DecisionState.HELD.value)
held.update(final_at=shared_time.now())
"""


@dataclass(frozen=True, slots=True)
class Console:
    """Where a running console is, and the (e-mail address, password) of each demo person."""

    address: str
    var: Path
    logins: dict[str, tuple[str, str]]

    def log(self) -> str:
        """Return the last lines of every program's log, for a failing test."""
        logs = sorted((self.var / "log").glob("*.log"))
        return "\n".join(f"--- {log.name}\n" + "\n".join(_tail(log)) for log in logs)

    def mails(self) -> list[str]:
        """Return every mail the console has sent."""
        return [path.read_text(encoding="utf-8") for path in (self.var / "mail").glob("*.log")]

    def run(self, code: str) -> None:
        """Run Python code beside the console, on its database."""
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", code],
            cwd=BASE_DIR,
            env=_environment(self.var),
            check=True,
            capture_output=True,
        )

    def end_undo(self) -> None:
        """Move the clock of decisions by hand: none can be taken back any more."""
        self.run(END_UNDO)


def _environment(var: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**environment, "SMSCONSOLE_MODE": "demo", "VAR_DIR": str(var), "PYTHONUNBUFFERED": "1"}


def _tail(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()[-15:]


@contextmanager
def running_console(var: Path) -> Iterator[Console]:
    """Start `python -m smsconsole.supervisor` in demo mode; end it by its process id."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "smsconsole.supervisor", "--port", str(port)],
        cwd=BASE_DIR,
        env=_environment(var),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_until_ready(process)
        yield Console(f"http://127.0.0.1:{port}", var, read_logins(var / "demo-logins.txt"))
    finally:
        _end(process)


def _wait_until_ready(process: "subprocess.Popen[bytes]") -> None:
    """Read what the supervisor says until it is ready; fail with all it said otherwise."""
    said = b""
    deadline = time.monotonic() + PATIENCE
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while READY.encode() not in said:
            if not selector.select(deadline - time.monotonic()):
                raise AssertionError(f"The console was not ready in time:\n{said.decode()}")
            heard = os.read(process.stdout.fileno(), 4096)
            said += heard
            if not heard:
                raise AssertionError(f"The console stopped:\n{said.decode()}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask the supervisor to stop everything, and wait for it."""
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise


def read_logins(file: Path) -> dict[str, tuple[str, str]]:
    """Return {"owner": (e-mail address, password), …} of the file that the demo writes."""
    logins = {}
    for line in file.read_text().splitlines():
        if "@" in line:
            who, email, password = line.rsplit(None, 2)
            logins[who.split()[0]] = (email, password)
    return logins
