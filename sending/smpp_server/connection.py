"""One connection of a client: its bind, what it asks, and how fast we read what it asks."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

from sending.models import BindType, SmppAccount, SmppBind
from sending.smpp.clock import Clock, Timer
from sending.smpp.codec import read_header
from sending.smpp.command_status import ESME_RALYBND, ESME_RINVBNDSTS, ESME_ROK
from sending.smpp.commands import RESPONSE_BIT, CommandId, response_to
from sending.smpp.multi import SubmitMulti, SubmitMultiResp
from sending.smpp.operations import CancelSm, DataSm, DataSmResp, QuerySm, QuerySmResp, ReplaceSm
from sending.smpp.pdu import (
    INTERFACE_VERSION,
    Bind,
    BindResp,
    Body,
    Empty,
    Pdu,
    SubmitSm,
    SubmitSmResp,
)
from sending.smpp.session import Session, SessionLimits
from sending.smpp.tlv import Tag

logger = logging.getLogger(__name__)

SYSTEM_ID = "SMSConsole"
BIND_WITHIN = 10.0
"""Seconds from the connection to the bind."""
PDU_WITHIN = 10.0
"""Seconds from the first octet of a PDU to its last."""
CLOSE_AFTER = 1.0
"""Seconds between a refused bind and the end of the connection, so that it is read."""
# Before a bind nothing says how much may be asked.
_FIRST_WINDOW = 10
BIND_TYPES = {
    CommandId.bind_transmitter: BindType.TRANSMITTER,
    CommandId.bind_receiver: BindType.RECEIVER,
    CommandId.bind_transceiver: BindType.TRANSCEIVER,
}
# These wait for nothing else that a client has asked.
_AT_ONCE = int(CommandId.enquire_link)

Submit = SubmitSm | DataSm | SubmitMulti
Question = QuerySm | CancelSm | ReplaceSm


class ConnectionServer(Protocol):
    """What a connection asks of the server behind it."""

    def connected(self, connection: ClientConnection) -> None:
        """A client has connected."""
        ...

    def disconnected(self, connection: ClientConnection) -> None:
        """The connection is gone."""
        ...

    def bind_asked(self, connection: ClientConnection, sequence: int, bind: Bind) -> None:
        """Decide about a bind; answer it by `bind_answered`."""
        ...

    def submitted(
        self, connection: ClientConnection, sequence: int, submit: Submit, *, broken: bool
    ) -> None:
        """Decide about messages; say `answered` when that is done."""
        ...

    def asked(self, connection: ClientConnection, sequence: int, question: Question) -> None:
        """Answer a question about a message; say `answered` when it is."""
        ...


@dataclass(slots=True)
class BindFigures:
    """What a connection did since it was bound."""

    submitted: int = 0
    refused: int = 0
    throttled: int = 0
    delivered: int = 0


class ClientConnection(Session):
    """A client. While as many of its requests as its window are unanswered, none more is read."""

    def __init__(
        self,
        server: ConnectionServer,
        limits: SessionLimits,
        *,
        is_tls: bool,
        address: str = "",
        clock: Clock | None = None,
    ) -> None:
        super().__init__(limits, clock)
        self.is_tls = is_tls
        # Where it comes from; a load balancer tells it before, others by their own address.
        self.address = address
        self.account: SmppAccount | None = None
        self.bind: SmppBind | None = None
        self.figures = BindFigures()
        # Deliveries wait until then after an answer that asked for it, and for how long next time.
        self.paused_until = 0.0
        self.pause = 0.0
        # Since when deliver_sm are left unanswered; whether any was answered since the last look.
        self.silent_since: float | None = None
        self.has_answered = False
        self._server = server
        self._asked_to_bind = False
        self._unanswered = 0
        self._backlog: deque[bytes] = deque()
        self._is_reading = True
        self._is_broken = False
        self._is_within_since: float | None = None
        self._bind_timer: Timer | None = None

    @property
    def receives(self) -> bool:
        """Whether deliver_sm may be sent to it (SMPP 3.4 clause 2.3)."""
        is_receiver = self.bind is not None and self.bind.bind_type != BindType.TRANSMITTER.value
        return self.bound and is_receiver

    @property
    def knows_tlvs(self) -> bool:
        """Whether it may be sent optional parameters (SMPP 3.4 clause 3.3)."""
        return self.bind is not None and self.bind.interface_version >= INTERFACE_VERSION

    @property
    def window(self) -> int:
        """Requests of the client that may be unanswered."""
        return self.account.window if self.account else _FIRST_WINDOW

    @property
    def unanswered(self) -> int:
        """Requests of the client that wait for our answer."""
        return self._unanswered

    @property
    def certificate_sha256(self) -> str:
        """The fingerprint of the certificate that the client showed, in hexadecimal digits."""
        tls = self._transport and self._transport.get_extra_info("ssl_object")
        shown = tls.getpeercert(binary_form=True) if tls else None
        return sha256(shown).hexdigest() if shown else ""

    @property
    def last_heard(self) -> float:
        """When the last octets came, by the clock of the connection."""
        return self._last_heard

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the client some seconds to bind."""
        super().connection_made(transport)
        peer = transport.get_extra_info("peername") or ("",)
        self.address = self.address or str(peer[0]).partition("%")[0]
        self._bind_timer = self._clock.call_later(BIND_WITHIN, self._not_bound_in_time)
        self._server.connected(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the server."""
        if self._bind_timer is not None:
            self._bind_timer.cancel()
        self._backlog.clear()
        super().connection_lost(exc)
        self._server.disconnected(self)

    def data_received(self, data: bytes) -> None:
        """Read on, and note since when a PDU is unfinished."""
        super().data_received(data)
        if not self._framer.is_within:
            self._is_within_since = None
        elif self._is_within_since is None:
            self._is_within_since = self._clock.time()

    def looked(self, now: float) -> None:
        """Close a connection that leaves a PDU unfinished while we read."""
        since = self._is_within_since
        if self._is_reading and since is not None and now - since > PDU_WITHIN:
            logger.warning("smpp client %s does not finish a pdu, closing", self.address)
            self.disconnect()

    def pause_writing(self) -> None:
        """The client does not read its answers: nothing more is read of it."""
        super().pause_writing()
        self._read_or_wait()

    def resume_writing(self) -> None:
        """It has read them."""
        super().resume_writing()
        self._go_on()

    def handle_request(self, pdu: Pdu) -> None:
        """Hand on what a client asks, if its bind allows it."""
        body, sequence = pdu.body, pdu.sequence_number
        broken, self._is_broken = self._is_broken, False
        if isinstance(body, Bind):
            self._bind(sequence, body)
        elif isinstance(body, SubmitSm | DataSm | SubmitMulti):
            if self._may_submit(pdu):
                self._unanswered += 1
                self._server.submitted(self, sequence, body, broken=broken)
        elif isinstance(body, QuerySm | CancelSm | ReplaceSm):
            if self._may_submit(pdu):
                self._unanswered += 1
                self._server.asked(self, sequence, body)
        else:
            super().handle_request(pdu)
        self._read_or_wait()

    def bind_answered(
        self,
        sequence: int,
        asked: Bind,
        status: int,
        account: SmppAccount | None,
        bind: SmppBind | None,
    ) -> None:
        """Answer a bind; a refused one ends the connection soon."""
        knows_tlvs = asked.interface_version >= INTERFACE_VERSION
        tlvs = {int(Tag.sc_interface_version): bytes([INTERFACE_VERSION])} if knows_tlvs else {}
        self.respond(sequence, BindResp(response_to(asked.command_id), SYSTEM_ID, tlvs), status)
        if status != ESME_ROK:
            self._end_soon()
            return
        self.account, self.bind = account, bind
        self._limits = replace(self._limits, window=self.window)
        self.bound = True
        if self._bind_timer is not None:
            self._bind_timer.cancel()

    def answered(self, sequence: int, body: Body, status: int = ESME_ROK) -> None:
        """Answer a request that was handed on, and read on where that makes space."""
        self.respond(sequence, body, status)
        self._unanswered -= 1
        if status != ESME_ROK:
            self.figures.refused += 1
        self._go_on()

    def _frame_received(self, frame: bytes) -> None:
        """Keep what comes while the window is full, but for answers and enquiries."""
        # Whatever is unfinished now has begun behind this one.
        self._is_within_since = None
        command_id = read_header(frame)[0]
        at_once = command_id & RESPONSE_BIT or command_id == _AT_ONCE
        if not at_once and (self._backlog or self._must_wait(frame)):
            self._backlog.append(frame)
        else:
            super()._frame_received(frame)

    def _complain(self, reason: str) -> None:
        self._is_broken = True
        super()._complain(reason)

    def _bind(self, sequence: int, bind: Bind) -> None:
        if self._asked_to_bind:
            answer = BindResp(response_to(bind.command_id))
            self.respond(sequence, answer, ESME_RALYBND)
            return
        self._asked_to_bind = True
        self._server.bind_asked(self, sequence, bind)

    def _may_submit(self, pdu: Pdu) -> bool:
        transmits = self.bind is not None and self.bind.bind_type != BindType.RECEIVER.value
        if self.bound and transmits:
            return True
        answer = _REFUSALS[pdu.command_id]
        self.respond(pdu.sequence_number, answer, ESME_RINVBNDSTS)
        if not self._asked_to_bind:
            self._end_soon()
        return False

    def _has_room(self) -> bool:
        return self._unanswered < self.window and not self._congested

    def _must_wait(self, frame: bytes) -> bool:
        """Tell whether there is no room for a request; an unbind waits until all is answered."""
        is_unbind = read_header(frame)[0] == CommandId.unbind
        return self._unanswered > 0 if is_unbind else not self._has_room()

    def _go_on(self) -> None:
        """Handle what was kept as far as there is room, then read on."""
        while self._backlog and not self._must_wait(self._backlog[0]):
            super()._frame_received(self._backlog.popleft())
        self._read_or_wait()

    def _read_or_wait(self) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        may_read = self._has_room() and not self._backlog
        if may_read != self._is_reading:
            self._is_reading = may_read
            if may_read:
                # The rest of a PDU may wait in the socket since we stopped.
                self._is_within_since = self._clock.time() if self._framer.is_within else None
                transport.resume_reading()
            else:
                transport.pause_reading()

    def _not_bound_in_time(self) -> None:
        if not self._asked_to_bind:
            logger.info("smpp client %s did not bind in time", self.address)
            self.disconnect()

    def _end_soon(self) -> None:
        self._asked_to_bind = True
        self._clock.call_later(CLOSE_AFTER, self.disconnect)


_REFUSALS: dict[CommandId, Body] = {
    CommandId.submit_sm: SubmitSmResp(),
    CommandId.data_sm: DataSmResp(),
    CommandId.submit_multi: SubmitMultiResp(),
    CommandId.query_sm: QuerySmResp(),
    CommandId.cancel_sm: Empty(CommandId.cancel_sm_resp),
    CommandId.replace_sm: Empty(CommandId.replace_sm_resp),
}
