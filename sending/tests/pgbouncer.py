"""A PgBouncer of our own between the console and its PostgreSQL: transaction pooling."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from sending.tests.waiting import wait_until
from smsconsole.tests.ports import free_port

_END_SECONDS = 30.0


def program() -> str | None:
    """Return its path; Debian keeps it off the PATH of people."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


class PgBouncer:
    """Runs as long as its `with` block; `url` leads through it to the database of `behind`."""

    def __init__(self, behind: str, *, connections: int) -> None:
        self._behind = urlsplit(behind)
        self._connections = connections
        self.port = free_port()
        # It refuses to be root, and must read its own file.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address of the database through it."""
        return urlunsplit(self._behind._replace(netloc=f"console@127.0.0.1:{self.port}"))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        settings = self._folder / "pgbouncer.ini"
        settings.write_text(self._settings())
        if self._user:
            shutil.chown(self._folder, self._user)
            shutil.chown(settings, self._user)
        path = program()
        assert path
        user = ["-u", self._user] if self._user else []
        with (self._folder / "pgbouncer.out").open("ab") as output:
            self._process = subprocess.Popen(
                [path, "-q", *user, str(settings)], stdout=output, stderr=subprocess.STDOUT
            )
        wait_until(self._answers)

    def kill(self) -> None:
        """End it at once, with all connections through it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def _settings(self) -> str:
        server = self._behind
        password = server.password or os.environ.get("PGPASSWORD", "")
        secret = f" password={password}" if password else ""
        target = f"host={server.hostname} port={server.port or 5432} user={server.username}"
        return (
            f"[databases]\n* = {target}{secret}\n"
            "[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {self.port}\nunix_socket_dir =\nauth_type = any\n"
            f"pool_mode = transaction\ndefault_pool_size = {self._connections}\n"
            "max_client_conn = 200\nserver_login_retry = 1\n"
        )

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, (self._folder / "pgbouncer.out").read_text()
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True
