"""A sender: one thread for one bind slot, which it leases, binds, feeds, and drains."""

import asyncio
import contextlib
import logging
import random
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError

from sending.delivery.database import forget_connection
from sending.delivery.gateway_config import config_of
from sending.delivery.receipts import inbox
from sending.delivery.sender import bind_slots
from sending.delivery.sender.bind_session import BindSession
from sending.delivery.sender.connection import Connection
from sending.delivery.sender.database_threads import DatabaseThreads, Turn
from sending.gateways import registry
from sending.gateways.base import (
    GatewayClient,
    GatewayConfig,
    InboundIn,
    ReceiptIn,
    Unreachable,
    WritesTogether,
)
from sending.gateways.connection_errors import CONNECTION_LOST
from sending.models import Gateway

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
Ending = asyncio.Future[None]
Build = Callable[[str, GatewayConfig], GatewayClient]

# A worker that is told to stop has about ten seconds.
DRAIN_SECONDS = 8.0
_RENEW_SECONDS = bind_slots.LEASE_SECONDS / 3
_LONGEST_BACKOFF = 30.0


class LeftBehind(Exception):
    """The database did not take the results in time: the journal is closed, and resolved later."""


class Sender(threading.Thread):
    """Sends for one slot of one gateway until it is stopped, or the gateway is."""

    def __init__(
        self,
        gateway_id: int,
        number: int,
        *,
        directory: Path,
        threads: DatabaseThreads,
        on_receipts: Callable[[], None],
        build: Build = registry.build,
    ) -> None:
        super().__init__(name=f"sender-{gateway_id}-{number}")
        self._slot = (gateway_id, number)
        self._directory = directory
        self._on_receipts = on_receipts
        self._build = build
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()
        self._told_to_stop = threading.Event()
        self._connection: Connection | None = None
        self._told_bound = False
        # Claims, results and receipts do not wait for each other.
        self._database, self._results, self._inbox = Turn(threads), Turn(threads), Turn(threads)

    def notify(self) -> None:
        """Say from any thread that something is due."""
        self._tell(self._notify)

    @property
    def stopping(self) -> bool:
        """Whether it was told to drain and end."""
        return self._told_to_stop.is_set()

    def stop(self) -> None:
        """Say from any thread that the sender shall drain and end."""
        self._told_to_stop.set()
        self._tell(self._stopped.set)

    def run(self) -> None:
        """Run until stopped; a failure of the thread is logged, and the manager starts another."""
        try:
            asyncio.run(self._live())
        except Exception:
            log.exception("%s failed", self.name)

    def _tell(self, callback: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(callback)

    def _notify(self) -> None:
        if self._connection is not None:
            self._connection.notify()

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._told_to_stop.is_set():
            return
        await self._work()

    async def _work(self) -> None:
        """Lease the slot again and again, until it is somebody else's or there is nothing to do."""
        while not self._stopped.is_set():
            try:
                row = await self._in_database(_load, self._slot[0])
                if row is None:
                    return
                bind_session = await self._in_database(
                    BindSession.take, self._directory, *self._slot
                )
            except (DatabaseError, InterfaceError, OSError):
                log.exception("%s cannot lease its slot", self.name)
            else:
                if bind_session is None:
                    return
                await self._use_slot(row, bind_session)
            await self._rest(1.0)

    async def _use_slot(self, row: Gateway, bind_session: BindSession) -> None:
        """Use a leased slot, and give it back."""
        try:
            await self._stay_connected(row, bind_session)
        except LeftBehind:
            log.exception("%s: the journal knows more than the database", self.name)
        finally:
            await self._try(bind_session.end)

    async def _stay_connected(self, row: Gateway, bind_session: BindSession) -> None:
        """Connect and send, again and again, while the slot is ours and the gateway unchanged."""
        ending = asyncio.ensure_future(self._end_of(row, bind_session))
        failures = 0
        try:
            while bind_session.valid and not ending.done():
                try:
                    await self._connected(row, bind_session, ending)
                    failures = 0
                except ConnectionError as error:
                    failures += 1
                    log.warning("%s: no connection: %s", self.name, error)
                    await self._try(bind_session.record_error, str(error))
                    await asyncio.wait([ending], timeout=backoff(failures))
        finally:
            ending.cancel()
            await asyncio.gather(ending, return_exceptions=True)

    async def _connected(self, row: Gateway, bind_session: BindSession, ending: Ending) -> None:
        """Bind once and send until the end; raise ConnectionError when there is no connection."""
        client = self._build(row.kind, config_of(row))
        if isinstance(client, WritesTogether):
            client.before_flush = bind_session.write_out
        opening = asyncio.ensure_future(client.open(partial(self._store, row)))
        await asyncio.wait([opening, ending], return_when=asyncio.FIRST_COMPLETED)
        if not opening.done():
            opening.cancel()
            return
        await opening
        self._told_bound = await self._try(bind_session.record_bound)
        log.info("%s is bound", self.name)
        self._connection = Connection(
            row, client, bind_session, self._in_database, self._in_results
        )
        try:
            await self._connection.run(asyncio.wait([ending]))
        finally:
            closing = asyncio.ensure_future(client.close())
            whole = await self._connection.finish(DRAIN_SECONDS)
            await asyncio.wait([closing], timeout=1.0)
            closing.cancel()
            self._connection = None
        if not whole:
            raise LeftBehind(bind_session.journal.name)
        if not ending.done():
            raise Unreachable(CONNECTION_LOST)

    async def _end_of(self, row: Gateway, bind_session: BindSession) -> None:
        """Renew the lease; return when it is lost, the gateway was changed, or we shall stop."""
        while bind_session.valid:
            await self._rest(_RENEW_SECONDS)
            if self._stopped.is_set():
                return
            in_window = self._connection.in_window if self._connection else 0
            try:
                kept = await self._in_database(bind_session.renew, in_window)
                if self._connection and not self._told_bound:
                    # Circuits believe in a connection only when they are told.
                    await self._in_database(bind_session.record_bound)
                    self._told_bound = True
                now = await self._in_database(_load, row.pk)
            except (DatabaseError, InterfaceError):
                log.exception("%s cannot renew its lease", self.name)
                continue
            if not kept or now is None or _settings(now) != _settings(row):
                return

    async def _store(self, row: Gateway, receipts_in: list[ReceiptIn | InboundIn]) -> None:
        """Commit receipts; what this raises makes the gateway keep them and try again."""
        await self._inbox.run(partial(_forgetting, inbox.store, row, receipts_in))
        self._on_receipts()

    async def _in_database(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` after what was to be done before it: leases, claims, journals."""
        return await self._database.run(partial(_forgetting, work, *args, **kwargs))

    async def _in_results(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` after the results that were to be written before it."""
        return await self._results.run(partial(_forgetting, work, *args, **kwargs))

    async def _try(self, work: Callable[..., object], *args: object) -> bool:
        """Write something down, and tell whether it was; the database may be away."""
        try:
            await self._in_database(work, *args)
        except (DatabaseError, InterfaceError):
            log.warning("%s: the database is away", self.name, exc_info=True)
            return False
        return True

    async def _rest(self, seconds: float) -> None:
        """Wait, but not when told to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)


def backoff(failures: int) -> float:
    """Return seconds to wait before connecting again: longer each time, never all at once."""
    wait = min(_LONGEST_BACKOFF, 0.5 * 2.0 ** min(failures, 10))
    return wait * random.uniform(0.5, 1.0)  # noqa: S311 - no secret.


def _forgetting(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work`; a connection that failed is not used again."""
    try:
        return work(*args, **kwargs)
    except (DatabaseError, InterfaceError):
        forget_connection()
        raise


def _load(gateway_id: int) -> Gateway | None:
    """Return the gateway unless it was stopped or deleted."""
    return Gateway.objects.exclude(mode=Gateway.Mode.STOPPED).filter(pk=gateway_id).first()


def _settings(row: Gateway) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
