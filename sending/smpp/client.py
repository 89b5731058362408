"""The ESME's end of a connection: bind, submit_sm out, deliver_sm in."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from sending.smpp.clock import Clock
from sending.smpp.command_status import ESME_ROK
from sending.smpp.pdu import Bind, DeliverSm, DeliverSmResp, Pdu
from sending.smpp.session import Session, SessionLimits

# Gets the sequence_number to answer and what was delivered.
DeliverHandler = Callable[[int, DeliverSm], None]
_DELIVER_SM_RESP = DeliverSmResp()


class ClientSession(Session):
    """A connection to a message centre; ``on_deliver`` must answer each deliver_sm in time."""

    def __init__(
        self, limits: SessionLimits, on_deliver: DeliverHandler, clock: Clock | None = None
    ) -> None:
        super().__init__(limits, clock)
        self._on_deliver = on_deliver

    async def bind(self, bind: Bind) -> int:
        """Bind and return the command_status; a RequestError when no answer came."""
        answer = await self.request_now(bind)
        self.bound = answer.command_status == ESME_ROK
        return answer.command_status

    def answer_delivery(self, sequence_number: int, command_status: int) -> None:
        """Answer one deliver_sm."""
        self.respond(sequence_number, _DELIVER_SM_RESP, command_status)

    def handle_request(self, pdu: Pdu) -> None:
        """Hand deliver_sm on; receipts may come right behind the answer to the bind."""
        if isinstance(pdu.body, DeliverSm):
            self._on_deliver(pdu.sequence_number, pdu.body)
        else:
            super().handle_request(pdu)


async def connect(
    host: str,
    port: int,
    *,
    limits: SessionLimits,
    on_deliver: DeliverHandler,
    tls: ssl.SSLContext | None = None,
    server_name: str | None = None,
) -> ClientSession:
    """Open the TCP (or TLS) connection; raise OSError. asyncio sets TCP_NODELAY itself.

    `server_name` is what the certificate must name in place of the host.
    """
    loop = asyncio.get_running_loop()
    _, session = await loop.create_connection(
        lambda: ClientSession(limits, on_deliver),
        host,
        port,
        ssl=tls,
        server_hostname=server_name if tls else None,
        # Sooner than the whole attempt, so that it shows which of the two was not answered.
        ssl_handshake_timeout=limits.response_timeout / 2 if tls else None,
    )
    return session
