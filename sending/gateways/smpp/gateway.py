"""The SMPP gateway: one bind, its window, its receipts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sending.gateways.base import (
    GatewayConfig,
    InboundIn,
    NotWritten,
    ReceiptIn,
    ReceiptSink,
    SubmitRefused,
    SubmitRequest,
    SubmitResult,
    Unanswered,
)
from sending.gateways.smpp.dialling import bind, dial
from sending.gateways.smpp.inbound import read_inbound
from sending.gateways.smpp.receipts import read_receipt
from sending.gateways.smpp.submission import to_result, to_submit_sm
from sending.smpp.client import ClientSession
from sending.smpp.command_status import ESME_RX_T_APPN
from sending.smpp.deliveries import Deliveries
from sending.smpp.errors import EncodeError, RequestNotWritten, RequestUnanswered
from sending.smpp.pdu import DeliverSm

logger = logging.getLogger(__name__)


class SmppClient:
    """Opens once; after the connection is gone, a new object makes the next connection."""

    def __init__(self, config: GatewayConfig) -> None:
        self.before_flush: Callable[[], None] | None = None
        self._config = config
        self._session: ClientSession | None = None
        self._receipts: Deliveries[ReceiptIn | InboundIn] | None = None

    @property
    def bound(self) -> bool:
        """Whether submits can be written now."""
        return self._session is not None and self._session.bound

    @property
    def in_window(self) -> int:
        """Submits written and not yet answered."""
        return 0 if self._session is None else self._session.in_window

    async def open(self, receipts: ReceiptSink) -> None:
        """Connect and bind; raise Unreachable (BindRefused when the gateway said no)."""
        self._receipts = Deliveries(receipts, self._answer_receipt, asyncio.get_running_loop())
        self._session = await dial(self._config, self._delivered)
        self._session.before_flush = self.before_flush
        await bind(self._session, self._config)

    async def submit(
        self, request: SubmitRequest, before_write: Callable[[], None]
    ) -> SubmitResult:
        """Submit one segment; raise SubmitRefused, NotWritten or Unanswered."""
        if self._session is None or self._config.bind == "receiver":
            raise NotWritten("NOT_BOUND")
        try:
            answer = await self._session.request(to_submit_sm(request, self._config), before_write)
        except EncodeError as error:
            logger.warning("message %d cannot be encoded: %s", request.message_id, error)
            raise SubmitRefused("PDU_INVALID") from error
        except RequestNotWritten as error:
            raise NotWritten(error.code) from (error.__cause__ or error)
        except RequestUnanswered as error:
            raise Unanswered(error.code) from error
        return to_result(answer, self._config.temporary_statuses)

    async def close(self) -> None:
        """Take no more submits, wait for answers up to the response timeout, unbind.

        Cancelled, it drops the connection: a carrier counts those that nobody uses, too.
        """
        if self._session is None:
            return
        try:
            await self._session.finish()
            await self._store_receipts()
            await self._session.unbind()
            # Those that came during the goodbye: stored unanswered, they merely come again.
            await self._store_receipts()
        finally:
            self._session.abort()

    async def closed(self) -> None:
        """Return when the connection is gone."""
        if self._session is not None:
            await self._session.closed()

    async def _store_receipts(self) -> None:
        if self._receipts is not None:
            storing = asyncio.ensure_future(self._receipts.drain())
            await asyncio.wait([storing], timeout=self._config.response_timeout)
            storing.cancel()

    def _delivered(self, sequence_number: int, deliver_sm: DeliverSm) -> None:
        if self._receipts is None:
            # Nobody to store it: the message centre shall keep it.
            self._answer_receipt(sequence_number, ESME_RX_T_APPN)
            return
        receipt = read_receipt(deliver_sm, self._config.receipt_zone)
        self._receipts.add(sequence_number, receipt or read_inbound(deliver_sm))

    def _answer_receipt(self, sequence_number: int, command_status: int) -> None:
        if self._session is not None:
            self._session.answer_delivery(sequence_number, command_status)
