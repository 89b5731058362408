"""Trying a gateway: connect, bind, ask for a sign of life, say goodbye. No message is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from sending.gateways.base import GatewayClient, GatewayConfig, InboundIn, ReceiptIn, Unreachable
from sending.gateways.connection_errors import ENQUIRY_UNANSWERED
from sending.gateways.smpp.dialling import bind, dial
from sending.smpp.client import ClientSession
from sending.smpp.command_status import ESME_RX_T_APPN
from sending.smpp.commands import CommandId
from sending.smpp.errors import RequestError
from sending.smpp.pdu import DeliverSm, Empty


@dataclass(slots=True)
class ConnectionTestResult:
    """Milliseconds of each step that was reached; `trouble` says why the next one was not.

    `trouble` is `CODE` or `CODE: detail`, empty when all went well.
    """

    connected_ms: int | None = None
    bound_ms: int | None = None
    answered_ms: int | None = None
    trouble: str = ""


async def check_bind(config: GatewayConfig, result: ConnectionTestResult) -> None:
    """Bind and unbind each connection of an SMPP gateway once; raise Unreachable."""
    for half in ("receiver", "transmitter") if config.bind == "pair" else (config.bind,):
        await _bind_once(replace(config, bind=half), result)


async def check_open(
    connect: Callable[[GatewayConfig], GatewayClient],
    config: GatewayConfig,
    result: ConnectionTestResult,
) -> None:
    """Open and close a gateway once; raise Unreachable."""
    gateway = connect(config)
    watch = _watch()
    await gateway.open(_no_receipts)
    result.connected_ms = watch()
    await gateway.close()


async def _bind_once(config: GatewayConfig, test: ConnectionTestResult) -> None:
    """Bind and unbind one connection; the slowest of a pair counts."""
    watch = _watch()
    sessions: list[ClientSession] = []

    def not_now(sequence_number: int, _: DeliverSm) -> None:
        # A receipt that comes this way is not for us to lose: the senders get it later.
        sessions[0].answer_delivery(sequence_number, ESME_RX_T_APPN)

    session = await dial(config, not_now)
    sessions.append(session)
    try:
        test.connected_ms = max(watch(), test.connected_ms or 0)
        await bind(session, config)
        test.bound_ms = max(watch(), test.bound_ms or 0)
        try:
            await session.request_now(Empty(CommandId.enquire_link))
        except RequestError as error:
            raise Unreachable(ENQUIRY_UNANSWERED, error.code) from error
        test.answered_ms = max(watch(), test.answered_ms or 0)
        await session.unbind()
    finally:
        session.abort()


async def _no_receipts(receipts: list[ReceiptIn | InboundIn]) -> None:
    raise ConnectionError(f"{len(receipts)} receipts for a gateway that is only tried")


def _watch() -> Callable[[], int]:
    """Return what tells the milliseconds since it was last asked."""
    loop = asyncio.get_running_loop()
    last = loop.time()

    def lap() -> int:
        nonlocal last
        since, last = last, loop.time()
        return round((last - since) * 1000)

    return lap
