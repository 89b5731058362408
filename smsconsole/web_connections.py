"""What a connection of the web server waits for: a request, room for an answer, or its end.

No framework and no gunicorn: octets in, octets out, and when somebody had enough time.
"""

import contextlib
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from urllib.parse import unquote_to_bytes

import h11

HEAD_SECONDS = 10.0
"""Until a new connection says something, and from its first octet until the head is there."""
BODY_SECONDS = 20.0
"""Until the body is there, or the answer is taken; a second more for each so many octets:"""
SLOWEST_OCTETS = 10_000
HEAD_OCTETS = 65_536
MEMORY_OCTETS = 65_536
"""What is longer waits in a file that has no name."""
_PIECE = 1 << 16
LargestBody = Callable[[str, str, list[tuple[str, str]]], int]
"""How many octets a body may have, by path, raw query and headers."""


class IncomingRequest:
    """The octets of one request, from the first to the last, and how far they are."""

    def __init__(self, patience: float, largest_body: LargestBody) -> None:
        """`patience` is how many seconds the client may stay silent."""
        # It lives as long as the request, which the worker ends.
        self._octets = tempfile.SpooledTemporaryFile(MEMORY_OCTETS)  # noqa: SIM115
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_OCTETS)
        self._began = time.monotonic()
        self._patience = patience
        self._largest_body = largest_body
        self._head: h11.Request | None = None
        self._body = 0
        self.held = 0
        self.is_cut = False
        """Whether more of it may come that nobody will read: the connection ends with it."""
        self.following = b""
        """The beginning of the next request, which came with the end of this one."""

    def take(self, octets: bytes) -> bool:
        """Keep what came; tell whether the request can be served: whole, or to be refused."""
        if not self.held:
            self._began, self._patience = time.monotonic(), HEAD_SECONDS
        self._octets.write(octets)
        self.held += len(octets)
        try:
            self._http.receive_data(octets)
            return self._can_be_served()
        except h11.RemoteProtocolError:
            # The server reads it once more, and says what is wrong with it.
            self.is_cut = True
            return True

    def _can_be_served(self) -> bool:
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Request):
                self._head = event
                self.is_cut = 0 < _length(event) > self._most
            elif isinstance(event, h11.Data):
                self._body += len(event.data)
                self.is_cut = self._body > self._most
            elif isinstance(event, h11.EndOfMessage):
                self.following = self._http.trailing_data[0]
                return True
            else:
                return False
            if self.is_cut:
                return True

    @cached_property
    def _most(self) -> int:
        assert self._head is not None
        path, _mark, query = self._head.target.partition(b"?")
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in self._head.headers
        ]
        return self._largest_body(
            unquote_to_bytes(path).decode(errors="replace"), query.decode("latin-1"), headers
        )

    def consent(self) -> bytes:
        """Return what a client waits for that asked before it sends its body."""
        if not self._http.they_are_waiting_for_100_continue:
            return b""
        return self._http.send(h11.InformationalResponse(status_code=100, headers=[])) or b""

    def is_late(self, now: float) -> bool:
        """Tell whether it had its time."""
        if self._head is None:
            return now > self._began + self._patience
        return now > self._began + BODY_SECONDS + self.held / SLOWEST_OCTETS

    def pieces(self) -> Iterator[bytes]:
        """Yield it again, without what follows it."""
        self._octets.seek(0)
        left = self.held - len(self.following)
        while left > 0 and (piece := self._octets.read(min(left, _PIECE))):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        """Let go of its octets."""
        self._octets.close()


def _length(head: h11.Request) -> int:
    # h11 has refused anything but up to 20 digits.
    return next((int(value) for name, value in head.headers if name == b"content-length"), 0)


class AnsweringSocket:
    """A socket that never makes the writer wait: what the client does not take now is kept."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)  # noqa: FBT003 - a socket takes it so.
        self._connection = connection
        self._kept: tempfile.SpooledTemporaryFile[bytes] | None = None
        self._from = 0
        self._to = 0
        self.sent = 0
        self.fileno = connection.fileno
        self.recv = connection.recv

    @property
    def held(self) -> int:
        """How many octets wait for the client."""
        return self._to - self._from

    def sendall(self, octets: bytes) -> None:
        """Send, or keep; raises OSError when the client is gone."""
        if self.flush():
            octets = octets[self._send(octets) :]
        if octets:
            if self._kept is None:
                self._kept = tempfile.SpooledTemporaryFile(MEMORY_OCTETS)  # noqa: SIM115
            self._kept.seek(self._to)
            self._kept.write(octets)
            self._to += len(octets)

    def flush(self) -> bool:
        """Send what was kept, as far as the client takes it; tell whether nothing is left."""
        while self._kept is not None and self.held:
            self._kept.seek(self._from)
            piece = self._kept.read(_PIECE)
            sent = self._send(piece)
            self._from += sent
            if sent < len(piece):
                return False
        self._forget()
        return True

    def _send(self, octets: bytes) -> int:
        try:
            sent = self._connection.send(octets)
        except BlockingIOError:
            return 0
        self.sent += sent
        return sent

    def _forget(self) -> None:
        if self._kept is not None:
            self._kept.close()
        self._kept, self._from, self._to = None, 0, 0

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - as a socket has it.
        """Stay as it is, whatever a server wants."""

    def settimeout(self, seconds: float | None) -> None:
        """Stay as it is."""

    def gettimeout(self) -> float:
        """Never wait; gunicorn asks before it says what is wrong with a request."""
        return 0.0

    def shutdown(self, how: int) -> None:
        """Say that no more will come, or be read."""
        self._connection.shutdown(how)

    @property
    def is_closed(self) -> bool:
        """Whether it was ended already, by an answer that broke off."""
        return self.fileno() < 0

    def close(self) -> None:
        """End the connection."""
        self._forget()
        with contextlib.suppress(OSError):
            self._connection.close()


class UnsentAnswer:
    """An answer that the client has not taken yet; `then` is what comes after it."""

    def __init__(self, connection: AnsweringSocket, then: Callable[[], None]) -> None:
        self._connection = connection
        self._began = time.monotonic()
        self._sent = connection.sent
        self.then = then

    @property
    def held(self) -> int:
        """How many octets wait for the client."""
        return self._connection.held

    def is_late(self, now: float) -> bool:
        """Tell whether it had its time."""
        sent = self._connection.sent - self._sent
        return now > self._began + BODY_SECONDS + sent / SLOWEST_OCTETS

    def close(self) -> None:
        """The connection lets go of its octets itself."""


class Farewell:
    """A connection on which the answer was sent, until the client closes it too.

    What still comes is thrown away. Closing at once would throw away the answer as well.
    """

    held = 0

    def __init__(self, patience: float) -> None:
        self._until = time.monotonic() + patience

    def is_late(self, now: float) -> bool:
        """Tell whether it had its time."""
        return now > self._until

    def close(self) -> None:
        """There is nothing to let go of."""
