"""A program that sends: signed SendSms requests over kept connections; prints one JSON line.

    python -m benchmarks._api_load JSON

The argument says where, as whom, and how much; see `Load`. It is a process of its own, so that the
web process under measurement shares no interpreter with it.
"""

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections import Counter as Tally
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
SERVICE, ENDING = "sms", "tc3_request"


@dataclass
class Load:
    """What to do. With a `rate` requests begin at that pace, however long the others take."""

    port: int
    secret_id: str
    secret_key: str
    sdk_app_id: str
    template: str
    first: int
    connections: int
    seconds: float
    numbers: int = 1
    rate: float = 0.0
    keeps_times: bool = False


@dataclass
class LoadFound:
    """What came of it."""

    took: list[float] = field(default_factory=list)
    codes: Tally[str] = field(default_factory=Tally)
    asked_at: dict[str, float] = field(default_factory=dict)


class Signer:
    """Signs as the official SDKs do (TC3-HMAC-SHA256, content-type and host)."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._date = ""
        self._key = b""

    def head(self, body: bytes, key: str = "") -> bytes:
        """Return the head of a POST with this body, and with an Idempotency-Key if there is one."""
        load, now = self._load, int(time.time())
        date = time.strftime("%Y-%m-%d", time.gmtime(now))
        if date != self._date:
            self._date, self._key = date, self._derived(date)
        scope = f"{date}/{SERVICE}/{ENDING}"
        canonical = (
            f"POST\n/\n\ncontent-type:application/json\nhost:{HOST}:{load.port}\n\n"
            f"content-type;host\n{hashlib.sha256(body).hexdigest()}"
        )
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{digest}"
        signature = hmac.new(self._key, text.encode(), "sha256").hexdigest()
        once = f"Idempotency-Key: {key}\r\n" if key else ""
        return (
            f"POST / HTTP/1.1\r\nHost: {HOST}:{load.port}\r\nContent-Type: application/json\r\n"
            f"X-TC-Action: SendSms\r\nX-TC-Version: 2021-01-11\r\nX-TC-Timestamp: {now}\r\n"
            f"X-TC-Region: ap-singapore\r\nAuthorization: TC3-HMAC-SHA256 "
            f"Credential={load.secret_id}/{scope}, SignedHeaders=content-type;host, "
            f"Signature={signature}\r\n{once}"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()

    def _derived(self, date: str) -> bytes:
        key = b"TC3" + self._load.secret_key.encode()
        for word in (date, SERVICE, ENDING):
            key = hmac.digest(key, word.encode(), "sha256")
        return key


class LoadProgram:
    """Sends until time is over; every number is asked for once."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._signer = Signer(load)
        self._next = load.first
        self.found = LoadFound()

    async def run(self) -> float:
        """Send from all connections; return the seconds it took."""
        began = time.perf_counter()
        self._over = began + self._load.seconds
        self._began, self._begun = began, 0
        await asyncio.gather(*(self._connection() for _ in range(self._load.connections)))
        return time.perf_counter() - began

    async def _connection(self) -> None:
        reader, writer = await asyncio.open_connection(HOST, self._load.port)
        while await self._turn():
            numbers = self._numbers()
            body = body_of(self._load, numbers)
            asked_at, asked = time.time(), time.perf_counter()
            writer.write(self._signer.head(body) + body)
            answer = json.loads(await read_answer(reader))["Response"]
            self.found.took.append(time.perf_counter() - asked)
            self._note(answer, numbers, asked_at)
        writer.close()

    async def _turn(self) -> bool:
        """Wait for the next place in the pace; False when time is over."""
        if self._load.rate:
            at = self._began + self._begun / self._load.rate
            self._begun += 1
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
        return time.perf_counter() < self._over

    def _numbers(self) -> list[str]:
        first, self._next = self._next, self._next + self._load.numbers
        return [f"+{447_400_000_000 + index}" for index in range(first, self._next)]

    def _note(self, answer: dict[str, Any], numbers: list[str], asked_at: float) -> None:
        if "Error" in answer:
            self.found.codes[answer["Error"]["Code"]] += len(numbers)
            return
        self.found.codes.update(row["Code"] for row in answer.get("SendStatusSet", ()))
        if self._load.keeps_times:
            self.found.asked_at.update(dict.fromkeys(numbers, asked_at))


def body_of(load: Load, numbers: list[str]) -> bytes:
    """Return a SendSms of one text to these numbers."""
    return json.dumps(
        {
            "PhoneNumberSet": numbers,
            "SmsSdkAppId": load.sdk_app_id,
            "TemplateId": load.template,
            "TemplateParamSet": ["Thursday"],
            "SessionContext": numbers[0],
        }
    ).encode()


async def read_answer(reader: asyncio.StreamReader) -> bytes:
    """Return the body of an answer; raise ValueError where its head has no length."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return await reader.readexactly(int(line[15:]))
    raise ValueError(f"an answer without a length: {head!r}")


def main() -> None:
    """Send, and print what came of it."""
    program = LoadProgram(load := Load(**json.loads(sys.argv[1])))
    seconds = asyncio.run(program.run())
    found = program.found
    took = sorted(found.took)
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    print(
        json.dumps(
            {
                "requests": len(took),
                "per_second": round(len(took) / seconds, 1),
                "numbers_per_second": round(found.codes["Ok"] / seconds, 1),
                "codes": dict(found.codes),
                "asked_at": found.asked_at,
                "connections": load.connections,
                **{
                    f"{name}_ms": round(took[int(len(took) * share)] * 1000, 1)
                    for name, share in shares.items()
                },
            }
        )
    )


if __name__ == "__main__":
    main()
