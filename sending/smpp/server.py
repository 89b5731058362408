"""The message centre's end of a connection, for the simulator and for tests."""

from __future__ import annotations

import asyncio
import ssl
from typing import Protocol

from sending.smpp.clock import Clock
from sending.smpp.command_status import ESME_RALYBND, ESME_RINVBNDSTS, ESME_ROK
from sending.smpp.commands import CommandId, response_to
from sending.smpp.pdu import (
    INTERFACE_VERSION,
    Bind,
    BindResp,
    Pdu,
    SubmitSm,
    SubmitSmResp,
)
from sending.smpp.session import Session, SessionLimits
from sending.smpp.tlv import Tag

_VERSION_TLV: dict[int, bytes] = {Tag.sc_interface_version: bytes([INTERFACE_VERSION])}


class MessageCentre(Protocol):
    """What a server session asks of the program behind it."""

    system_id: str

    def connected(self, session: ServerSession) -> None:
        """A client has connected."""
        ...

    def check_bind(self, bind: Bind) -> int:
        """Return the command_status for this bind."""
        ...

    def bound(self, session: ServerSession) -> None:
        """The bind was accepted and answered."""
        ...

    def submitted(self, session: ServerSession, sequence_number: int, submit_sm: SubmitSm) -> None:
        """Decide about a submit_sm; answer it through the session, now or later."""
        ...

    def disconnected(self, session: ServerSession) -> None:
        """The connection is gone."""
        ...


class ServerSession(Session):
    """One client's connection."""

    def __init__(
        self, centre: MessageCentre, limits: SessionLimits, clock: Clock | None = None
    ) -> None:
        super().__init__(limits, clock)
        self._centre = centre
        self.client: Bind | None = None

    @property
    def receives(self) -> bool:
        """Whether deliver_sm may be sent to it (clause 2.3)."""
        return (
            self.bound
            and self.client is not None
            and self.client.command_id is not CommandId.bind_transmitter
        )

    def accept(self, sequence_number: int, message_id: str) -> None:
        """Answer a submit_sm with its message_id."""
        self.respond(sequence_number, SubmitSmResp(message_id))

    def refuse(self, sequence_number: int, command_status: int) -> None:
        """Answer a submit_sm with an error."""
        self.respond(sequence_number, SubmitSmResp(), command_status)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Tell the message centre."""
        super().connection_made(transport)
        self._centre.connected(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the message centre."""
        super().connection_lost(exc)
        self._centre.disconnected(self)

    def handle_request(self, pdu: Pdu) -> None:
        """Answer binds and hand submit_sm on."""
        if isinstance(pdu.body, Bind):
            self._bind(pdu.sequence_number, pdu.body)
        elif isinstance(pdu.body, SubmitSm):
            self._submit(pdu.sequence_number, pdu.body)
        else:
            super().handle_request(pdu)

    def _bind(self, sequence_number: int, bind: Bind) -> None:
        status = ESME_RALYBND if self.client is not None else self._centre.check_bind(bind)
        answer = BindResp(response_to(bind.command_id), self._centre.system_id, _VERSION_TLV)
        self.respond(sequence_number, answer, status)
        if status == ESME_ROK:
            self.client = bind
            self.bound = True
            self._centre.bound(self)

    def _submit(self, sequence_number: int, submit_sm: SubmitSm) -> None:
        transmits = (
            self.bound
            and self.client is not None
            and self.client.command_id is not CommandId.bind_receiver
        )
        if transmits:
            self._centre.submitted(self, sequence_number, submit_sm)
        else:
            self.refuse(sequence_number, ESME_RINVBNDSTS)


async def listen(
    centre: MessageCentre,
    host: str,
    port: int,
    *,
    limits: SessionLimits,
    tls: ssl.SSLContext | None = None,
) -> asyncio.Server:
    """Accept clients; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: ServerSession(centre, limits), host, port, ssl=tls)
