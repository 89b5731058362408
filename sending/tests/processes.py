"""Processes that tests start beside themselves: simulator, send worker, web. Stopped by pid."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from sending.smpp.simulator.accepted_log import AcceptedSubmit, read_accepted

ROOT = Path(settings.BASE_DIR)


class Process:
    """A child with its output in a file."""

    def __init__(self, command: list[str], environment: dict[str, str], output: Path) -> None:
        with output.open("ab") as file:
            self._child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.output = output

    @property
    def pid(self) -> int:
        return self._child.pid

    def last_words(self) -> str:
        """The end of what it has written."""
        return f"--- {self.output.name}\n{self.output.read_text(errors='replace')[-6000:]}"

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def says(self, words: str) -> re.Match[str] | None:
        """The first match of the pattern `words` in what it has written."""
        assert self.alive, self.last_words()
        return re.search(words, self.output.read_text())

    def kill(self) -> None:
        """kill -9, as an out-of-memory killer would."""
        self._child.kill()
        self._child.wait()

    def stop(self, seconds: float = 60.0) -> int:
        """TERM, and the exit code; killed when it does not end in time."""
        if self.alive:
            self._child.send_signal(signal.SIGTERM)
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


class SimulatorProcess(Process):
    """The real simulator; `port` is known once it listens."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.log = folder / "accepted.log"
        command = [sys.executable, "-m", "sending.smpp.simulator", "--port", "0"]
        super().__init__(
            [*command, "--log", str(self.log), *options], dict(os.environ), folder / "simulator.out"
        )

    def break_down(self) -> None:
        """Make an outage of three seconds."""
        self._child.send_signal(signal.SIGUSR1)

    def accepted(self) -> list[AcceptedSubmit]:
        return list(read_accepted(self.log)) if self.log.exists() else []

    def accepted_count(self) -> int:
        return self.log.read_bytes().count(b"\n") if self.log.exists() else 0


class SendWorker(Process):
    """A Celery worker of the `send` queue on the database of the running test."""

    def __init__(self, var: Path, number: int = 0) -> None:
        command = [sys.executable, "-m", "celery", "-A", "smsconsole", "worker", "-Q", "send"]
        options = [
            "-P",
            "threads",
            "-c",
            "2",
            "-n",
            f"send-{os.getpid()}-{number}@%h",
            "-l",
            "INFO",
        ]
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        super().__init__(
            [*command, *options, *alone], worker_environment(var), var / f"worker-{number}.out"
        )


class WebProcess(Process):
    """The web server as it is shipped, on the database of the running test."""

    def __init__(
        self, var: Path, port: int, application: str = "smsconsole.wsgi", **environment: str
    ) -> None:
        command = [sys.executable, "-m", "gunicorn", application]
        options = ["--config", "python:smsconsole.gunicorn_conf", "--bind", f"127.0.0.1:{port}"]
        given = worker_environment(var) | {"ALLOWED_HOSTS": "127.0.0.1"} | environment
        super().__init__([*command, *options], given, var / f"web-{application}.out")

    def kill(self) -> None:
        """End the server and its workers at once."""
        if self.alive:
            os.killpg(self.pid, signal.SIGKILL)
        self._child.wait()


def make_var(folder: Path) -> Path:
    """A VAR_DIR for a worker that shares the test's database and secret key."""
    var = folder / "var"
    for name in ("broker", "broker-control", "journal"):
        (var / name).mkdir(parents=True)
    (var / "secret-key").write_text(settings.SECRET_KEY)
    if connection.vendor == "sqlite":
        (var / "console.sqlite3").symlink_to(connection.settings_dict["NAME"])
    return var


def worker_environment(var: Path) -> dict[str, str]:
    """The environment in which a worker sees the test's own database."""
    environment = {**os.environ, "VAR_DIR": str(var), "SMSCONSOLE_MODE": "test"}
    # Checks load every page; a sender needs none of them.
    environment["CELERY_SKIP_CHECKS"] = "true"
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])
        environment["DATABASE_URL"] = urlunsplit(
            url._replace(path=f"/{connection.settings_dict['NAME']}")
        )
    return environment


@contextmanager
def ended(*processes: Process) -> Iterator[None]:
    """Leave no process behind, whatever happens."""
    try:
        yield
    finally:
        for process in processes:
            if process.alive:
                process.kill()
            # pytest shows it with a test that failed, and with no other.
            sys.stdout.write(process.last_words())
