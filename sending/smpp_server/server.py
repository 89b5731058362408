"""The process that clients bind to: its listeners, the accounts that are bound, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError

from sending.api.waking import WAKE_UPS
from sending.delivery.database import forget_connection
from sending.delivery.sender.database_threads import DatabaseThreads
from sending.smpp.clock import Clock
from sending.smpp.command_status import ESME_RSYSERR
from sending.smpp.pdu import Bind
from sending.smpp.session import SessionLimits
from sending.smpp_server import binding, questions
from sending.smpp_server.binding import BindAnswer, BindAsked
from sending.smpp_server.connection import BIND_TYPES, ClientConnection, Question, Submit
from sending.smpp_server.delivering import Delivering
from sending.smpp_server.desk import Desk
from sending.smpp_server.housekeeping import Housekeeping
from sending.smpp_server.proxied import ProxyListener
from sending.smpp_server.refusal_log import RefusalLog

logger = logging.getLogger(__name__)

T = TypeVar("T")
# A client may be silent for so long, and may leave an enquiry or a deliver_sm unanswered.
LIMITS = SessionLimits(enquire_interval=30.0, response_timeout=60.0)
MOST_CONNECTIONS = 2_000
MOST_UNBOUND = 20
"""Connections of one address that are not bound."""
GOODBYE = 5.0
"""Seconds that clients have, at the end, to answer what they were given."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where clients are heard; port 0 takes a free one, None listens on none."""

    host: str = "127.0.0.1"
    port: int | None = None
    tls_port: int | None = None
    tls: ssl.SSLContext | None = None
    # Networks of load balancers, whose connections begin with a PROXY header.
    proxies: Sequence[str] = ()


class SmppServer:
    """Everything of one process. Start it, wait as long as it is wanted, stop it."""

    def __init__(self, instance: str, *, connections: int = 4, clock: Clock | None = None) -> None:
        self.instance = instance
        self.desks: dict[int, Desk] = {}
        self.connections: set[ClientConnection] = set()
        self.ports: list[int] = []
        self._clock = clock or asyncio.get_running_loop()
        self._threads = DatabaseThreads(connections)
        # Comparing a password takes a while, on purpose; nobody else waits for it.
        self._bind_threads = DatabaseThreads(1)
        self._refusals = RefusalLog()
        self._delivering = Delivering(self.desks, self._clock, self.in_database)
        self._housekeeping = Housekeeping(self, self._refusals)
        self._listeners: list[asyncio.Server | ProxyListener] = []
        self._regular: list[asyncio.Task[None]] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_stopping = False

    async def start(self, listening: Listening) -> None:
        """Listen, and begin to deliver."""
        self._threads.start()
        self._bind_threads.start()
        if listening.port is not None:
            await self._listen(listening, listening.port, None)
        if listening.tls_port is not None and listening.tls is not None:
            await self._listen(listening, listening.tls_port, listening.tls)
        loop = asyncio.get_running_loop()
        for work in (self._delivering.run(), self._housekeeping.run()):
            self._regular.append(loop.create_task(work))

    async def stop(self) -> None:
        """Take no more, answer what was asked, let clients answer, unbind, and forget the binds."""
        self._is_stopping = True
        for listener in self._listeners:
            listener.close()
        for desk in self.desks.values():
            desk.is_stopping = True
        await asyncio.gather(*(desk.finish() for desk in list(self.desks.values())))
        await asyncio.gather(*(_goodbye(one) for one in list(self.connections)))
        for task in self._regular:
            task.cancel()
        await asyncio.gather(*self._regular, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GOODBYE)
        with contextlib.suppress(Exception):
            await self._delivering.write_down()
            await self._housekeeping.last()
        for threads in (self._threads, self._bind_threads):
            threads.end()
            for thread in threads.threads:
                await asyncio.get_running_loop().run_in_executor(None, thread.join)

    async def in_database(self, work: Callable[[], T]) -> T:
        """Run something that asks the database in one of the threads for it."""
        return await asyncio.wrap_future(self._threads.submit(partial(_with_connection, work)))

    def spawn(self, work: Any) -> None:
        """Run a coroutine beside everything else until it ends, or the server does."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def connected(self, connection: ClientConnection) -> None:
        """Take a connection, unless there are too many."""
        self.connections.add(connection)
        unbound = Tally(one.address for one in self.connections if not one.bound)
        too_many = len(self.connections) > MOST_CONNECTIONS
        if too_many or self._is_stopping or unbound[connection.address] > MOST_UNBOUND:
            connection.abort()

    def disconnected(self, connection: ClientConnection) -> None:
        """Let a connection go; its account leaves with its last one."""
        self.connections.discard(connection)
        bind, account = connection.bind, connection.account
        if bind is None or account is None:
            return
        self.spawn(self._release(partial(binding.release, bind)))
        desk = self.desks.get(account.pk)
        if desk is not None:
            desk.connections.discard(connection)
            if not desk.connections:
                del self.desks[account.pk]
        self._delivering.wake()

    def bind_asked(self, connection: ClientConnection, sequence: int, bind: Bind) -> None:
        """Decide about a bind, beside everything else."""
        self.spawn(self._bind(connection, sequence, bind))

    def submitted(
        self, connection: ClientConnection, sequence: int, submit: Submit, *, broken: bool
    ) -> None:
        """Give a message to the desk of its account."""
        self._desk(connection).submit(connection, sequence, submit, broken=broken)

    def asked(self, connection: ClientConnection, sequence: int, question: Question) -> None:
        """Answer a question, beside everything else."""
        self.spawn(self._answer(connection, sequence, question))

    def _desk(self, connection: ClientConnection) -> Desk:
        account = connection.account
        if account is None:
            raise RuntimeError("a connection that is not bound has no account")
        desk = self.desks.get(account.pk)
        if desk is None:
            desk = self.desks[account.pk] = Desk(
                account, self._clock, self.in_database, self._refusals, self._accepted
            )
            desk.is_stopping = self._is_stopping
        return desk

    async def _listen(self, where: Listening, port: int, tls: ssl.SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        shaking_hands = 10.0 if tls else None

        def connection(address: str = "") -> ClientConnection:
            return ClientConnection(self, LIMITS, is_tls=tls is not None, address=address)

        async def take(accepted: socket.socket, address: str) -> None:
            made = partial(connection, address)
            await loop.connect_accepted_socket(
                made, accepted, ssl=tls, ssl_handshake_timeout=shaking_hands
            )

        if where.proxies:
            proxied = ProxyListener(where.host, port, where.proxies, take)
            self._listeners.append(proxied)
            self.ports.append(proxied.port)
            return
        listener = await loop.create_server(
            connection, where.host, port, ssl=tls, ssl_handshake_timeout=shaking_hands
        )
        self._listeners.append(listener)
        self.ports.append(listener.sockets[0].getsockname()[1])

    async def _bind(self, connection: ClientConnection, sequence: int, bind: Bind) -> None:
        asked = BindAsked(
            bind.system_id,
            bind.password,
            BIND_TYPES[bind.command_id],
            connection.address,
            connection.is_tls,
            connection.certificate_sha256,
            bind.interface_version,
            bind.system_type,
        )
        work = partial(_with_connection, partial(binding.try_bind, asked, self.instance))
        try:
            answer = await asyncio.wrap_future(self._bind_threads.submit(work))
        except Exception:
            logger.exception("a bind from %s cannot be decided", connection.address)
            answer = BindAnswer(ESME_RSYSERR)
        if connection not in self.connections:
            if answer.bind is not None:
                await self._release(partial(binding.release, answer.bind))
            return
        connection.bind_answered(sequence, bind, answer.status, answer.account, answer.bind)
        if answer.account is not None:
            desk = self._desk(connection)
            desk.set_account(answer.account)
            desk.connections.add(connection)
            self._delivering.wake()

    async def _answer(
        self, connection: ClientConnection, sequence: int, question: Question
    ) -> None:
        account = self._desk(connection).account
        try:
            body, status = await self.in_database(partial(questions.answer, account, question))
        except Exception:
            logger.exception("a question of %s cannot be answered", account.system_id)
            body, status = questions.EMPTY[question.command_id], ESME_RSYSERR
        connection.answered(sequence, body, status)

    async def _release(self, work: Callable[[], None]) -> None:
        try:
            await self.in_database(work)
        except Exception:
            # It is forgotten when it was not shown for a while.
            logger.exception("a bind is still listed")

    def _accepted(self) -> None:
        """Wake the senders, in a thread: a broker may take its time."""
        asyncio.get_running_loop().run_in_executor(None, WAKE_UPS.ask)


def _with_connection(work: Callable[[], T]) -> T:
    """Do something in a thread for the database; after trouble it gets a new connection."""
    try:
        return work()
    except (OperationalError, InterfaceError):
        forget_connection()
        raise


async def _goodbye(connection: ClientConnection) -> None:
    """Unbind a connection, and drop it where its client does not answer."""
    try:
        async with asyncio.timeout(GOODBYE):
            await connection.unbind()
    except TimeoutError:
        connection.abort()
