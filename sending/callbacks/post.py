"""One POST to a receiver that may be anybody's, within bounds of time and size.

The name is looked up once and what was checked is what is connected to (gateways/connecting.py).
Redirects are not followed, proxies of the environment are not asked, and an answer has a head of at
most 64 KB and a body of at most 64 KB, whatever it says of its length.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from sending.callbacks.target import Target
from sending.gateways.addresses import Network
from sending.gateways.base import SubmitError, Unreachable
from sending.gateways.connecting import connect_to
from sending.gateways.http.answer import HttpAnswer
from sending.gateways.http.call import Call
from sending.gateways.http.link import Link

logger = logging.getLogger(__name__)

# All of it: looking the name up, connecting, TLS, writing, and every octet of the answer.
MOST_SECONDS = 10.0
LONGEST_BODY = 64 * 1024

NO_ANSWER_IN_TIME = "NO_ANSWER_IN_TIME"
FAILED = "FAILED"
RESULT = "RESULT"
"""It was answered with 2xx, and its JSON says that the result is not 0."""
_LONGEST_RESULT = 20


@dataclass(frozen=True, slots=True)
class Posting:
    """A request to be made, complete but for the headers of transport."""

    target: Target
    headers: Sequence[tuple[str, str]] = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str = "application/json"
    # Whether somebody reads more of the answer than that it is a success.
    keeps_answer: bool = False


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What became of it. `error` is empty for a success; `status` is None without an answer."""

    status: int | None
    milliseconds: int
    error: str
    body: bytes = field(default=b"", repr=False)


async def post(posting: Posting, networks: Sequence[Network]) -> CallbackAnswer:
    """Make a request and judge its answer; raise nothing."""
    began = time.monotonic()
    status, error, body = None, "", b""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            answer = await _exchange(posting, networks)
        status, error = answer.status, judged(answer)
        body = answer.body if posting.keeps_answer else b""
    except TimeoutError:
        error = NO_ANSWER_IN_TIME
    except Unreachable as problem:
        error = problem.code
    except SubmitError as problem:
        error = problem.code
    except Exception:
        # Whatever a receiver sends harms nobody else's callbacks.
        logger.exception("a callback to %s failed", posting.target.origin.authority)
        error = FAILED
    return CallbackAnswer(status, round((time.monotonic() - began) * 1000), error, body)


async def _exchange(posting: Posting, networks: Sequence[Network]) -> HttpAnswer:
    origin = posting.target.origin
    tls = tls_context() if origin.scheme == "https" else None
    loop = asyncio.get_running_loop()

    async def link_to(address: str) -> Link:
        # The certificate is for the name, and so is the Host header.
        name = origin.host if tls else None
        _, link = await loop.create_connection(
            lambda: Link(LONGEST_BODY), address, origin.port, ssl=tls, server_hostname=name
        )
        return link

    link = await connect_to(
        origin.host,
        origin.port,
        link_to,
        networks=networks,
        patience=MOST_SECONDS,
        tls=tls is not None,
    )
    try:
        return await link.write(_call(posting), lambda: None)
    finally:
        link.abort()


@cache
def tls_context() -> ssl.SSLContext:
    """Return how receivers are verified: by the authorities that this machine trusts."""
    return ssl.create_default_context()


def _call(posting: Posting) -> Call:
    transport = [
        ("Host", posting.target.origin.authority),
        ("User-Agent", "sms-console"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        ("Content-Type", posting.content_type),
        ("Content-Length", str(len(posting.body))),
    ]
    return Call("POST", posting.target.path, (*transport, *posting.headers), posting.body)


def judged(answer: HttpAnswer) -> str:
    """Return what is wrong with an answer; nothing if it is 2xx and its result, if any, is 0."""
    if answer.status // 100 != 2:
        return f"HTTP_{answer.status}"
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(document, dict) or "result" not in document:
        return ""
    result = document["result"]
    if result == "0" or (result == 0 and not isinstance(result, bool)):
        return ""
    said = str(result) if isinstance(result, int) and not isinstance(result, bool) else ""
    return f"{RESULT}_{said}" if 0 < len(said) <= _LONGEST_RESULT else RESULT
