"""Jasmin as a client of our SMPP server: jasmind of the virtual environment that JASMIN names.

It wants other releases of packages that we use, so it has one of its own, and a broker:

    apt-get install rabbitmq-server redis-server
    python3 -m venv /opt/jasmin && /opt/jasmin/bin/pip install jasmin==0.11.0
    JASMIN=/opt/jasmin ./console test sending/tests/peers/test_jasmin.py

0.11.1 from PyPI sends, but finds the message of no receipt (its issue 1236). There is one jasmind
on a machine: it locks /tmp/jasmind. Its broker is RabbitMQ on 127.0.0.1:5672, as Debian starts it.
"""

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from kombu import Connection
from kombu.exceptions import OperationalError

from sending.tests.peers.smpp_clients import need
from sending.tests.peers.told import listening
from smsconsole.tests.ports import free_port

BROKER = "amqp://guest:guest@127.0.0.1:5672//"
CONNECTOR = "console"
SENDER = "Brand"
_CODECS = {3: "latin-1", 8: "utf-16-be"}
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_pause = threading.Event()
# Negotiation (IAC, DO or WILL, option), and what clears the screen.
_WITHOUT_TELNET = re.compile(rb"\xff[\xfb-\xfe].|\x1b(?:c|\[[0-9;]*[A-Za-z])", re.DOTALL)
# What jasmind leaves at the broker, an earlier run's messages among it.
_QUEUES = (f"submit.sm.{CONNECTOR}", "DLRLookup-main", "DLRThrower", "deliver_sm_thrower")
_CONFIGURATION = """
[amqp-broker]
spec = {spec}
connection_loss_retry_delay = 1
[redis-client]
port = {redis}
[jcli]
port = {jcli}
authentication = False
[http-api]
bind = 127.0.0.1
port = {http}
long_content_split = {split}
[router]
bind = 127.0.0.1
port = {router}
[client-management]
bind = 127.0.0.1
port = {clients}
[smpp-server]
bind = 127.0.0.1
port = {smpp}
[smpp-server-pb]
bind = 127.0.0.1
port = {servers}
[dlr]
dlr_lookup_retry_delay = 1
[dlr-thrower]
retry_delay = 1
[sm-listener]
submit_retrial_delay_smppc_not_ready = 1
"""


class Jasmin:
    """jasmind with a connector to a port, and what it was told of its messages.

    `settings` are of the connector, by the names that jcli has for them. `split` is "udh" or "sar".
    """

    def __init__(
        self, folder: Path, port: int, system_id: str, password: str, *, split: str = "udh",
        **settings: object,
    ) -> None:  # fmt: skip
        self._home = Path(os.environ["JASMIN"])
        need(shutil.which("redis-server"), "Debian: apt-get install redis-server")
        self._folder, self._stack, self._split = folder, ExitStack(), split
        self.ports = {name: free_port() for name in _PORTS}
        login = {"host": "127.0.0.1", "port": port, "username": system_id, "password": password}
        pace = {
            "submit_throughput": 0,
            "con_loss_delay": 1,
            "con_fail_delay": 1,
            "requeue_delay": 1,
            "res_to": 20,
        }
        self._connector = {"cid": CONNECTOR} | login | pace | settings
        self._opener = build_opener(ProxyHandler({}))

    def __enter__(self) -> Self:
        # Any other answer is a failure to it.
        self._receipts = self._stack.enter_context(listening(b"ACK/Jasmin"))
        try:
            self._forget()
            self._stack.callback(self._forget)
            self._begin()
            self._configure()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    @property
    def told(self) -> list[dict[str, str]]:
        """What it told: `n`, which message; `level` 1 of our answer, 2 of a receipt."""
        return list(self._receipts.told)

    @property
    def store(self) -> Path:
        """Where it keeps its configuration."""
        return self._folder / "etc" / "jasmin" / "store"

    def log(self) -> str:
        """What it has written, of messages and of the connection."""
        files = sorted((self._folder / "var" / "log" / "jasmin").glob("*.log"))
        return "\n".join(f"--- {one.name}\n{one.read_text(errors='replace')}" for one in files)

    def jcli(self, *lines: str) -> str:
        """Type lines into its console; return what that printed."""
        with socket.create_connection(("127.0.0.1", self.ports["jcli"]), 10) as console:
            return _Console(console).type(*lines)

    def is_bound(self) -> bool:
        """Tell whether the connector is bound."""
        return bool(re.search(rf"#{CONNECTOR}\s+started\s+BOUND", self.jcli("smppccm -l")))

    def wait_for_bind(self, seconds: float = _START_SECONDS) -> None:
        """Return when it is bound; raise TimeoutError with its log otherwise."""
        self.wait(self.is_bound, seconds)

    def send(self, number: str, text: str, n: object, coding: int = 0) -> int:
        """Ask its HTTP API to send a text with a data_coding, and to tell of it; return the status.

        Only the alphabet of GSM is written by Jasmin; of others it takes the octets.
        """
        back = f"http://127.0.0.1:{self._receipts.server_port}/?n={n}"
        about = {"username": "program", "password": "secret", "from": SENDER, "to": number}
        said = {"dlr": "yes", "dlr-level": 3, "dlr-method": "GET", "dlr-url": back}
        codec = _CODECS.get(coding)
        content = {"hex-content": text.encode(codec).hex()} if codec else {"content": text}
        query = urlencode(about | said | content | {"coding": coding})
        address = f"http://127.0.0.1:{self.ports['http']}/send?{query}"
        try:
            with self._opener.open(address, timeout=10) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code

    def wait_for(self, count: int, seconds: float) -> dict[str, str]:
        """Return {n: status} of so many messages that are over, once there are so many."""

        def found() -> dict[str, str]:
            return {one["n"]: one["message_status"] for one in self.told if one["level"] == "2"}

        self.wait(lambda: len(found()) >= count, seconds)
        return found()

    def wait(self, done: Callable[[], object], seconds: float = _START_SECONDS) -> None:
        """Return when it is so; raise TimeoutError with its log otherwise."""
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until:
                raise TimeoutError(f"{self.told}\n{self.log()[-6000:]}")
            _pause.wait(0.1)

    def _forget(self) -> None:
        try:
            with Connection(BROKER, connect_timeout=2) as broker:
                channel: Any = broker.channel()
                for queue in _QUEUES:
                    channel.queue_delete(queue)
        except (OperationalError, OSError):
            need(False, "Debian: apt-get install rabbitmq-server")

    def _begin(self) -> None:
        for name in ("etc/jasmin/store", "var/log/jasmin"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        redis = ["redis-server", "--port", str(self.ports["redis"]), "--bind", "127.0.0.1"]
        self._run("redis", [*redis, "--save", "", "--dir", str(self._folder)])
        self.wait(lambda: "Ready to accept" in self._said("redis"))
        spec = next(self._home.glob("lib/*/site-packages/txamqp/specs/standard/*9-1*.xml"))
        configuration = self._folder / "jasmin.cfg"
        configuration.write_text(_CONFIGURATION.format(spec=spec, split=self._split, **self.ports))
        program = [str(self._home / "bin" / name) for name in ("python", "jasmind.py")]
        options = ["--enable-dlr-lookup", "--enable-dlr-thrower", "--config", str(configuration)]
        self._run("jasmind", [*program, *options])
        self.wait(lambda: "jCli Started" in self._said("jasmind"))

    def _said(self, name: str) -> str:
        return (self._folder / f"{name}.out").read_text(errors="replace")

    def _configure(self) -> None:
        self.jcli("group -a", "gid console", "ok")
        user = {"username": "program", "password": "secret", "gid": "console", "uid": "program"}
        self.jcli("user -a", *_pairs(user), "ok")
        self.jcli("smppccm -a", *_pairs(self._connector), "ok")
        route = {"type": "defaultroute", "connector": f"smppc({CONNECTOR})", "rate": "0.0"}
        self.jcli("mtrouter -a", *_pairs(route), "ok")
        self.jcli(f"smppccm -1 {CONNECTOR}")

    def _run(self, name: str, command: list[str]) -> None:
        with (self._folder / f"{name}.out").open("ab") as output:
            process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env={"PATH": os.environ["PATH"], "ROOT_PATH": str(self._folder)},
            )
        self._stack.callback(_end, process)


_PORTS = ("redis", "jcli", "http", "router", "clients", "smpp", "servers")


def _pairs(values: dict[str, Any]) -> list[str]:
    return [f"{name} {value}" for name, value in values.items()]


class _Console:
    """A session of jcli, which speaks telnet."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._read_to(r"Session ref: \d+\s+")

    def type(self, *lines: str) -> str:
        """Type lines, each when the one before was answered; return all that was printed."""
        said = ""
        for line in lines:
            self._connection.sendall(line.encode() + b"\r\n")
            said += self._read_to(r"\n(?:jcli : |> )")
        return said

    def _read_to(self, end: str) -> str:
        said = ""
        while not re.search(rf"{end}\Z", said):
            octets = self._connection.recv(65_536)
            assert octets, said
            said += _WITHOUT_TELNET.sub(b"", octets).decode(errors="replace")
        return said


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end; killed when it does not."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
