"""A client of the SMPP server that never gives up: two binds, long texts, and its receipts.

    python -m benchmarks._patient_smpp JSON

What is answered with ESME_ROK is not submitted again. What is answered with an error, or with
nothing, is. It stays bound for receipts until it is ended.
"""

import asyncio
import contextlib
import json
import re
import sys
import time
from dataclasses import dataclass
from itertools import count

from benchmarks._door_log import PATIENT_PAUSE, DoorLog
from sending.smpp.client import ClientSession, connect
from sending.smpp.command_status import (
    ESME_RMSGQFUL,
    ESME_ROK,
    ESME_RSYSERR,
    ESME_RTHROTTLED,
)
from sending.smpp.commands import CommandId
from sending.smpp.errors import RequestError, RequestNotWritten
from sending.smpp.pdu import Bind, DeliverSm, SubmitSm, SubmitSmResp
from sending.smpp.session import SessionLimits

HOST = "127.0.0.1"
BINDS = 2
BUSY_SECONDS = 2.0
# The server asks its database for 30 seconds before it ends a connection without an answer.
LIMITS = SessionLimits(window=20, response_timeout=45.0)
# One text in so many is long, and comes in so many segments.
LONG_EVERY, SEGMENTS = 5, 3
_AGAIN = {ESME_RSYSERR, ESME_RMSGQFUL, ESME_RTHROTTLED}
_ID = re.compile(rb"id:(\d+)")
_IS_UDH, _RECEIPT = 0x40, 0x04


@dataclass
class SmppWish:
    """What to submit: a text to each number; every fifth is `long_text`.

    Half of them are spread over `seconds` since `began` (a Unix time), and half come around the
    `busy` ones, in which something breaks: there shall be something on the wire.
    """

    port: int
    system_id: str
    password: str
    text: str
    long_text: str
    numbers: list[str]
    began: float
    seconds: float
    busy: list[float]
    log: str


class PatientSmpp:
    """Submits all, and hears all receipts."""

    def __init__(self, wish: SmppWish) -> None:
        self._wish = wish
        self._log = DoorLog(wish.log)
        self._sessions: list[ClientSession] = []
        self._turn = count()

    async def run(self) -> None:
        """Submit, then stay bound until the process is ended."""
        async with asyncio.TaskGroup() as group:
            for _bind in range(BINDS):
                group.create_task(self._stay_bound())
            async with asyncio.TaskGroup() as submitting:
                for nth, number in enumerate(self._wish.numbers):
                    submitting.create_task(self._send(nth, number))
            self._log.note("done")

    async def _stay_bound(self) -> None:
        while True:
            with contextlib.suppress(OSError, RequestError):
                await self._bind()
            await asyncio.sleep(PATIENT_PAUSE)

    async def _bind(self) -> None:
        """Bind once, and return when the connection is gone."""
        session: ClientSession

        def delivered(sequence: int, pdu: DeliverSm) -> None:
            found = _ID.search(pdu.short_message)
            if pdu.esm_class & _RECEIPT and found:
                self._log.note("receipt", said=found[1].decode())
            session.answer_delivery(sequence, ESME_ROK)

        wish = self._wish
        session = await connect(HOST, wish.port, limits=LIMITS, on_deliver=delivered)
        try:
            bind = Bind(CommandId.bind_transceiver, wish.system_id, wish.password)
            if await session.bind(bind) != ESME_ROK:
                return
            self._sessions.append(session)
            await session.closed()
            self._sessions.remove(session)
        finally:
            session.abort()

    async def _send(self, nth: int, number: str) -> None:
        wish = self._wish
        await asyncio.sleep(wish.began + _second(wish, nth) - time.time())
        async with asyncio.TaskGroup() as group:
            for name, pdu in enumerate(_pdus(wish, nth, number)):
                group.create_task(self._insist(number, str(name), pdu))

    async def _insist(self, number: str, name: str, pdu: SubmitSm) -> None:
        while True:
            what, said = await self._submit(pdu)
            if what != "unsent":
                self._log.note(what, number, name, said)
            if what in {"ok", "refused"}:
                return
            await asyncio.sleep(PATIENT_PAUSE)

    async def _submit(self, pdu: SubmitSm) -> tuple[str, object]:
        if not self._sessions:
            return "unsent", ""
        session = self._sessions[next(self._turn) % len(self._sessions)]
        try:
            answer = await session.request(pdu)
        except RequestNotWritten:
            return "unsent", ""
        except RequestError as error:
            return "none", error.code
        if answer.command_status == ESME_ROK and isinstance(answer.body, SubmitSmResp):
            return "ok", answer.body.message_id
        what = "failed" if answer.command_status in _AGAIN else "refused"
        return what, f"0x{answer.command_status:X}"


def _second(wish: SmppWish, nth: int) -> float:
    """Return when a text is submitted."""
    share = nth / len(wish.numbers)
    if not wish.busy or not nth % 2:
        return wish.seconds * share
    around = wish.busy[nth // 2 % len(wish.busy)]
    return max(0.0, around + (share - 0.5) * BUSY_SECONDS)


def _pdus(wish: SmppWish, nth: int, number: str) -> list[SubmitSm]:
    """Return the PDUs of a text."""
    to = number.removeprefix("+")
    given = {"source_addr": "", "dest_addr_ton": 1, "dest_addr_npi": 1, "registered_delivery": 1}
    if nth % LONG_EVERY:
        text = wish.text.encode("ascii")
        return [SubmitSm(destination_addr=to, short_message=text, **given)]
    octets = wish.long_text.encode("ascii")
    size = -(-len(octets) // SEGMENTS)
    return [
        SubmitSm(
            destination_addr=to,
            esm_class=_IS_UDH,
            short_message=bytes([5, 0, 3, nth % 256, SEGMENTS, place + 1])
            + octets[place * size : (place + 1) * size],
            **given,
        )
        for place in range(SEGMENTS)
    ]


if __name__ == "__main__":
    asyncio.run(PatientSmpp(SmppWish(**json.loads(sys.argv[1]))).run())
