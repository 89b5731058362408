"""Ends of a connection for tests: a clock set by hand, a transport that only remembers."""

from __future__ import annotations

import asyncio
import functools
import heapq
import itertools
from collections.abc import Awaitable, Callable

from sending.smpp.codec import decode, encode
from sending.smpp.framing import Framer
from sending.smpp.pdu import Body, Pdu

PATIENCE = 120.0
"""Seconds; a machine may be slow, and a test that goes well does not wait."""


def on_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an async test on a loop of its own; one that hangs fails."""

    @functools.wraps(test)
    def run(*args: object, **kwargs: object) -> None:
        async def patiently() -> None:
            async with asyncio.timeout(PATIENCE):
                await test(*args, **kwargs)

        asyncio.run(patiently())

    return run


class Handle:
    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class ManualClock:
    """A Clock that moves only when told to."""

    def __init__(self) -> None:
        self._now = 1_000.0
        self._due: list[tuple[float, int, Handle]] = []
        self._order = itertools.count()

    def time(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Handle:
        handle = Handle(callback)
        heapq.heappush(self._due, (self._now + delay, next(self._order), handle))
        return handle

    def advance(self, seconds: float) -> None:
        """Move on, calling what falls due in its order."""
        end = self._now + seconds
        while self._due and self._due[0][0] <= end:
            at, _, handle = heapq.heappop(self._due)
            self._now = at
            if not handle.cancelled:
                handle.callback()
        self._now = end


class Wire(asyncio.Transport):
    """Remembers what was written and tells the protocol when it is closed."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self.protocol = protocol
        self.writes: list[bytes] = []
        self._read = 0
        self._closing = False
        protocol.connection_made(self)

    def write(self, data: bytes) -> None:
        assert not self._closing, "written to a closed transport"
        self.writes.append(bytes(data))

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def abort(self) -> None:
        self.close()

    def pdus(self) -> list[Pdu]:
        """What was written since the last look."""
        new = b"".join(self.writes[self._read :])
        self._read = len(self.writes)
        return [decode(frame) for frame in Framer().feed(new)]

    def receive(self, body: Body, sequence_number: int, command_status: int = 0) -> None:
        """Let the protocol receive one PDU."""
        self.protocol.data_received(encode(body, sequence_number, command_status))


async def turns(count: int = 5) -> None:
    """Let the loop do what is ready."""
    for _ in range(count):
        await asyncio.sleep(0)
