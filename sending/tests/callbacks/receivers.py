"""Programs that are called back: one that takes what it gets, and some that mean harm."""

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

OK = (200, b'{"result":0,"errmsg":"OK"}')
LIMIT_SECONDS = 600


@dataclass(frozen=True)
class Told:
    """One POST as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def event_ids(self) -> list[int]:
        return [int(each) for each in self.headers["smsconsole-event-ids"].split(",")]


class Receiver(ThreadingHTTPServer):
    """Answers each POST with what `answer` says: (status, body)."""

    daemon_threads = True

    def __init__(self, answer: Callable[[Told], tuple[int, bytes]] = lambda told: OK, port=0):
        super().__init__(("127.0.0.1", port), Receiving)
        self.answer = answer
        self.told: list[Told] = []
        self.url = f"http://127.0.0.1:{self.server_port}/told"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return super().__enter__()

    def __exit__(self, *problem: object) -> None:
        self.shutdown()
        self._thread.join()
        super().__exit__(*problem)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever calls back may hang up."""

    @property
    def event_ids(self) -> list[int]:
        """The events that it was told, each as often as it was."""
        return [event_id for told in self.told for event_id in told.event_ids]


class Receiving(BaseHTTPRequestHandler):
    """One connection of the console."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers["content-length"]))
        told = Told(self.path, headers, body)
        self.server.told.append(told)
        status, answer = self.server.answer(told)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        if status in {301, 302, 307, 308}:
            self.send_header("Location", answer.decode())
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class Hostile:
    """Does to each connection what `behave` does; it is cut when the test is over."""

    def __init__(self, behave: Callable[[socket.socket, threading.Event], None]) -> None:
        self._behave = behave
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/told"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def let_go(self) -> None:
        """End all connections."""
        self._over.set()

    def __exit__(self, *_: object) -> None:
        self.let_go()
        # Closing alone does not wake who accepts, and nobody may accept from what is closed.
        socket.create_connection(self._listening.getsockname()).close()
        self._threads[0].join(LIMIT_SECONDS)
        self._listening.close()
        for thread in self._threads:
            thread.join(LIMIT_SECONDS)

    def _accept(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            if self._over.is_set():
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.settimeout(LIMIT_SECONDS)
                connection.recv(65536)
                self._behave(connection, self._over)
            except OSError:
                """The console hung up, as it should."""


def says_nothing(connection: socket.socket, over: threading.Event) -> None:
    """Takes the request and never answers."""
    over.wait(LIMIT_SECONDS)


def trickles(connection: socket.socket, over: threading.Event) -> None:
    """Sends an octet of its head now and then: no pause is long enough to be silence."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.05):
        connection.sendall(b"x")


def never_ends(connection: socket.socket, over: threading.Event) -> None:
    """Sends a body without end, as fast as it can."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")


def huge_head(connection: socket.socket, over: threading.Event) -> None:
    """Sends header after header."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.is_set():
        connection.sendall(b"X-More: " + b"y" * 8000 + b"\r\n")


def says_continue(connection: socket.socket, over: threading.Event) -> None:
    """Sends informational responses without end: each is complete and small."""
    while not over.is_set():
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def hangs_up(connection: socket.socket, over: threading.Event) -> None:
    """Ends the connection in the middle of its answer."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")


def speaks_no_http(connection: socket.socket, over: threading.Event) -> None:
    """Answers as another service would."""
    connection.sendall(b"220 mail.example ESMTP\r\n\r\n")


def nests_deeply(connection: socket.socket, over: threading.Event) -> None:
    """Answers JSON that no parser descends into."""
    body = b"[" * 60_000
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
