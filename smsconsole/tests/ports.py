"""Ports of loopback for programs that are told where to listen before they start."""

import random
import socket
from pathlib import Path

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """Return a port that nobody listens on.

    It lies below those that the system hands out by itself: until the program listens, no other
    program's connection can come to sit on it.
    """
    first = int(_RANGE.read_text().split()[0]) if _RANGE.exists() else 32_768
    for port in random.sample(range(first - 12_000, first), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError("There is no free port.")
