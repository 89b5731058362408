"""Connects to a host: its name is looked up once, and what was checked is what is connected to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import ip_address
from typing import TypeVar

from sending.gateways.addresses import Address, Network, may_connect
from sending.gateways.base import Unreachable
from sending.gateways.connection_errors import ADDRESS_REFUSED, NAME_UNKNOWN, unreachable

logger = logging.getLogger(__name__)

Connection = TypeVar("Connection")


async def connect_to(
    host: str,
    port: int,
    connect: Callable[[str], Awaitable[Connection]],
    *,
    networks: Iterable[Network],
    patience: float,
    tls: bool,
) -> Connection:
    """Connect to the first address of a host that can be reached; raise Unreachable.

    `connect` is given an address, never the name. One address that is neither public nor in
    `networks` refuses the host. All of it takes `patience` seconds at most.
    """
    try:
        async with asyncio.timeout(patience):
            *others, last = await _checked_addresses(host, port, tuple(networks))
            for address in others:
                with contextlib.suppress(OSError):
                    return await connect(address)
            return await connect(last)
    except Unreachable:
        raise
    except OSError as error:
        raise unreachable(error, tls=tls) from error


async def _checked_addresses(host: str, port: int, networks: tuple[Network, ...]) -> list[str]:
    addresses = await _look_up(host, port)
    for address in addresses:
        if not may_connect(address, networks):
            logger.warning("%s leads to %s, which is not allowed", host, address)
            raise Unreachable(ADDRESS_REFUSED)
    return [str(address) for address in addresses]


async def _look_up(host: str, port: int) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise Unreachable(NAME_UNKNOWN) from error
    return [ip_address(place[0]) for *_, place in found]
