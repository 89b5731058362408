"""What must hold before anything starts: a writable folder, one console in it, free ports."""

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

FIRST_SMPP_PORT = 2775
"""The port registered for SMPP."""


class CannotStart(Exception):
    """Something the person at the terminal has to change; the text says what."""


def make_folders(var: Path) -> None:
    """Make the folders that children write to; raise CannotStart where the disk refuses."""
    try:
        for folder in (var, var / "log", var / "simulator"):
            folder.mkdir(parents=True, exist_ok=True)
        probe = var / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"SMS Console cannot write to {var} ({error.strerror}). Give this user the right to "
            "write there, or set VAR_DIR to a folder that it may write to."
        ) from error


def lock(var: Path, address: str) -> IO[str]:
    """Return the open, locked file of the one console that may run on `var`."""
    file = (var / "supervisor.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "it is just starting or stopping"
        file.close()
        raise CannotStart(
            f"SMS Console already runs on {var} ({holder}). Use that one, stop it first (it needs "
            "up to 15 seconds to end), or set VAR_DIR to another folder for a second one."
        ) from None
    file.truncate(0)
    file.write(f"process {os.getpid()}, {address}")
    file.flush()
    return file


def _bind(host: str, port: int) -> None:
    """Bind and let go; OSError, gaierror and UnicodeError (no host name) come through."""
    family, kind, proto, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, proto) as probe:
        # As servers do: a port still in TIME_WAIT from the last run is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def require_free_port(host: str, port: int) -> None:
    """Raise CannotStart unless `host`:`port` can be bound now."""
    try:
        _bind(host, port)
    except (socket.gaierror, UnicodeError):
        raise CannotStart(
            f"This machine does not know the address {host!r}. Use --host 127.0.0.1 for this "
            "machine only, or --host 0.0.0.0 for every network it is on."
        ) from None
    except OSError as error:
        raise CannotStart(_refusal(host, port, error)) from None


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program. Stop that program, or choose "
            f"another port: ./console run --port {port + 1}"
        )
    if error.errno == errno.EACCES:
        return (
            f"This user may not listen on port {port}. Choose one above 1023: "
            "./console run --port 8000"
        )
    return f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another --host."


@contextmanager
def simulator_port() -> Iterator[int]:
    """Give the first free port on loopback from 2775 on, for the SMSC simulator, and keep it."""
    with _smpp_port("the SMSC simulator") as port:
        yield port


@contextmanager
def smpp_server_port() -> Iterator[int]:
    """Give another one, for the SMPP server that programs bind to."""
    with _smpp_port("the SMPP server") as port:
        yield port


@contextmanager
def _smpp_port(whose: str) -> Iterator[int]:
    """Give the first free port on loopback from 2775 on, and keep it.

    Nobody listens there before everything is prepared. Until then a datagram socket of the same
    number, which is in nobody's way, tells others, and other consoles, that the port is taken.
    """
    for port in range(FIRST_SMPP_PORT, FIRST_SMPP_PORT + 100):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as place:
            try:
                place.bind(("127.0.0.1", port))
                _bind("127.0.0.1", port)
            except OSError:
                continue
            yield port
            return
    raise CannotStart(
        f"No port from {FIRST_SMPP_PORT} to {FIRST_SMPP_PORT + 99} is free for {whose}. "
        "Stop programs that listen there."
    )
