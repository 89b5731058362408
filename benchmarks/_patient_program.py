"""A program that sends by the API and never gives up; what it hears is written to a file.

    python -m benchmarks._patient_program JSON

Each request has an Idempotency-Key and is asked for again with it until it is answered, whatever
breaks in between. And each is asked for twice, at the same moment or later: programs do both.
"""

import asyncio
import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from benchmarks._api_load import HOST, Load, Signer, body_of, read_answer

ANSWER_SECONDS = 5.0
PAUSE_SECONDS = 0.3
# How many numbers a request has: mostly one.
_SIZES = (1, 1, 1, 2, 5)
# Codes of calls that heard nothing, or something that is no envelope.
NOTHING, NO_ENVELOPE = "nothing", "no envelope"


@dataclass
class PatientLoad(Load):
    """What to send: `messages` from the number `first` on, spread over `seconds`.

    With `other_port` every second call goes to another host.
    """

    messages: int = 0
    seed: int = 0
    log: str = ""
    other_port: int = 0


class PatientRequest(NamedTuple):
    """One SendSms: when it is first asked for, in seconds, and whether twice at that moment."""

    at: float
    key: str
    numbers: list[str]
    twice_at_once: bool


class HeardAnswer(NamedTuple):
    """What one call heard: the code of the whole request, or [SerialNo, Code] of each number."""

    key: str
    numbers: list[str]
    code: str
    said: list[list[str]]


def heard(log: Path) -> Iterator[HeardAnswer]:
    """Read what was heard, in order."""
    for line in log.read_text(encoding="utf-8").splitlines():
        yield HeardAnswer(**json.loads(line))


def requests(load: PatientLoad) -> Iterator[PatientRequest]:
    """Cut the numbers into requests."""
    draw = random.Random(load.seed)
    sent = 0
    while sent < load.messages:
        size = min(draw.choice(_SIZES), load.messages - sent)
        first = load.first + sent
        yield PatientRequest(
            load.seconds * sent / load.messages,
            f"chaos-{first}",
            [f"+{447_400_000_000 + index}" for index in range(first, first + size)],
            twice_at_once=draw.random() < 0.5,
        )
        sent += size


class PatientProgram:
    """Sends all that it is told to."""

    def __init__(self, load: PatientLoad) -> None:
        self._load = load
        self._signer = Signer(load)
        self._ports = cycle([load.port, load.other_port or load.port])
        self._log = os.open(load.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def run(self) -> None:
        """Send, and return when everything is answered."""
        await asyncio.gather(*map(self._send, requests(self._load)))

    async def _send(self, request: PatientRequest) -> None:
        await asyncio.sleep(request.at)
        if request.twice_at_once:
            await asyncio.gather(self._insist(request), self._insist(request))
        else:
            await self._insist(request)
            await self._insist(request)

    async def _insist(self, request: PatientRequest) -> None:
        """Ask until there is an answer to each number."""
        while not (answer := await self._ask(request)).said:
            self._note(answer)
            await asyncio.sleep(PAUSE_SECONDS)
        self._note(answer)

    async def _ask(self, request: PatientRequest) -> HeardAnswer:
        nothing = HeardAnswer(request.key, request.numbers, NOTHING, [])
        body = body_of(self._load, request.numbers)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                octets = await self._post(self._signer.head(body, request.key) + body)
            answer = json.loads(octets)["Response"]
            if "Error" in answer:
                return nothing._replace(code=answer["Error"]["Code"])
            rows = answer["SendStatusSet"]
            said = [[row["SerialNo"], row["Code"]] for row in rows]
        except (OSError, EOFError):
            # The connection was refused, lost, or silent for too long.
            return nothing
        except (ValueError, LookupError, TypeError):
            return nothing._replace(code=NO_ENVELOPE)
        return nothing._replace(code="", said=said)

    async def _post(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(HOST, next(self._ports))
        try:
            writer.write(request)
            return await read_answer(reader)
        finally:
            writer.close()

    def _note(self, answer: HeardAnswer) -> None:
        os.write(self._log, json.dumps(answer._asdict()).encode() + b"\n")


if __name__ == "__main__":
    asyncio.run(PatientProgram(PatientLoad(**json.loads(sys.argv[1]))).run())
