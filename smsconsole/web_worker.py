"""gunicorn's worker of the console: a thread gets a request once all of it is there.

gunicorn's own worker with threads lets a thread wait for the rest of a head or a body, or for a
client that does not read its answer, so that a few connections stop the site (docs/decisions/0022).
Here the main loop receives and sends; whoever is slow, or silent, holds a socket for some seconds
and nothing else.
"""

import contextlib
import errno
import selectors
import socket
import time
from typing import Any

from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

from smsconsole.uploads import largest_body
from smsconsole.web_connections import (
    HEAD_SECONDS,
    AnsweringSocket,
    Farewell,
    IncomingRequest,
    UnsentAnswer,
)

LINGER_SECONDS = 2.0
"""Given to a client to read an answer and close; more when it is still sending what we refused."""
LINGER_REFUSED_SECONDS = 15.0
HELD_OCTETS = 1 << 30
"""Of all unfinished requests and answers together; the oldest go first."""
_PIECE = 1 << 16


class WholeRequestWorker(ThreadWorker):
    """Receives requests and sends answers in its main loop; threads see neither unfinished."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What each connection that has no thread waits for, the longest waiting first.
        self._waiting: dict[TConn, IncomingRequest | UnsentAnswer | Farewell] = {}
        self._next_look = 0.0

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; when there are too many, the one that waits for longest has to go."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                self._drop_oldest()
                return
            if error.errno in {errno.EAGAIN, errno.ECONNABORTED}:
                return
            raise
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._drop_oldest()
        conn = TConn(self.cfg, AnsweringSocket(client), address, listener.getsockname())
        self._receive_from(conn, HEAD_SECONDS)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer; after a request that was cut off nothing more can be read."""
        # The main loop has consented to the body already.
        req._expected_100_continue = False  # noqa: SLF001 - gunicorn has no other name for it.
        if conn.request.is_cut:
            req.force_close()
        return super().handle_request(req, conn)

    def finish_request(self, conn: TConn, done: Any) -> None:
        """Send the rest of the answer; then wait for the next request, or for the client's end."""
        request = conn.request
        request.close()
        if done.cancelled() or done.exception() is not None or conn.sock.is_closed:
            self._close(conn)
            return
        keeps = done.result() and not request.is_cut
        answer = UnsentAnswer(conn.sock, lambda: self._go_on(conn, request, keeps=keeps))
        self._wait(conn, answer, selectors.EVENT_WRITE)
        self._send(conn, answer)

    def murder_pending(self) -> None:
        """Close what had its time; gunicorn calls it again and again, also while it stops."""
        now = time.monotonic()
        if self.alive and now < self._next_look:
            return
        self._next_look = now + 1.0
        for conn, waited_for in list(self._waiting.items()):
            if waited_for.is_late(now) or (not self.alive and not waited_for.held):
                self._drop(conn)
        while sum(waited_for.held for waited_for in self._waiting.values()) > HELD_OCTETS:
            self._drop_oldest()

    def _receive_from(self, conn: TConn, patience: float) -> IncomingRequest:
        request = IncomingRequest(patience, largest_body)
        self._wait(conn, request, selectors.EVENT_READ)
        return request

    def _wait(self, conn: TConn, waited_for: Any, event: int) -> None:
        self._waiting[conn] = waited_for
        move = self._send if event == selectors.EVENT_WRITE else self._receive

        def ready(_connection: AnsweringSocket) -> None:
            # What came before it in the same round may have closed the connection.
            still_waits = self._waiting.get(conn) is waited_for
            if still_waits:
                move(conn, waited_for)

        self.poller.register(conn.sock, event, ready)

    def _receive(self, conn: TConn, waited_for: IncomingRequest | Farewell) -> None:
        try:
            octets = conn.sock.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            octets = b""
        if not octets:
            self._drop(conn)
        elif isinstance(waited_for, IncomingRequest):
            self._take(conn, waited_for, octets)

    def _take(self, conn: TConn, request: IncomingRequest, octets: bytes) -> None:
        if not request.take(octets):
            if consent := request.consent():
                with contextlib.suppress(OSError):
                    conn.sock.sendall(consent)
            return
        self._forget(conn)
        conn.request = request
        # gunicorn reads the octets as if they came from the socket.
        conn.parser = get_parser(self.cfg, request.pieces(), conn.client)
        conn.initialized = conn.data_ready = True
        self.enqueue_req(conn)

    def _send(self, conn: TConn, answer: UnsentAnswer) -> None:
        try:
            is_sent = conn.sock.flush()
        except OSError:
            self._drop(conn)
            return
        if is_sent:
            self._forget(conn)
            answer.then()

    def _go_on(self, conn: TConn, request: IncomingRequest, *, keeps: bool) -> None:
        if keeps:
            following = self._receive_from(conn, self.cfg.keepalive)
            if request.following:
                self._take(conn, following, request.following)
            return
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        patience = LINGER_REFUSED_SECONDS if request.is_cut else LINGER_SECONDS
        self._wait(conn, Farewell(patience), selectors.EVENT_READ)

    def _drop_oldest(self) -> None:
        if self._waiting:
            self._drop(next(iter(self._waiting)))

    def _drop(self, conn: TConn) -> None:
        self._forget(conn).close()
        self._close(conn)

    def _forget(self, conn: TConn) -> IncomingRequest | UnsentAnswer | Farewell:
        self.poller.unregister(conn.sock)
        return self._waiting.pop(conn)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()
