"""A WSGI application whose answers break off, for tests of the web server."""

from collections.abc import Callable, Iterator


def application(environ: dict[str, str], start_response: Callable[..., object]) -> Iterator[bytes]:
    """Answer; under /break an error comes after the first octets."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"begun"
    if environ["PATH_INFO"] == "/break":
        raise ValueError("This page breaks off.")
