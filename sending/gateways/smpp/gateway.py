"""The SMPP gateway: one bind, its window, its receipts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sending.gateways.base import (
    BindRefused,
    GatewayConfig,
    NotWritten,
    ReceiptIn,
    ReceiptSink,
    SubmitRefused,
    SubmitRequest,
    SubmitResult,
    Unanswered,
)
from sending.gateways.smpp.receipts import read_receipt
from sending.gateways.smpp.submission import to_result, to_submit_sm
from sending.gateways.smpp.tls import tls_context
from sending.smpp.client import ClientSession, connect
from sending.smpp.command_status import ESME_ROK, describe
from sending.smpp.commands import CommandId
from sending.smpp.deliveries import Deliveries
from sending.smpp.errors import EncodeError, RequestError, RequestNotWritten, RequestUnanswered
from sending.smpp.pdu import Bind, DeliverSm
from sending.smpp.session import SessionLimits

logger = logging.getLogger(__name__)

_BINDS = {
    "transceiver": CommandId.bind_transceiver,
    "transmitter": CommandId.bind_transmitter,
    "receiver": CommandId.bind_receiver,
}


class SmppGateway:
    """Opens once; after the connection is gone, a new object makes the next connection."""

    def __init__(self, config: GatewayConfig) -> None:
        self.before_flush: Callable[[], None] | None = None
        self._config = config
        self._session: ClientSession | None = None
        self._receipts: Deliveries[ReceiptIn] | None = None

    @property
    def bound(self) -> bool:
        """Whether submits can be written now."""
        return self._session is not None and self._session.bound

    @property
    def in_window(self) -> int:
        """Submits written and not yet answered."""
        return 0 if self._session is None else self._session.in_window

    async def open(self, receipts: ReceiptSink) -> None:
        """Connect and bind; raise ConnectionError (BindRefused when the gateway said no)."""
        self._receipts = Deliveries(receipts, self._answer_receipt, asyncio.get_running_loop())
        config = self._config
        try:
            async with asyncio.timeout(config.response_timeout):
                self._session = await connect(
                    config.host,
                    config.port,
                    limits=SessionLimits(
                        window=config.window,
                        response_timeout=config.response_timeout,
                        enquire_interval=config.enquire_interval,
                    ),
                    on_deliver=self._delivered,
                    tls=tls_context(config),
                )
        except ConnectionError:
            raise
        except OSError as error:
            reason = str(error) or "no connection in time"
            raise ConnectionError(reason) from error
        self._session.before_flush = self.before_flush
        await self._bind(self._session)

    async def submit(
        self, request: SubmitRequest, before_write: Callable[[], None]
    ) -> SubmitResult:
        """Submit one segment; raise SubmitRefused, NotWritten or Unanswered."""
        if self._session is None or self._config.bind == "receiver":
            raise NotWritten("NOT_BOUND")
        try:
            answer = await self._session.request(to_submit_sm(request), before_write)
        except EncodeError as error:
            logger.warning("message %d cannot be encoded: %s", request.message_id, error)
            raise SubmitRefused("PDU_INVALID") from error
        except RequestNotWritten as error:
            raise NotWritten(error.code) from (error.__cause__ or error)
        except RequestUnanswered as error:
            raise Unanswered(error.code) from error
        return to_result(answer, self._config.temporary_statuses)

    async def close(self) -> None:
        """Take no more submits, wait for answers up to the response timeout, unbind."""
        if self._session is None:
            return
        await self._session.finish()
        await self._store_receipts()
        await self._session.unbind()
        # Those that came during the goodbye: stored unanswered, they merely come again.
        await self._store_receipts()

    async def closed(self) -> None:
        """Return when the connection is gone."""
        if self._session is not None:
            await self._session.closed()

    async def _bind(self, session: ClientSession) -> None:
        config = self._config
        bind = Bind(_BINDS[config.bind], config.system_id, config.password, config.system_type)
        try:
            status = await session.bind(bind)
        except (EncodeError, RequestError) as error:
            reason = f"the bind was not answered: {error}"
            raise ConnectionError(reason) from error
        finally:
            if not session.bound:
                session.abort()
        if status != ESME_ROK:
            raise BindRefused(describe(status).name)

    async def _store_receipts(self) -> None:
        if self._receipts is not None:
            storing = asyncio.ensure_future(self._receipts.drain())
            await asyncio.wait([storing], timeout=self._config.response_timeout)
            storing.cancel()

    def _delivered(self, sequence_number: int, deliver_sm: DeliverSm) -> None:
        receipt = read_receipt(deliver_sm)
        if receipt is not None and self._receipts is not None:
            self._receipts.add(sequence_number, receipt)
            return
        logger.info("deliver_sm that is no receipt acknowledged and not kept")
        self._answer_receipt(sequence_number, ESME_ROK)

    def _answer_receipt(self, sequence_number: int, command_status: int) -> None:
        if self._session is not None:
            self._session.answer_delivery(sequence_number, command_status)
