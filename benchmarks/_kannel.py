"""Kannel (bearerbox and smsbox, as Debian packages them) beside our own path to the same peer.

As cheap and as safe as it can be set: messages come in one batch through `mtbatch`, over the port
of bearerbox, so that nothing is spent on HTTP on their way in; the store is one file that is only
appended to, as it allows no fsync; the originals of receipts are kept in memory. Receipts go to a
URL, as programs get them from Kannel, or stay in its store where nobody fetches them.
"""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import _sending
from benchmarks._peer import Peer
from benchmarks._programs import CpuMeter, StartedProgram
from smsconsole.tests.ports import free_port

WINDOW = 100
LIMIT_SECONDS = 300.0
_START_SECONDS = 30.0
_TEXT = "Your parcel 12345 is on its way and comes between 2 and 4 pm today."
_ORIGINATOR = "447700900000"
_CONFIGURATION = """
group = core
admin-port = {admin}
admin-port-ssl = no
admin-password = bench
smsbox-port = {boxes}
box-allow-ip = "127.0.0.1"
store-type = file
store-location = {folder}/store
dlr-storage = internal
log-level = 2

group = smsc
smsc = smpp
smsc-id = peer
host = 127.0.0.1
port = {port}
transceiver-mode = true
smsc-username = bench
smsc-password = bench
system-type = ""
max-pending-submits = {window}
msg-id-type = 0

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {http}
sendsms-port-ssl = no
log-level = 2

group = sendsms-user
username = bench
password = bench
"""


def missing() -> str:
    """Return why Kannel cannot run; empty when it can."""
    lacking = [name for name in ("bearerbox", "smsbox", "mtbatch") if not _find(name)]
    if not lacking:
        return ""
    return (
        f"Kannel is not measured: {', '.join(lacking)} not found (Debian: apt-get install kannel)."
    )


def _find(name: str) -> str | None:
    return shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


class _Receipts(asyncio.Protocol):
    """Answers every request with an empty page, and counts them."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\r\n\r\n")
        type(self).count += len(whole)
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * len(whole))


@contextmanager
def _receiver() -> Iterator[int]:
    """Listen for receipts in a thread; give the port."""
    loop = asyncio.new_event_loop()
    port = free_port()
    server = loop.run_until_complete(loop.create_server(_Receipts, "127.0.0.1", port))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def run(messages: int, folder: Path, *, fetched: bool) -> dict[str, Any]:
    """Send so many messages; with `fetched` their receipts go to a URL."""
    with ExitStack() as stack:
        peer = stack.enter_context(Peer(folder / "accepted.jsonl", receipts=1))
        receipts = stack.enter_context(_receiver())
        boxes = free_port()
        configuration = folder / "kannel.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                admin=free_port(),
                boxes=boxes,
                http=free_port(),
                folder=folder,
                port=peer.port,
                window=WINDOW,
            )
        )
        begin = _beginner(stack, folder)
        programs = [begin("bearerbox", "-v", "2", str(configuration))]
        if not _sending.wait_until(lambda: peer.counts()["binds"], _START_SECONDS, every=0.1):
            raise TimeoutError(f"Kannel did not bind; see {folder}/*.out")
        if fetched:
            programs.append(begin("smsbox", "-v", "2", str(configuration)))
            # It registers with bearerbox; nothing says when.
            _sending.rest(2)
        meter = CpuMeter()

        def look() -> None:
            for program in programs:
                meter.look(program.name, [program.pid])
            meter.look("message centre", [peer.pid])

        def is_over() -> bool:
            known = _Receipts.count if fetched else peer.counts()["receipts_stored"]
            return bool(known >= messages)

        batch = _batch(folder, messages, boxes, receipts, fetched=fetched)
        look()
        began = time.monotonic()
        programs.append(begin("mtbatch", *batch))
        whole = _sending.wait_until(is_over, LIMIT_SECONDS, every=0.1, look=look)
        seconds = time.monotonic() - began
        return _found(peer, messages, seconds, whole=whole) | {"cpu_seconds": meter.seconds()}


def _beginner(stack: ExitStack, folder: Path) -> Callable[..., StartedProgram]:
    """Return what starts a program of Kannel, to be ended with the stack."""

    def begin(name: str, *arguments: str) -> StartedProgram:
        program = StartedProgram(name, [str(_find(name)), *arguments], {}, folder)
        stack.callback(program.kill)
        return program

    return begin


def _batch(folder: Path, messages: int, boxes: int, receipts: int, *, fetched: bool) -> list[str]:
    """Write what `mtbatch` reads, and return its arguments."""
    content, numbers = folder / "content", folder / "numbers"
    content.write_text(_TEXT)
    told = (_sending.number(index).removeprefix("+") for index in range(messages))
    numbers.write_text("".join(f"{number}\n" for number in told))
    # Without -x receipts are for the box of this name alone, which is gone by then.
    box = ["-i", "bench", *(["-x"] if fetched else [])]
    asked = ["-D", "3", "-u", f"http://127.0.0.1:{receipts}/?state=%d"]
    bearerbox = ["-b", "127.0.0.1", "-p", str(boxes)]
    return ["-v", "2", *bearerbox, *box, "-f", _ORIGINATOR, *asked, str(content), str(numbers)]


def _found(peer: Peer, messages: int, seconds: float, *, whole: bool) -> dict[str, Any]:
    accepted = [item.to for item in peer.accepted()]
    return {
        "messages": messages,
        "complete": whole,
        "seconds": round(seconds, 2),
        "per_second": round(messages / seconds, 1),
        "peer_accepted": len(accepted),
        "peer_twice": len(accepted) - len(set(accepted)),
        "peer_counts": peer.counts(),
    }
