"""One bound connection: what is claimed goes out in order of lane, at the allowed rate."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import ParamSpec, Protocol, TypeVar

from django.db import DatabaseError, InterfaceError

from accounts import shared_time
from sending.delivery.attempt import Attempt
from sending.delivery.queue import claims
from sending.delivery.queue.claims import Outgoing
from sending.delivery.sender import results, submit
from sending.delivery.sender.bind_session import BindSession
from sending.delivery.sender.journal import JournalBroken
from sending.delivery.sender.prefetch import Prefetch
from sending.delivery.sender.rate_limiter import RateLimiter
from sending.delivery.sender.results import Finished
from sending.error_codes.reasons import Reason
from sending.gateways.base import GatewayClient, WritesTogether
from sending.lifecycle import LANES_BY_PRIORITY, Lane
from sending.models import Gateway

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

# A claim is about one second of the allowed rate, and at most two full batches; while one goes out
# the next is claimed.
LARGEST_CLAIM = 1000
_AT_HAND = 2 * LARGEST_CLAIM
POLL_SECONDS = 0.2
_FLUSH_SECONDS = 0.1
# While so many results come within that time, others are waited for, but not more often than that.
_BUSY = 50
_BUSY_WAITS = 3
_URGENT_ROOM = 50
_URGENT: tuple[Lane, ...] = tuple(lane for lane in LANES_BY_PRIORITY if lane is not Lane.BULK)


class InDatabase(Protocol):
    """Runs a function in the thread that talks to the database."""

    def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Return what `work` returns, or raise what it raises."""
        ...


class Connection:
    """Feeds one open gateway until it is told to stop or the gateway is gone."""

    def __init__(
        self,
        row: Gateway,
        client: GatewayClient,
        bind_session: BindSession,
        in_database: InDatabase,
        in_results: InDatabase,
    ) -> None:
        share = max(row.rate / row.bind_slots, 0.1)
        self._row = row
        self._client = client
        self._bind_session = bind_session
        self._in_database = in_database
        self._in_results = in_results
        self._rate_limiter = RateLimiter(share)
        self._target = max(1, min(_AT_HAND, int(share)))
        self._window = asyncio.Semaphore(row.window)
        self._prefetch = Prefetch()
        self._bell = asyncio.Event()
        self._work = asyncio.Event()
        self._landed = asyncio.Event()
        self._flying: set[asyncio.Task[None]] = set()
        self._finished: list[Finished] = []
        self._stopping = False
        # Whether the client has the journal written out before it writes.
        self._together = isinstance(client, WritesTogether) and bool(client.before_flush)
        self._write_out_due = False

    @property
    def in_window(self) -> int:
        """Submits that wait for their answer."""
        return self._client.in_window

    def notify(self) -> None:
        """Look for due batches now."""
        self._bell.set()

    async def run(self, until: Awaitable[object]) -> None:
        """Send until `until` is done, the lease is over, or the connection is gone.

        Call `finish` afterwards, whatever this raised.
        """
        feeding = asyncio.ensure_future(self._feed())
        others = [
            asyncio.ensure_future(self._dispatch()),
            asyncio.ensure_future(self._write()),
            asyncio.ensure_future(until),
            asyncio.ensure_future(self._client.closed()),
        ]
        try:
            await asyncio.wait([feeding, *others], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._stopping = True
            self._bell.set()
            for task in others:
                task.cancel()
            # Never cancelled: a claim that is under way must not be forgotten.
            outcomes = await asyncio.gather(feeding, *others, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    async def finish(self, seconds: float) -> bool:
        """Hand back what was not sent, wait for answers, and write everything down.

        Return False when time was over before the database knew all: the journal knows it.
        """
        for item in self._prefetch.take_out():
            self._land(item, not_sent(item))
        limit = asyncio.get_running_loop().time() + seconds
        # Others can send it while we wait for answers.
        await self._flush()
        if self._flying:
            await asyncio.wait(set(self._flying), timeout=seconds * 0.7)
        for task in self._flying:
            task.cancel()
        await asyncio.gather(*self._flying)
        # What the database takes is written, however late it is; one that is away is given up.
        while self._finished:
            if await self._flush():
                continue
            if asyncio.get_running_loop().time() >= limit:
                break
            await asyncio.sleep(POLL_SECONDS)
        return self._prefetch.empty

    async def _feed(self) -> None:
        """Keep about a second's worth of messages at hand."""
        while not self._stopping and self._bind_session.valid:
            self._bell.clear()
            try:
                await self._withdraw()
                found = await self._claim()
            except (DatabaseError, InterfaceError):
                log.exception("%s: the database cannot be asked", self._row.name)
                found = False
                await asyncio.sleep(1.0)
            if not found:
                await _first(self._bell, POLL_SECONDS)

    async def _claim(self) -> bool:
        """Claim what there is room for; urgent messages always have some."""
        if self._bind_session.wants_rotation:
            if self._prefetch.empty:
                await self._in_database(self._bind_session.rotate)
            return False
        room = self._target - len(self._prefetch)
        lanes: tuple[Lane, ...] = LANES_BY_PRIORITY
        limit = min(room, LARGEST_CLAIM)
        if room <= self._target // 2:
            lanes, limit = _URGENT, room + _URGENT_ROOM
        if limit <= 0:
            return False
        claim = await self._in_database(self._bind_session.claim, self._row, limit, lanes)
        if claim.number:
            self._bind_session.journal.note_claim(claim.number)
        self._prefetch.add(claim)
        if claim.outgoing:
            self._work.set()
        return bool(claim.open)

    async def _withdraw(self) -> None:
        """Hand back what was stopped meanwhile, or all when the circuit is open."""
        if not len(self._prefetch):
            return
        stopped = await self._in_database(
            claims.to_hand_back,
            self._row,
            self._prefetch.tasks(),
            self._prefetch.applications(),
        )
        for item in self._prefetch.take_out(stopped):
            self._land(item, not_sent(item))

    async def _dispatch(self) -> None:
        """At every free place of the window send the message that goes first."""
        while True:
            await self._window.acquire()
            item = await self._next()
            task = asyncio.ensure_future(self._fly(item))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)

    async def _next(self) -> Outgoing:
        """Wait for a message and its moment; a more urgent one may come in between."""
        while True:
            await self._work.wait()
            if delay := self._rate_limiter.reserve():
                await asyncio.sleep(delay)
            if (item := self._take()) is not None:
                return item

    def _take(self) -> Outgoing | None:
        """Take the message that goes first, and ask for more in time."""
        item = self._prefetch.next()
        waiting = len(self._prefetch)
        if not waiting:
            self._work.clear()
        if waiting == self._target // 2:
            self._bell.set()
        return item

    async def _fly(self, first: Outgoing) -> None:
        """Send a message, and in its place of the window those that may follow at once."""
        item: Outgoing | None = first
        while item is not None:
            self._land(item, await self._send(item))
            at_once = not self._stopping and self._work.is_set() and self._rate_limiter.take()
            item = self._take() if at_once else None
        self._window.release()

    async def _send(self, item: Outgoing) -> Attempt:
        bind_session = self._bind_session
        attempt = await submit.send(
            item,
            self._client,
            bind_session.journal,
            may_write=lambda: bind_session.valid,
            next_moment=self._rate_limiter.reserve,
            together=self._together,
        )
        if self._together and not self._write_out_due:
            self._write_out_due = True
            asyncio.get_running_loop().call_soon(self._write_out)
        if attempt.answers and attempt.answers[-1].said in results.THROTTLING:
            self._rate_limiter.slow_down()
        return attempt

    def _write_out(self) -> None:
        """Bring the answers of this turn of the loop into the journal."""
        self._write_out_due = False
        with contextlib.suppress(JournalBroken):
            self._bind_session.write_out()

    def _land(self, item: Outgoing, attempt: Attempt) -> None:
        finished = Finished(
            organization_id=item.organization_id,
            task_id=item.task_id,
            lane=item.lane,
            batch_id=item.batch_id,
            attempt=attempt,
            at=shared_time.now(),
        )
        self._finished.append(finished)
        self._landed.set()

    async def _write(self) -> None:
        """Write results in bulk, a few times a second."""
        while True:
            await self._landed.wait()
            self._landed.clear()
            while self._finished:
                await self._gather()
                if not await self._flush():
                    await asyncio.sleep(1.0)

    async def _gather(self) -> None:
        """Wait for company: few results at a time cost the database as much as many."""
        for _wait in range(_BUSY_WAITS):
            before = len(self._finished)
            if before >= LARGEST_CLAIM:
                return
            await asyncio.sleep(_FLUSH_SECONDS)
            if len(self._finished) - before < _BUSY:
                return

    async def _flush(self) -> bool:
        """Write the oldest results. They stay here until the database has them for certain."""
        taken = self._finished[:LARGEST_CLAIM]
        if not taken:
            return True
        pairs = [(item.batch_id, item.attempt.key.message_id) for item in taken]
        closed = self._prefetch.would_close(pairs)
        try:
            await self._in_results(results.write, self._row, taken, closed)
        except (DatabaseError, InterfaceError):
            log.exception("%s: results cannot be written yet", self._row.name)
            return False
        del self._finished[: len(taken)]
        self._prefetch.written(pairs)
        return True


def not_sent(item: Outgoing) -> Attempt:
    """Return the attempt of a message that never went to the wire."""
    return Attempt(
        key=item.key, segments=item.segments, before=item.before, answers=(), code=Reason.NOT_SENT
    )


async def _first(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but not longer."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
