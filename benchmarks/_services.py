"""A PostgreSQL and a Redis of our own, to be broken: on their own ports, in their own folder."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import _disks
from benchmarks._disks import SmallDisk
from smsconsole.tests.ports import free_port

_START_SECONDS = 120.0
_END_SECONDS = 30.0


def missing() -> str:
    """Return which server is not installed; empty when both can be started."""
    lacking = [name for name in ("postgres", "initdb", "redis-server") if not _find(name)]
    if not lacking:
        return ""
    return (
        f"Skipped: {', '.join(lacking)} not found. Install PostgreSQL and Redis "
        "(Debian and Ubuntu: apt-get install postgresql redis-server), then run it again."
    )


def _find(name: str) -> str | None:
    """Return the path of a server; Debian keeps those of PostgreSQL off PATH."""
    if path := shutil.which(name):
        return path
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    return str(found[-1]) if found else None


def _version(path: Path) -> int:
    return int(path.parts[-3]) if path.parts[-3].isdecimal() else 0


class Server:
    """One server process that can be killed and started again with the same data."""

    def __init__(self, command: Sequence[str], port: int, output: Path, user: str | None) -> None:
        self.port = port
        self._command = list(command)
        self._output = output
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        who: dict[str, Any] = {}
        if self._user:
            who = {"user": self._user, "group": self._user, "extra_groups": []}
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdout=output, stderr=subprocess.STDOUT, cwd="/", **who
            )
        self._wait_for_port()

    def end(self, number: signal.Signals) -> None:
        """Send a signal, and return when it is gone; killed when it does not go."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(number)
            try:
                self._process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _wait_for_port(self) -> None:
        from benchmarks._sending import wait_until

        if not wait_until(self._answers, _START_SECONDS, every=0.05):
            raise TimeoutError(f"{self._command[0]} did not start; see {self._output}")

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


class Services:
    """Both servers. PostgreSQL refuses to run as root, so it runs as `postgres` there.

    With `disk_megabytes` its data lie on a disk of their own, so small that it can be filled.
    """

    def __init__(self, folder: Path, disk_megabytes: int = 0) -> None:
        _disks.take_away(folder)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        user = "postgres" if os.geteuid() == 0 else None
        # var/ is for its own user alone, and PostgreSQL may run as another one.
        self._data = Path(tempfile.mkdtemp(prefix="chaos-postgresql-"))
        self.disk = SmallDisk(self._data, disk_megabytes) if disk_megabytes else None
        self.postgresql = Server(*_postgresql(self._data, folder, user))
        self.redis = Server(*_redis(folder))

    @property
    def database_url(self) -> str:
        """Return the URL of the database."""
        return f"postgres://console@127.0.0.1:{self.postgresql.port}/postgres"

    @property
    def redis_url(self) -> str:
        """Return the URL of the broker and cache."""
        return f"redis://127.0.0.1:{self.redis.port}/0"

    def start(self) -> None:
        """Start both."""
        self.postgresql.start()
        self.redis.start()

    def stop(self) -> None:
        """End both."""
        self.postgresql.end(signal.SIGINT)
        self.redis.end(signal.SIGTERM)
        _disks.take_away(self._data)
        shutil.rmtree(self._data)


def _postgresql(
    data: Path, folder: Path, user: str | None
) -> tuple[list[str], int, Path, str | None]:
    port = free_port()
    who: dict[str, Any] = {}
    if user:
        shutil.chown(data, user, user)
        who = {"user": user, "group": user, "extra_groups": []}
    initdb, postgres = _find("initdb"), _find("postgres")
    assert initdb
    assert postgres
    subprocess.run(
        [initdb, "-D", str(data), "-U", "console", "-A", "trust", "-E", "UTF8", "--no-locale"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **who,
    )
    options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
    settings = [part for item in options.items() for part in ("-c", "{}={}".format(*item))]
    return [postgres, "-D", str(data), *settings], port, folder / "postgresql.out", user


def _redis(folder: Path) -> tuple[list[str], int, Path, None]:
    data, port = folder / "redis", free_port()
    data.mkdir()
    server = _find("redis-server")
    assert server
    options = {"port": port, "bind": "127.0.0.1", "dir": data, "save": "", "appendonly": "yes"}
    settings = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return [server, *settings], port, folder / "redis.out", None
