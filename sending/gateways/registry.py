"""Which kinds of gateway exist, by the name that is stored."""

from __future__ import annotations

from collections.abc import Callable

from sending.gateways.base import Gateway, GatewayConfig
from sending.gateways.http.gateway import HttpGateway
from sending.gateways.smpp.gateway import SmppGateway

KINDS: dict[str, Callable[[GatewayConfig], Gateway]] = {
    "smpp": SmppGateway,
    "http": HttpGateway,
}


def build(kind: str, config: GatewayConfig) -> Gateway:
    """Make a gateway that is not yet connected; raise KeyError for an unknown kind."""
    return KINDS[kind](config)
