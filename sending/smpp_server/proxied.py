"""Connections through a load balancer, which says whose they are before anything else.

Its header is the PROXY protocol of HAProxy, version 1 (text) or 2 (binary). It stands in front of
TLS too, so it is read from the socket before there is a transport.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence

from sending.smpp_server.binding import is_within

logger = logging.getLogger(__name__)

HEADER_WITHIN = 10.0
"""Seconds that a load balancer has for its header."""
_V1, _V1_END, _V1_MOST = b"PROXY ", b"\r\n", 107
_V2 = b"\r\n\r\n\0\r\nQUIT\n"
_V2_MOST = 2_048
_LOCAL, _PROXY = 0x20, 0x21
# Octets of an address, by family and transport (2.2: TCP over IPv4, TCP over IPv6).
_ADDRESS_OCTETS = {0x11: 4, 0x21: 16}

# Is given a connection, and the address it comes from where a load balancer said it.
Take = Callable[[socket.socket, str], Awaitable[object]]


class BadProxyHeader(ValueError):
    """What came first is no header of the PROXY protocol."""


class ProxyListener:
    """Listens in place of asyncio; connections of `proxies` (networks) begin with a header."""

    def __init__(self, host: str, port: int, proxies: Sequence[str], take: Take) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family)
        self._socket.settimeout(0)
        self._proxies = list(proxies)
        self._take = take
        self._tasks: set[asyncio.Task[None]] = set()
        self._accepting = asyncio.get_running_loop().create_task(self._accept())

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        """Take no more."""
        self._accepting.cancel()
        for task in self._tasks:
            task.cancel()
        self._socket.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, peer = await loop.sock_accept(self._socket)
            except OSError:
                # No more files can be open just now.
                logger.exception("a connection over smpp cannot be taken")
                await asyncio.sleep(1.0)
                continue
            task = loop.create_task(self._begin(accepted, str(peer[0])))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _begin(self, accepted: socket.socket, peer: str) -> None:
        """Find out whose connection it is, and hand it on; close one that does not say it."""
        taken = False
        try:
            address = ""
            if is_within(peer.partition("%")[0], self._proxies):
                async with asyncio.timeout(HEADER_WITHIN):
                    address = await read_header(accepted)
            await self._take(accepted, address)
            taken = True
        except (BadProxyHeader, TimeoutError, OSError) as problem:
            logger.warning("smpp connection from %s is not taken: %s", peer, problem or "too slow")
        finally:
            if not taken:
                with contextlib.suppress(OSError):
                    accepted.close()


async def read_header(accepted: socket.socket) -> str:
    """Read a header and nothing behind it; return the client's address, empty for a health check.

    Raise BadProxyHeader, and OSError.
    """
    start = await _exactly(accepted, len(_V2))
    if start == _V2:
        return await _version_2(accepted)
    if not start.startswith(_V1):
        raise BadProxyHeader("there is no header")
    line = start
    while not line.endswith(_V1_END):
        if len(line) >= _V1_MOST:
            raise BadProxyHeader("the header does not end")
        line += await _exactly(accepted, 1)
    return _version_1(line)


def _version_1(line: bytes) -> str:
    words = line.decode("ascii", "replace").split()
    if words[1:2] == ["UNKNOWN"]:
        return ""
    if len(words) != 6 or words[1] not in {"TCP4", "TCP6"}:
        raise BadProxyHeader("the header names no client")
    try:
        return str(ipaddress.ip_address(words[2]))
    except ValueError as error:
        raise BadProxyHeader("the header names no address") from error


async def _version_2(accepted: socket.socket) -> str:
    command, family, *length = await _exactly(accepted, 4)
    size = int.from_bytes(bytes(length), "big")
    if size > _V2_MOST:
        raise BadProxyHeader("the header is too long")
    rest = await _exactly(accepted, size)
    if command == _LOCAL:
        return ""
    octets = _ADDRESS_OCTETS.get(family, 0)
    if command != _PROXY or not octets or len(rest) < octets:
        raise BadProxyHeader("the header names no client")
    return str(ipaddress.ip_address(rest[:octets]))


async def _exactly(accepted: socket.socket, count: int) -> bytes:
    loop = asyncio.get_running_loop()
    found = b""
    while len(found) < count:
        more = await loop.sock_recv(accepted, count - len(found))
        if not more:
            raise BadProxyHeader("the connection ended within its header")
        found += more
    return found
