"""Which kinds of gateway exist, by the name that is stored."""

from __future__ import annotations

from collections.abc import Callable

from sending.gateways.base import Gateway, GatewayConfig
from sending.gateways.http.gateway import HttpGateway
from sending.gateways.smpp.gateway import SmppGateway
from sending.gateways.smpp.pair import SmppPair


def _smpp(config: GatewayConfig) -> Gateway:
    return SmppPair(config) if config.bind == "pair" else SmppGateway(config)


KINDS: dict[str, Callable[[GatewayConfig], Gateway]] = {
    "smpp": _smpp,
    "http": HttpGateway,
}


def build(kind: str, config: GatewayConfig) -> Gateway:
    """Make a gateway that is not yet connected; raise KeyError for an unknown kind."""
    return KINDS[kind](config)
