"""Deliveries collected into batches: stored first, answered after."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from sending.smpp.clock import Clock, Timer
from sending.smpp.command_status import ESME_ROK, ESME_RX_T_APPN

logger = logging.getLogger(__name__)

Item = TypeVar("Item")

BATCH_MOST = 500
BATCH_WITHIN = 0.010
BACKLOG_MOST = 10_000
# While a database is away every batch is refused, again and again.
COMPLAIN_EVERY = 10.0


class Deliveries(Generic[Item]):
    """Answers ESME_ROK when the sink has returned, ESME_RX_T_APPN when it raised.

    A batch goes when it holds 500 or its first delivery is 10 ms old; one batch at a time, so
    a slow database makes batches larger, not more. ESME_RX_T_APPN asks the message centre to
    deliver again later (SMPP 3.4 clause 5.1.3): a receipt is never acknowledged and lost.
    """

    def __init__(
        self,
        sink: Callable[[list[Item]], Awaitable[None]],
        answer: Callable[[int, int], None],
        clock: Clock,
    ) -> None:
        self._sink = sink
        self._answer = answer
        self._clock = clock
        self._items: deque[tuple[int, Item]] = deque()
        self._timer: Timer | None = None
        self._storing: asyncio.Task[None] | None = None
        self._refused = 0
        self._complain_at = clock.time()

    def add(self, sequence_number: int, item: Item) -> None:
        """Take one delivery; beyond 10,000 unstored ones it is refused temporarily."""
        if len(self._items) >= BACKLOG_MOST:
            self._answer(sequence_number, ESME_RX_T_APPN)
            return
        self._items.append((sequence_number, item))
        self._store_when_due()

    async def drain(self) -> None:
        """Store what is there without waiting for more."""
        while self._items or self._storing is not None:
            self._store()
            if self._storing is not None:
                await asyncio.wait([self._storing])

    def _store_when_due(self) -> None:
        if self._storing is not None:
            return
        if len(self._items) >= BATCH_MOST:
            self._store()
        elif self._items and self._timer is None:
            self._timer = self._clock.call_later(BATCH_WITHIN, self._store)

    def _store(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._storing is None and self._items:
            count = min(len(self._items), BATCH_MOST)
            batch = [self._items.popleft() for _ in range(count)]
            self._storing = asyncio.get_running_loop().create_task(self._store_batch(batch))

    async def _store_batch(self, batch: list[tuple[int, Item]]) -> None:
        status = ESME_RX_T_APPN
        try:
            await self._sink([item for _, item in batch])
            status = ESME_ROK
        except Exception as error:  # noqa: BLE001 (whatever stops it, nothing is stored)
            self._complain(len(batch), error)
        finally:
            self._storing = None
            for sequence_number, _ in batch:
                self._answer(sequence_number, status)
            self._store_when_due()

    def _complain(self, refused: int, error: Exception) -> None:
        """Say it in one line, now and then: an outage is no reason to fill the disk."""
        self._refused += refused
        if self._clock.time() < self._complain_at:
            return
        why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        logger.error("%d deliveries not stored, refused temporarily: %s", self._refused, why)
        self._refused = 0
        self._complain_at = self._clock.time() + COMPLAIN_EVERY
