"""What a peer tells of its messages by HTTP: a server that takes it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class ToldServer(ThreadingHTTPServer):
    """Takes GET requests; `told` has the query of each. It answers all of them alike."""

    daemon_threads = True

    def __init__(self, answer: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Told)
        self.answer = answer
        self.told: list[dict[str, str]] = []


class _Told(BaseHTTPRequestHandler):
    server: ToldServer

    def do_GET(self) -> None:
        self.server.told.append(dict(parse_qsl(urlsplit(self.path).query)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def listening(answer: bytes = b"") -> Iterator[ToldServer]:
    """Listen on loopback while the block runs."""
    with ToldServer(answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
