"""Which kinds of gateway exist, by the name that is stored, and how they differ."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from sending.gateways.base import GatewayClient, GatewayConfig, Unreachable
from sending.gateways.connection_test import ConnectionTestResult, check_bind, check_open
from sending.gateways.http.gateway import HttpClient
from sending.gateways.smpp.gateway import SmppClient
from sending.gateways.smpp.pair import SmppPair


@dataclass(frozen=True, slots=True)
class GatewayKind:
    """How one kind is connected and tested, and what it takes.

    `takes_whole_messages`: it is given a text, and cuts and counts segments itself.
    `receipts_over_http`: its receipts come to an address of ours, not over the connection.
    """

    connect: Callable[[GatewayConfig], GatewayClient]
    test: Callable[[GatewayConfig, ConnectionTestResult], Awaitable[None]]
    takes_whole_messages: bool
    receipts_over_http: bool


def _smpp(config: GatewayConfig) -> GatewayClient:
    return SmppPair(config) if config.bind == "pair" else SmppClient(config)


KINDS: dict[str, GatewayKind] = {
    "smpp": GatewayKind(_smpp, check_bind, takes_whole_messages=False, receipts_over_http=False),
    "http": GatewayKind(
        HttpClient,
        partial(check_open, HttpClient),
        takes_whole_messages=True,
        receipts_over_http=True,
    ),
}


def build(kind: str, config: GatewayConfig) -> GatewayClient:
    """Make a gateway that is not yet connected; raise KeyError for an unknown kind."""
    return KINDS[kind].connect(config)


async def attempt(kind: str, config: GatewayConfig) -> ConnectionTestResult:
    """Test the connection of a gateway of this kind; never raises Unreachable."""
    result = ConnectionTestResult()
    try:
        await KINDS[kind].test(config, result)
    except Unreachable as error:
        result.trouble = str(error)
    return result
