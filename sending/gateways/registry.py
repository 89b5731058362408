"""Which kinds of gateway exist, by the name that is stored."""

from __future__ import annotations

from collections.abc import Callable

from sending.gateways.base import GatewayClient, GatewayConfig
from sending.gateways.http.gateway import HttpClient
from sending.gateways.smpp.gateway import SmppClient
from sending.gateways.smpp.pair import SmppPair


def _smpp(config: GatewayConfig) -> GatewayClient:
    return SmppPair(config) if config.bind == "pair" else SmppClient(config)


KINDS: dict[str, Callable[[GatewayConfig], GatewayClient]] = {
    "smpp": _smpp,
    "http": HttpClient,
}


def build(kind: str, config: GatewayConfig) -> GatewayClient:
    """Make a gateway that is not yet connected; raise KeyError for an unknown kind."""
    return KINDS[kind](config)
