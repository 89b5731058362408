"""The HTTP gateway: a few connections to one server, and one request for each message."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import Callable

from sending.gateways.base import (
    GatewayConfig,
    NotWritten,
    ReceiptSink,
    SubmitRefused,
    SubmitRequest,
    SubmitResult,
    Tls,
    Unanswered,
    Unreachable,
)
from sending.gateways.connecting import connect_to
from sending.gateways.connection_errors import SETTINGS, TLS_SETTINGS
from sending.gateways.http.answer import HttpAnswer, read_answer
from sending.gateways.http.call import Call, to_call
from sending.gateways.http.fields import reference_of
from sending.gateways.http.link import Link
from sending.gateways.http.settings import (
    AnswerSettings,
    RequestSettings,
    SettingsError,
    answer_settings,
    request_settings,
)
from sending.gateways.tls import PemError, tls_context

logger = logging.getLogger(__name__)

# A server closes an idle connection without warning; a request that meets this is in doubt.
_IDLE_SECONDS = 4.0


class HttpClient:
    """Opens once; when the server cannot be reached any more, a new object tries again."""

    def __init__(self, config: GatewayConfig) -> None:
        self._config = config
        self._request: RequestSettings | None = None
        self._answers: AnswerSettings | None = None
        self._tls: ssl.SSLContext | None = None
        self._server_name = (config.tls and config.tls.server_name) or None
        self._places = asyncio.Semaphore(config.window)
        self._idle: deque[tuple[float, Link]] = deque()
        self._written: set[asyncio.Future[HttpAnswer]] = set()
        self._closing = False
        self._gone = asyncio.Event()

    @property
    def bound(self) -> bool:
        """Whether requests can be written now."""
        return self._request is not None and not self._closing and not self._gone.is_set()

    @property
    def in_window(self) -> int:
        """Requests written and not yet answered."""
        return len(self._written)

    async def open(self, receipts: ReceiptSink) -> None:
        """Read the settings and connect; raise Unreachable. Receipts come to our address."""
        del receipts
        try:
            request = request_settings(self._config.settings)
            self._answers = answer_settings(self._config.settings)
            if request.origin.scheme == "https":
                self._tls = tls_context(self._config.tls or Tls())
        except SettingsError as error:
            raise Unreachable(SETTINGS, str(error)) from error
        except (PemError, OSError) as error:
            raise Unreachable(TLS_SETTINGS, str(error)) from error
        link = await self._connect(request)
        self._request = request
        self._keep(link)

    async def submit(
        self, request: SubmitRequest, before_write: Callable[[], None]
    ) -> SubmitResult:
        """Submit one whole message; raise SubmitRefused, NotWritten or Unanswered."""
        if self._request is None or self._answers is None:
            raise NotWritten("NOT_BOUND")
        try:
            call = to_call(request, self._request, self._config)
        except ValueError as error:
            logger.warning("message %d makes no request: %s", request.message_id, error)
            raise SubmitRefused("PDU_INVALID") from error
        async with self._places:
            answer = await self._exchange(await self._link(self._request), call, before_write)
        return read_answer(self._answers, answer, reference_of(request))

    async def close(self) -> None:
        """Take no more requests, wait for answers up to the response timeout, disconnect."""
        self._closing = True
        if self._written:
            await asyncio.wait(self._written, timeout=self._config.response_timeout)
        while self._idle:
            self._idle.pop()[1].abort()
        self._gone.set()

    async def closed(self) -> None:
        """Return when the server cannot be reached any more."""
        await self._gone.wait()

    async def _exchange(
        self, link: Link, call: Call, before_write: Callable[[], None]
    ) -> HttpAnswer:
        try:
            waiting = link.write(call, before_write)
        except ValueError as error:
            raise SubmitRefused("PDU_INVALID") from error
        self._written.add(waiting)
        try:
            async with asyncio.timeout(self._config.response_timeout):
                answer = await waiting
        except TimeoutError as error:
            raise Unanswered("RESPONSE_TIMEOUT") from error
        finally:
            self._written.discard(waiting)
            if link.usable and not self._closing:
                self._keep(link)
            else:
                link.abort()
        return answer

    async def _link(self, request: RequestSettings) -> Link:
        """Return a connection that stands; raise NotWritten."""
        if not self.bound:
            raise NotWritten("NOT_BOUND")
        fresh = asyncio.get_running_loop().time() - _IDLE_SECONDS
        while self._idle:
            since, link = self._idle.pop()
            if link.usable and since >= fresh:
                return link
            link.abort()
        try:
            return await self._connect(request)
        except ConnectionError as error:
            logger.warning("no connection to %s: %s", request.origin.authority, error)
            self._gone.set()
            raise NotWritten("NOT_CONNECTED") from error

    async def _connect(self, request: RequestSettings) -> Link:
        """Connect; raise Unreachable."""
        loop = asyncio.get_running_loop()
        tls, origin = self._tls, request.origin
        # The certificate is for the name, and so is the Host header (http/call.py).
        name = (self._server_name or origin.host) if tls else None

        async def link_to(address: str) -> Link:
            _, link = await loop.create_connection(
                Link,
                address,
                origin.port,
                ssl=tls,
                server_hostname=name,
                # Sooner than the whole attempt, so that it shows which was not answered.
                ssl_handshake_timeout=self._config.response_timeout / 2 if tls else None,
            )
            return link

        return await connect_to(
            origin.host,
            origin.port,
            link_to,
            networks=self._config.networks,
            patience=self._config.response_timeout,
            tls=tls is not None,
        )

    def _keep(self, link: Link) -> None:
        self._idle.append((asyncio.get_running_loop().time(), link))
