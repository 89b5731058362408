"""A transmitter and a receiver side by side, for carriers that know no transceiver."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from sending.gateways.base import (
    GatewayConfig,
    NotWritten,
    ReceiptSink,
    SubmitRequest,
    SubmitResult,
)
from sending.gateways.smpp.gateway import SmppClient


class SmppPair:
    """Two connections that live and end together: one submits, receipts come over the other."""

    def __init__(self, config: GatewayConfig) -> None:
        self._transmitter = SmppClient(replace(config, bind="transmitter"))
        self._receiver = SmppClient(replace(config, bind="receiver"))

    @property
    def before_flush(self) -> Callable[[], None] | None:
        """What runs before submits that leave together are written, see WritesTogether."""
        return self._transmitter.before_flush

    @before_flush.setter
    def before_flush(self, work: Callable[[], None] | None) -> None:
        self._transmitter.before_flush = work

    @property
    def bound(self) -> bool:
        """Whether submits can be written now: both stand."""
        return self._transmitter.bound and self._receiver.bound

    @property
    def in_window(self) -> int:
        """Submits written and not yet answered."""
        return self._transmitter.in_window

    async def open(self, receipts: ReceiptSink) -> None:
        """Bind both, or neither; raise Unreachable (BindRefused when the gateway said no).

        The receiver comes first, so that receipts of the first submit find someone at home.
        """
        await self._receiver.open(receipts)
        try:
            await self._transmitter.open(receipts)
        except BaseException:
            await self._receiver.close()
            raise

    async def submit(
        self, request: SubmitRequest, before_write: Callable[[], None]
    ) -> SubmitResult:
        """Submit one segment; raise SubmitRefused, NotWritten or Unanswered."""
        if not self.bound:
            raise NotWritten("NOT_BOUND")
        return await self._transmitter.submit(request, before_write)

    async def close(self) -> None:
        """Take no more submits, wait for answers and for the receipts meanwhile, unbind both.

        The half that still stands when the other was lost gives its answers all the same.
        """
        try:
            await self._transmitter.close()
        finally:
            await self._receiver.close()

    async def closed(self) -> None:
        """Return when one of the connections is gone: half a pair is none."""
        halves = [
            asyncio.ensure_future(half.closed()) for half in (self._transmitter, self._receiver)
        ]
        try:
            await asyncio.wait(halves, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for half in halves:
                half.cancel()
