"""A server and its clients, each on an event loop of its own, for tests that do not run on one."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sending.smpp.client import ClientSession, connect
from sending.smpp.command_status import ESME_ROK
from sending.smpp.commands import CommandId
from sending.smpp.pdu import Bind, Body, DeliverSm, Pdu, SubmitSm
from sending.smpp.session import SessionLimits
from sending.smpp_server.server import Listening, SmppServer
from sending.tests.smpp_server.accounts import PASSWORD, SYSTEM_ID
from sending.tests.waiting import wait_until

T = TypeVar("T")
PATIENCE = 60.0


class Loop:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Awaitable[T]) -> T:
        async def patiently() -> T:
            async with asyncio.timeout(PATIENCE):
                return await work

        return asyncio.run_coroutine_threadsafe(patiently(), self.loop).result(PATIENCE + 5)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()


class Running:
    """A server that runs until `stop`."""

    def __init__(
        self,
        instance: str = "test",
        tls: ssl.SSLContext | None = None,
        proxies: Sequence[str] = (),
    ) -> None:
        self.loop = Loop()
        port = {"tls_port": 0, "tls": tls} if tls else {"port": 0}
        listening = Listening(**port, proxies=proxies)
        self.server = self.loop.run(self._start(instance, listening))
        self.port = self.server.ports[0]
        self._is_over = False

    async def _start(self, instance: str, listening: Listening) -> SmppServer:
        server = SmppServer(instance, connections=2)
        await server.start(listening)
        return server

    def stop(self) -> None:
        """End as SIGTERM does."""
        if not self._is_over:
            self._is_over = True
            self.loop.run(self.server.stop())
            self.loop.close()


@contextmanager
def running(**options: Any) -> Iterator[Running]:
    server = Running(**options)
    try:
        yield server
    finally:
        server.stop()


class Client:
    """A client: what it submits, and what it is delivered."""

    def __init__(self, port: int, *, answers: int | None = ESME_ROK, window: int = 100) -> None:
        self.delivered: list[DeliverSm] = []
        # What it answers deliver_sm with; None for not at all.
        self.answers = answers
        self._port = port
        self._window = window

    def __enter__(self) -> "Client":
        self.loop = Loop()
        limits = SessionLimits(window=self._window, response_timeout=30)
        self.session: ClientSession = self.loop.run(
            connect("127.0.0.1", self._port, limits=limits, on_deliver=self._delivered)
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self.loop.loop.call_soon_threadsafe(self.session.abort)
        self.loop.run(self.session.closed())
        self.loop.close()

    def _delivered(self, sequence: int, pdu: DeliverSm) -> None:
        self.delivered.append(pdu)
        if self.answers is not None:
            self.session.answer_delivery(sequence, self.answers)

    def bind(
        self,
        system_id: str = SYSTEM_ID,
        password: str = PASSWORD,
        command: CommandId = CommandId.bind_transceiver,
        **fields: Any,
    ) -> int:
        return self.loop.run(self.session.bind(Bind(command, system_id, password, **fields)))

    def ask(self, body: Body) -> Pdu:
        """Ask for something and return the answer."""

        async def asked() -> Pdu:
            return await self.session.request(body)

        return self.loop.run(asked())

    def ask_all(self, bodies: list[Body]) -> list[Pdu]:
        """Ask for many things without waiting in between."""

        async def asked() -> list[Pdu]:
            return list(await asyncio.gather(*[self.session.request(body) for body in bodies]))

        return self.loop.run(asked())

    def submit(self, text: str | bytes, to: str = "85261234567", **fields: Any) -> Pdu:
        """Submit a text and return the answer."""
        return self.ask(submit_sm(text, to, **fields))

    def wait_for(self, count: int) -> list[DeliverSm]:
        """Return what was delivered when it is so much."""
        wait_until(lambda: len(self.delivered) >= count)
        return self.delivered

    def unbind(self) -> None:
        self.loop.run(self.session.unbind())


def submit_sm(text: str | bytes, to: str = "85261234567", **fields: Any) -> SubmitSm:
    octets = text.encode("ascii") if isinstance(text, str) else text
    given = {"source_addr": "", "registered_delivery": 1, "dest_addr_ton": 1, "dest_addr_npi": 1}
    return SubmitSm(destination_addr=to, short_message=octets, **given | fields)
