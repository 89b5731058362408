"""Receipts and replies on their way to clients: in hand, in a window, answered, forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sending.smpp.clock import Clock
from sending.smpp.command_status import (
    ESME_RMSGQFUL,
    ESME_ROK,
    ESME_RTHROTTLED,
    ESME_RX_T_APPN,
)
from sending.smpp.errors import EncodeError, RequestError
from sending.smpp.pdu import Pdu
from sending.smpp_server import outbox
from sending.smpp_server.connection import ClientConnection
from sending.smpp_server.desk import Desk
from sending.smpp_server.outbox import InHand, NotTaken

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.25
"""Seconds between two looks at the outbox when nothing happens."""
# So long answers are gathered before they are written down together.
_GATHER = 0.01
_SHORT = timedelta(milliseconds=200)
_LATER = frozenset({ESME_RX_T_APPN, ESME_RMSGQFUL, ESME_RTHROTTLED})
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
SILENT_FOR = 240.0
"""Seconds after the first deliver_sm without an answer after which a client is disconnected."""

InDatabase = Callable[[Callable[[], Any]], Awaitable[Any]]


class Delivering:
    """Keeps the windows of receiving connections full, as long as it runs."""

    def __init__(self, desks: Mapping[int, Desk], clock: Clock, in_database: InDatabase) -> None:
        self._desks = desks
        self._clock = clock
        self._in_database = in_database
        self._woken = asyncio.Event()
        self._in_hand: set[int] = set()
        self._delivered: list[int] = []
        self._refused: list[NotTaken] = []
        self._put_back: list[int] = []

    def wake(self) -> None:
        """Look at the outbox soon: a client has bound, or answered."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; a database that is away is asked again."""
        while True:
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._woken.wait()
                await asyncio.sleep(_GATHER)
            except TimeoutError:
                pass
            self._woken.clear()
            try:
                await self.write_down()
                await self._deliver()
            except Exception:
                logger.exception("the outbox cannot be read or written")
                await asyncio.sleep(1.0)

    async def write_down(self) -> None:
        """Write what clients answered; nothing of it is lost if that fails."""
        delivered, refused, back = self._delivered, self._refused, self._put_back
        if not (delivered or refused or back):
            return
        self._delivered, self._refused, self._put_back = [], [], []
        try:
            await self._in_database(partial(_write, delivered, refused, back))
        # A server that stops cancels as well, and writes once more at last.
        except BaseException:
            self._delivered += delivered
            self._refused += refused
            self._put_back += back
            raise
        self._in_hand.difference_update(delivered, (one.pk for one in refused), back)

    async def _deliver(self) -> None:
        wanted = {pk: desk for pk, desk in self._desks.items() if self._room(desk)}
        if not wanted:
            return
        for pk in await self._in_database(partial(outbox.due, list(wanted))):
            desk = wanted[pk]
            if room := self._room(desk):
                for item in await self._in_database(partial(outbox.claim, desk.account, room)):
                    self._give(desk, item)

    def _room(self, desk: Desk) -> int:
        """Return how many more receipts the connections of an account can take."""
        if desk.is_stopping:
            return 0
        return sum(
            max(0, 2 * one.window - one.in_window - one.waiting) for one in self._ready(desk)
        )

    def _ready(self, desk: Desk) -> list[ClientConnection]:
        now = self._clock.time()
        return [one for one in desk.receivers if one.paused_until <= now]

    def _give(self, desk: Desk, item: InHand) -> None:
        """Hand a receipt to the connection of its message."""
        if item.pk in self._in_hand:
            return
        self._in_hand.add(item.pk)
        if item.pdu is None:
            self._delivered.append(item.pk)
            return
        receivers = self._ready(desk)
        if item.subject_id in desk.held or not receivers:
            self._refused.append(NotTaken(item.pk, "", _SHORT, counts=False))
            return
        connection = receivers[item.message_id % len(receivers)]
        try:
            answer = connection.request(item.pdu)
        except EncodeError as error:
            logger.warning("receipt %d cannot be encoded: %s", item.pk, error)
            self._refused.append(NotTaken(item.pk, "PDU_INVALID", _SHORT, counts=True))
            return
        answer.add_done_callback(partial(self._answered, connection, item.pk))

    def _answered(self, connection: ClientConnection, pk: int, answer: asyncio.Future[Pdu]) -> None:
        self._woken.set()
        if answer.cancelled():
            self._put_back.append(pk)
            return
        error = answer.exception()
        if isinstance(error, RequestError) and error.code == "RESPONSE_TIMEOUT":
            self._refused.append(NotTaken(pk, "NO_ANSWER", timedelta(seconds=60), counts=False))
            self._disconnect_silent(connection)
        elif error is not None:
            self._put_back.append(pk)
        else:
            self._judge(connection, pk, answer.result().command_status)

    def _judge(self, connection: ClientConnection, pk: int, status: int) -> None:
        now = self._clock.time()
        connection.silent_since, connection.has_answered = None, True
        if status == ESME_ROK:
            connection.figures.delivered += 1
            connection.pause = 0.0
            self._delivered.append(pk)
            return
        error = f"0x{status:08X}"
        if status in _LATER:
            if connection.paused_until <= now:
                connection.pause = min(max(_FIRST_PAUSE, 2 * connection.pause), _LONGEST_PAUSE)
                connection.paused_until = now + connection.pause
            later = timedelta(seconds=connection.pause)
            self._refused.append(NotTaken(pk, error, later, counts=False))
        else:
            self._refused.append(NotTaken(pk, error, outbox.REFUSED_AGAIN, counts=True))

    def _disconnect_silent(self, connection: ClientConnection) -> None:
        """End a connection whose receiving half is dead although it answers enquiries."""
        now = self._clock.time()
        connection.silent_since = connection.silent_since or now
        if now - connection.silent_since > SILENT_FOR:
            logger.warning("smpp client %s answers no deliver_sm, closing", connection.address)
            connection.disconnect()


def _write(delivered: list[int], refused: list[NotTaken], back: list[int]) -> None:
    if delivered:
        outbox.delivered(delivered)
    if refused:
        outbox.refused(refused)
    if back:
        outbox.put_back(back)
