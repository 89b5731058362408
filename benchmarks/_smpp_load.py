"""Clients that bind to the SMPP server, keep their windows full, and later fetch their receipts.

    python -m benchmarks._smpp_load JSON

The argument says where, as whom, and how much; see `SmppLoad`. It is a process of its own, so that
the server under measurement shares no interpreter with it. Its PDUs are put together by hand:
whatever it spends is not left for the server.
"""

import asyncio
import json
import struct
import sys
import time
from collections import Counter as Tally
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Any

HOST = "127.0.0.1"
_HEADER = struct.Struct(">IIII")
_BIND, _SUBMIT, _DELIVER, _ENQUIRE, _UNBIND = 0x09, 0x04, 0x05, 0x15, 0x06
_RESP = 0x80000000
_SETTLE_SECONDS = 30.0


@dataclass
class SmppLoad:
    """What to do: submit for so many seconds over so many binds, or fetch so many receipts.

    Binds take the accounts of `system_ids` in turn; `window` is of each bind. The numbers begin at
    `first`; each is used once. `seconds` of 0 submit nothing and wait for `receipts`.
    """

    port: int
    system_ids: list[str]
    password: str
    text: str
    first: int
    binds: int = 4
    window: int = 20
    seconds: float = 0.0
    receipts: int = 0
    source: str = ""
    registered: int = 1
    ids: str = ""


class SmppLoadBind(asyncio.Protocol):
    """One transceiver whose window is always full, until time is over."""

    def __init__(self, program: "SmppLoadProgram", system_id: str) -> None:
        self._program, self._system_id = program, system_id
        self._rest = b""
        self._sequence = 1
        self._sent_at: dict[int, float] = {}
        self.bound: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Bind."""
        self._transport: Any = transport
        load = self._program.load
        name, secret = self._system_id.encode(), load.password.encode()
        body = name + b"\0" + secret + b"\0\0" + b"\x34\0\0\0"
        transport.write(_HEADER.pack(16 + len(body), _BIND, 0, 1) + body)  # type: ignore[attr-defined]

    def connection_lost(self, problem: Exception | None) -> None:
        """Note what was not answered."""
        del problem
        self._program.unanswered += len(self._sent_at)
        if not self.over.done():
            self.over.set_result(None)

    def begin(self) -> None:
        """Fill the window."""
        self._transport.writelines([self._next() for _ in range(self._program.load.window)])

    def data_received(self, data: bytes) -> None:
        """Take whole PDUs out of what came."""
        data = self._rest + data
        at, size, out = 0, len(data), []
        while size - at >= 16:
            length, command, status, sequence = _HEADER.unpack_from(data, at)
            if size - at < length:
                break
            if answer := self._take(command, status, sequence, data[at + 16 : at + length]):
                out.append(answer)
            at += length
        self._rest = data[at:]
        if out:
            self._transport.write(b"".join(out))

    def _take(self, command: int, status: int, sequence: int, body: bytes) -> bytes:
        """Return what follows from one PDU."""
        if command == _RESP | _SUBMIT:
            return self._answered(status, sequence, body)
        if command == _DELIVER:
            self._program.receive(body)
            return _HEADER.pack(17, _RESP | _DELIVER, 0, sequence) + b"\0"
        if command == _ENQUIRE:
            return _HEADER.pack(16, _RESP | _ENQUIRE, 0, sequence)
        if command == _RESP | _BIND:
            self.bound.set_result(status)
        if command in {_UNBIND, _RESP | _UNBIND}:
            self._transport.close()
        return b""

    def _answered(self, status: int, sequence: int, body: bytes) -> bytes:
        now = time.perf_counter()
        self._program.note(status, now - self._sent_at.pop(sequence), body)
        if now < self._program.over_at:
            return self._next()
        if not self._sent_at and not self.over.done():
            self.over.set_result(None)
        return b""

    def _next(self) -> bytes:
        self._sequence += 1
        self._sent_at[self._sequence] = time.perf_counter()
        body = self._program.next_body()
        return _HEADER.pack(16 + len(body), _SUBMIT, 0, self._sequence) + body

    def unbind(self) -> None:
        """Say goodbye."""
        self._transport.write(_HEADER.pack(16, _UNBIND, 0, self._sequence + 1))


class SmppLoadProgram:
    """All binds, and what came of them."""

    def __init__(self, load: SmppLoad) -> None:
        self.load = load
        self.took: list[float] = []
        self.statuses: Tally[int] = Tally()
        self.ids: list[bytes] = []
        self.receipts: Tally[bytes] = Tally()
        self.received_at: list[float] = []
        self.unanswered = 0
        self._number = 447_400_000_000 + load.first
        source = load.source.encode()
        # TON 5 is alphanumeric; an empty source is the account's own.
        self._head = b"\0" + (b"\x05\0" if source else b"\0\0") + source + b"\0\x01\x01"
        text = load.text.encode("ascii")
        flags = bytes([load.registered, 0, 0, 0, len(text)])
        self._tail = b"\0" + b"\0\0\0" + b"\0\0" + flags + text

    def next_body(self) -> bytes:
        """Return the body of a submit_sm to the next number."""
        self._number += 1
        return self._head + str(self._number).encode() + self._tail

    def note(self, status: int, seconds: float, body: bytes) -> None:
        """Count an answer."""
        self.took.append(seconds)
        self.statuses[status] += 1
        if not status:
            self.ids.append(body.partition(b"\0")[0])

    def receive(self, body: bytes) -> None:
        """Count a receipt by the id in its text."""
        self.received_at.append(time.perf_counter())
        begin = body.find(b"id:") + 3
        self.receipts[body[begin : body.find(b" ", begin)]] += 1

    async def run(self) -> dict[str, Any]:
        """Do it, and return what was measured."""
        loop, load = asyncio.get_running_loop(), self.load
        self.over_at = time.perf_counter() + load.seconds
        binds = []
        for _bind, system_id in zip(range(load.binds), cycle(load.system_ids), strict=False):
            make = partial(SmppLoadBind, self, system_id)
            _transport, bind = await loop.create_connection(make, HOST, load.port)
            if status := await bind.bound:
                raise SystemExit(f"the bind was refused with 0x{status:X}")
            binds.append(bind)
        bound = time.perf_counter()
        self.over_at = bound + load.seconds
        if load.seconds:
            for bind in binds:
                bind.begin()
            await asyncio.wait([bind.over for bind in binds], timeout=load.seconds + 30)
        submitted = time.perf_counter() - bound
        await self._receipts()
        for bind in binds:
            bind.unbind()
        await asyncio.sleep(0.2)
        return self._found(submitted, bound)

    async def _receipts(self) -> None:
        """Wait for so many receipts, as long as any come."""
        seen, quiet = 0, time.perf_counter()
        while len(self.receipts) < self.load.receipts:
            await asyncio.sleep(0.05)
            if len(self.received_at) > seen:
                seen, quiet = len(self.received_at), time.perf_counter()
            elif time.perf_counter() - quiet > _SETTLE_SECONDS:
                return

    def _found(self, submitted: float, bound: float) -> dict[str, Any]:
        took = sorted(self.took)
        shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99} if took else {}
        fetched = self.received_at[-1] - bound if self.received_at else 0.0
        if self.load.ids:
            with open(self.load.ids, "wb") as file:  # noqa: PTH123 (bytes of ids, at once)
                file.write(b"\n".join(self.ids))
        return {
            "accepted": self.statuses[0],
            "refused": {f"0x{status:X}": n for status, n in self.statuses.items() if status},
            "unanswered": self.unanswered,
            "seconds": round(submitted, 2),
            "per_second": round(self.statuses[0] / submitted, 1) if took else 0.0,
            "ids_twice": len(self.ids) - len(set(self.ids)),
            "receipts": sum(self.receipts.values()),
            "receipts_known": len(self.receipts),
            "receipts_per_second": round(len(self.receipts) / fetched, 1) if fetched else 0.0,
            **{
                f"{name}_ms": round(took[int(len(took) * share)] * 1000, 1)
                for name, share in shares.items()
            },
        }


def main() -> None:
    """Do it, and print what came of it."""
    program = SmppLoadProgram(SmppLoad(**json.loads(sys.argv[1])))
    print(json.dumps(asyncio.run(program.run())))


if __name__ == "__main__":
    main()
