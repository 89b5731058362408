"""The simulator as a listening service: start, outage, stop."""

from __future__ import annotations

import asyncio
import logging

from sending.smpp.server import listen
from sending.smpp.session import SessionLimits
from sending.smpp.simulator.accepted_log import AcceptedLog
from sending.smpp.simulator.settings import SimulatorSettings
from sending.smpp.simulator.smsc import Simulator

logger = logging.getLogger(__name__)

RECEIPT_WINDOW = 100
GOODBYE = 2.0


class SimulatorService:
    """One Simulator behind one address; the port stays the same through an outage."""

    def __init__(self, settings: SimulatorSettings, log: AcceptedLog, host: str, port: int) -> None:
        self.simulator = Simulator(settings, log, asyncio.get_running_loop())
        self.host = host
        self.port = port
        self._limits = SessionLimits(window=RECEIPT_WINDOW)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; a port of 0 becomes the one that was free."""
        self._server = await listen(self.simulator, self.host, self.port, limits=self._limits)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no more clients, unbind those there are, for two seconds at most."""
        self._stop_listening()
        goodbyes = [asyncio.ensure_future(session.unbind()) for session in self.simulator.sessions]
        if goodbyes:
            await asyncio.wait(goodbyes, timeout=GOODBYE)
        await self._drop_all()
        await asyncio.gather(*goodbyes)

    async def outage(self, seconds: float) -> None:
        """Cut every connection, refuse new ones for a while, come back."""
        logger.warning("outage of %s seconds", seconds)
        self._stop_listening()
        await self._drop_all()
        await asyncio.sleep(seconds)
        await self.start()

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _drop_all(self) -> None:
        sessions = list(self.simulator.sessions)
        for session in sessions:
            session.abort()
        await asyncio.gather(*(session.closed() for session in sessions))
