"""One connection to an HTTP server, and the request that is on it (RFC 9112, by h11)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import h11

from sending.gateways.base import NotWritten, Unanswered
from sending.gateways.http.answer import UNREADABLE, HttpAnswer
from sending.gateways.http.call import Call
from sending.gateways.http.encoding import BodyTooLong, inflated

_LONGEST_HEAD = 64 * 1024
_LONGEST_BODY = 256 * 1024
# A body in chunks of one octet takes six on the wire for each. More than that is no answer: endless
# informational responses, or extensions of chunks.
_OCTETS_A_CHUNK = 8


class Link(asyncio.Protocol):
    """Carries one request at a time, and says of each whether its octets were written."""

    def __init__(self, longest_body: int = _LONGEST_BODY) -> None:
        self._longest_body = longest_body
        self._most_octets = _LONGEST_HEAD + _OCTETS_A_CHUNK * longest_body
        self._received = 0
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[HttpAnswer] | None = None
        self._status = 0
        self._encoding = ""
        self._body = bytearray()

    @property
    def usable(self) -> bool:
        """Whether a request may be written now."""
        transport = self._transport
        return self._answer is None and transport is not None and not transport.is_closing()

    def write(self, call: Call, before_write: Callable[[], None]) -> asyncio.Future[HttpAnswer]:
        """Write a request, and return its answer to come: an Answer, or Unanswered.

        `before_write` runs directly before the octets are handed to the transport. Raise NotWritten
        when it raises or the connection is gone, ValueError when this is no HTTP request.
        """
        octets = self._octets(call)
        transport = self._transport
        if transport is None or transport.is_closing():
            raise NotWritten("NOT_CONNECTED")
        try:
            before_write()
        except Exception as error:
            self.abort()
            raise NotWritten("BEFORE_WRITE") from error
        transport.write(octets)
        self._received = 0
        self._answer = asyncio.get_running_loop().create_future()
        return self._answer

    def _octets(self, call: Call) -> bytes:
        request = h11.Request(method=call.method, target=call.target, headers=list(call.headers))
        try:
            head = self._h11.send(request) or b""
            body = self._h11.send(h11.Data(data=call.body)) or b"" if call.body else b""
            return head + body + (self._h11.send(h11.EndOfMessage()) or b"")
        except h11.LocalProtocolError as error:
            self.abort()
            raise ValueError(str(error)) from error

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport (called by asyncio)."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Read on (called by asyncio). What nobody asked for ends the connection."""
        if self._answer is None:
            self.abort()
            return
        self._received += len(data)
        if self._received > self._most_octets:
            self._fail("RESPONSE_TOO_LONG")
            self.abort()
            return
        self._receive(data)

    def eof_received(self) -> bool:
        """Read the end (called by asyncio): it completes an answer that has no length."""
        if self._answer is not None:
            self._receive(b"")
        return False

    def connection_lost(self, _: Exception | None) -> None:
        """Give up the answer (called by asyncio)."""
        self._fail("CONNECTION_LOST")

    def _receive(self, data: bytes) -> None:
        try:
            self._h11.receive_data(data)
            while self._take(self._h11.next_event()):
                pass
        except h11.RemoteProtocolError:
            self._fail(UNREADABLE if data else "CONNECTION_LOST")
            self.abort()

    def _take(self, event: object) -> bool:
        """Take an event of the answer; return whether another may follow."""
        if isinstance(event, h11.Response):
            self._status = event.status_code
            self._encoding = dict(event.headers).get(b"content-encoding", b"").decode("latin-1")
        elif isinstance(event, h11.Data):
            self._body += event.data
            if len(self._body) > self._longest_body:
                self._fail("RESPONSE_TOO_LONG")
                self.abort()
                return False
        elif isinstance(event, h11.EndOfMessage):
            self._complete()
            return False
        elif not isinstance(event, h11.InformationalResponse):
            if isinstance(event, h11.ConnectionClosed):
                self._fail("CONNECTION_LOST")
            return False
        return True

    def _complete(self) -> None:
        try:
            # We ask for none, but some servers compress all the same.
            body = inflated(bytes(self._body), self._encoding, self._longest_body)
        except BodyTooLong:
            self._fail("RESPONSE_TOO_LONG")
            self.abort()
            return
        answer = HttpAnswer(self._status, body)
        self._body.clear()
        waiting, self._answer = self._answer, None
        both_done = self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE
        if both_done and not self._h11.trailing_data[0]:
            self._h11.start_next_cycle()
        else:
            self.abort()
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _fail(self, code: str) -> None:
        waiting, self._answer = self._answer, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(Unanswered(code))
