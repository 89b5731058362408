"""Kannel as a client of our SMPP server: bearerbox and smsbox, as Debian packages them."""

import shutil
import subprocess
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from sending.tests.peers.smpp_clients import need
from sending.tests.peers.told import listening
from smsconsole.tests.ports import free_port

_PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
_START_SECONDS = 30.0
_STOP_SECONDS = 20.0
_pause = threading.Event()
_CONFIGURATION = """
group = core
admin-port = {admin}
admin-port-ssl = no
admin-password = test
smsbox-port = {boxes}
smsbox-port-ssl = no
box-allow-ip = "127.0.0.1"
dlr-storage = internal
sms-resend-freq = 2
log-file = {folder}/bearerbox.log
log-level = 0

{binds}
group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {http}
sendsms-port-ssl = no
log-file = {folder}/smsbox.log
log-level = 0

group = sendsms-user
username = test
password = test
max-messages = 10
concatenation = true
"""
_BIND = """
group = smsc
smsc = smpp
smsc-id = console
host = 127.0.0.1
{way}
smsc-username = {system_id}
smsc-password = {password}
system-type = "VMA"
interface-version = 34
reconnect-delay = 1
max-pending-submits = {window}
enquire-link-interval = 5
{more}
"""
# Receipts are looked up by the id of the connection, which both halves of a pair share.
_WAYS = {
    "transceiver": ["port = {port}\ntransceiver-mode = true"],
    "pair": ["port = {port}", "receive-port = {port}"],
}
SENDER = "Brand"


def _find(name: str) -> str | None:
    return shutil.which(name, path=_PATH)


class Kannel:
    """Both programs, bound to a port, and what they were told of their messages.

    `binds` is "transceiver" or "pair": a transmitter and a receiver.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        system_id: str,
        password: str,
        *,
        binds: str = "transceiver",
        window: int = 10,
        more: str = "",
    ) -> None:
        need(_find("bearerbox") and _find("smsbox"), "Debian: apt-get install kannel")
        self._folder, self._stack = folder, ExitStack()
        self._admin, self._http = free_port(), free_port()
        login = {"system_id": system_id, "password": password, "window": window, "more": more}
        ways = [way.format(port=port) for way in _WAYS[binds]]
        self._configuration = folder / "kannel.conf"
        self._configuration.write_text(
            _CONFIGURATION.format(
                admin=self._admin,
                boxes=free_port(),
                http=self._http,
                folder=folder,
                binds="".join(_BIND.format(way=way, **login) for way in ways),
            )
        )
        self._binds = len(ways)
        self._opener = build_opener(ProxyHandler({}))

    def __enter__(self) -> Self:
        self._receipts = self._stack.enter_context(listening())
        try:
            self._begin("bearerbox")
            self._wait(self.status, _START_SECONDS)
            self._begin("smsbox")
            self._wait(lambda: "smsbox" in self.status(), _START_SECONDS)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    @property
    def told(self) -> list[dict[str, str]]:
        """What smsbox was told: `n`, which message; `state`, 1 delivered, 2 failed, 16 refused."""
        return list(self._receipts.told)

    def log(self) -> str:
        """What bearerbox has written."""
        return (self._folder / "bearerbox.log").read_text(errors="replace")

    def status(self) -> str:
        """What bearerbox says of itself; empty while it does not answer."""
        try:
            return self._get(self._admin, "/status.txt", password="test")
        except OSError:
            return ""

    def wait_for_bind(self, seconds: float = _START_SECONDS) -> None:
        """Return when it is bound; raise TimeoutError with its log otherwise."""
        self._wait(lambda: self.status().count("(online") == self._binds, seconds)

    def send(self, number: str, text: str, n: object, **more: Any) -> None:
        """Ask smsbox to send a text, and to be told every state of it."""
        back = f"http://127.0.0.1:{self._receipts.server_port}/?n={n}&state=%d&said=%A"
        fields = {
            "username": "test",
            "password": "test",
            "from": SENDER,
            "to": number,
            "text": text,
            "charset": "UTF-8",
            "coding": 0,
            "dlr-mask": 31,
            "dlr-url": back,
        }
        said = self._get(self._http, "/cgi-bin/sendsms", **fields | more)
        assert said.startswith(("0:", "3:")), said

    def wait_for(self, count: int, seconds: float, *states: str) -> list[dict[str, str]]:
        """Return what was told of these states, once that is so much."""

        def found() -> list[dict[str, str]]:
            return [told for told in self.told if told["state"] in states]

        self._wait(lambda: len(found()) >= count, seconds)
        return found()

    def _begin(self, name: str) -> None:
        with (self._folder / f"{name}.out").open("ab") as output:
            process = subprocess.Popen(
                [str(_find(name)), "-v", "4", str(self._configuration)],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
            )
        self._stack.callback(_end, process)

    def _get(self, port: int, path: str, **query: Any) -> str:
        address = f"http://127.0.0.1:{port}{path}?{urlencode(query)}"
        with self._opener.open(address, timeout=10) as answer:
            return str(answer.read().decode(errors="replace"))

    def _wait(self, done: Any, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until:
                raise TimeoutError(f"{self.status()}\n{self.log()[-4000:]}")
            _pause.wait(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end; killed when it does not."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
