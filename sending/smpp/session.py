"""One SMPP connection, from either end: requests in a window, answers, timeouts, unbind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from sending.smpp.clock import Clock, Timer
from sending.smpp.codec import assemble, decode, encode, encode_body, read_header
from sending.smpp.command_status import ESME_RINVCMDID, ESME_ROK
from sending.smpp.commands import COMMAND_IDS, RESPONSE_BIT, CommandId, response_to
from sending.smpp.errors import ProtocolError, RequestNotWritten, RequestUnanswered
from sending.smpp.framing import MAX_PDU_SIZE, Framer
from sending.smpp.outstanding import Outstanding, PendingRequest, Written, fail
from sending.smpp.pdu import Body, Empty, Pdu

logger = logging.getLogger(__name__)

_ENQUIRE_LINK = Empty(CommandId.enquire_link)

# Enough to tell which protocol it is.
_HEARD = 64
# Of one connection, about single PDUs.
_MOST_WARNINGS = 100


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Times in seconds; ``window`` counts the windowed requests that may be unanswered."""

    window: int = 10
    response_timeout: float = 30.0
    enquire_interval: float = 30.0
    max_pdu_size: int = MAX_PDU_SIZE
    first_sequence: int = 1


class Session(asyncio.Protocol):
    """What ESME and message centre have in common; subclasses answer the other's requests.

    Everything written within one turn of the event loop leaves in one ``transport.write``.
    """

    def __init__(self, limits: SessionLimits, clock: Clock | None = None) -> None:
        self.bound = False
        # What ended the connection, where it was an error.
        self.lost_by: Exception | None = None
        # The first octets of what turned out not to be SMPP.
        self.heard_instead = b""
        # Runs once before the octets of several requests are written, behind their `before_write`;
        # if it raises, none of them is.
        self.before_flush: Callable[[], None] | None = None
        self._limits = limits
        self._clock: Clock = clock or asyncio.get_running_loop()
        self._framer = Framer(limits.max_pdu_size)
        self._transport: asyncio.Transport | None = None
        self._waiting: deque[PendingRequest] = deque()
        self._outstanding = Outstanding(limits.first_sequence)
        self._out: list[bytes] = []
        self._flush_due = False
        self._congested = False
        self._complained = False
        self._warnings = 0
        self._closing = False
        self._gone = asyncio.Event()
        self._last_heard = self._clock.time()
        self._enquiry: asyncio.Future[Pdu] | None = None
        self._watch: Timer | None = None

    @property
    def waiting(self) -> int:
        """Windowed requests that have no place in the window yet."""
        return len(self._waiting)

    @property
    def in_window(self) -> int:
        """Windowed requests that are written and unanswered."""
        return self._outstanding.windowed

    def request(
        self, body: Body, before_write: Callable[[], None] | None = None
    ) -> asyncio.Future[Pdu]:
        """Queue a windowed request; the answer is a Pdu, RequestNotWritten or RequestUnanswered.

        Raises EncodeError at once when the body cannot be encoded. ``before_write`` runs in the
        same turn, directly before the octets go to the transport.
        """
        waiting = PendingRequest(body.command_id, encode_body(body), before_write, _future())
        if self._closing or not self.bound:
            fail(waiting.answer, RequestNotWritten("NOT_BOUND"))
            return waiting.answer
        self._waiting.append(waiting)
        self._flush_soon()
        return waiting.answer

    def request_now(self, body: Body) -> asyncio.Future[Pdu]:
        """Write a request that keeps the session alive; it takes no place in the window."""
        answer = _future()
        if self._transport is None or self._transport.is_closing():
            fail(answer, RequestNotWritten("NOT_CONNECTED"))
            return answer
        written = Written(body.command_id, answer, self._clock.time(), windowed=False)
        self._out.append(encode(body, self._outstanding.add(written)))
        self._flush_soon()
        return answer

    def respond(self, sequence_number: int, body: Body, command_status: int = ESME_ROK) -> None:
        """Answer a request of the peer."""
        self._out.append(encode(body, sequence_number, command_status))
        self._flush_soon()

    async def finish(self) -> None:
        """Take no more requests and wait for the answers still owed, at most their timeout."""
        self._refuse_waiting("CLOSING")
        if pending := self._outstanding.answers():
            await asyncio.wait(pending)

    async def unbind(self) -> None:
        """Finish, say unbind, disconnect; return when the connection is gone."""
        await self.finish()
        if self.bound:
            self.bound = False
            await asyncio.gather(self.request_now(Empty(CommandId.unbind)), return_exceptions=True)
        self.disconnect()
        await self._gone.wait()

    def disconnect(self) -> None:
        """Close the connection after writing what is already encoded."""
        self._refuse_waiting("CLOSING")
        if self._transport is None:
            self._gone.set()
            return
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Drop the connection at once, with whatever is not written yet."""
        if self._transport is not None:
            # In Python 3.11.2 a TLS transport that is already closing cannot be aborted: asyncio
            # closes it after its own time limit at the latest (ssl_shutdown_timeout).
            with contextlib.suppress(AttributeError):
                self._transport.abort()

    async def closed(self) -> None:
        """Return when the connection is gone."""
        await self._gone.wait()

    def handle_request(self, pdu: Pdu) -> None:
        """Answer a request that is neither enquire_link nor unbind; subclasses know more."""
        self.respond(pdu.sequence_number, Empty(CommandId.generic_nack), ESME_RINVCMDID)

    def looked(self, now: float) -> None:
        """Called about once a second as long as the connection lives; subclasses watch more."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start watching the connection."""
        self._transport = cast(asyncio.Transport, transport)
        self._watch_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """What was written is in doubt, what was waiting is not sent."""
        logger.info("smpp connection gone: %s", exc or "closed")
        self.bound = False
        self.lost_by = exc
        self._refuse_waiting("CONNECTION_LOST")
        if self._watch is not None:
            self._watch.cancel()
        self._outstanding.give_up("CONNECTION_LOST")
        self._gone.set()

    def pause_writing(self) -> None:
        """The peer reads too slowly: keep requests in the queue, where they count as unsent."""
        self._congested = True

    def resume_writing(self) -> None:
        """The peer has caught up."""
        self._congested = False
        self._flush_soon()

    def data_received(self, data: bytes) -> None:
        """Handle every PDU that is complete; a stream that is lost closes the connection."""
        self._last_heard = self._clock.time()
        try:
            for frame in self._framer.feed(data):
                self._frame_received(frame)
        except ProtocolError as error:
            logger.warning("smpp stream lost, closing: %s", error)
            self.heard_instead = data[:_HEARD]
            self.respond(0, Empty(CommandId.generic_nack), error.command_status)
            self.disconnect()

    def _frame_received(self, frame: bytes) -> None:
        try:
            pdu = decode(frame, self._complain)
        except ProtocolError as error:
            self._undecodable(frame, error)
            return
        if pdu.command_id & RESPONSE_BIT:
            self._answered(pdu)
        elif pdu.command_id is CommandId.enquire_link:
            self.respond(pdu.sequence_number, Empty(CommandId.enquire_link_resp))
        elif pdu.command_id is CommandId.unbind:
            self.bound = False
            self.respond(pdu.sequence_number, Empty(CommandId.unbind_resp))
            self.disconnect()
        else:
            self.handle_request(pdu)

    def _complain(self, reason: str) -> None:
        """Say once for a connection what is ignored: a carrier does it with every PDU or none."""
        if not self._complained:
            self._complained = True
            logger.warning("smpp pdu with a broken end, which is ignored from now on: %s", reason)

    def _warn(self, words: str, *about: object) -> None:
        """Log what a peer did wrong; one that does nothing else must not fill the disk."""
        self._warnings += 1
        if self._warnings <= _MOST_WARNINGS:
            logger.warning(words, *about)

    def _undecodable(self, frame: bytes, error: ProtocolError) -> None:
        command_id, _, sequence = read_header(frame)
        self._warn("smpp pdu 0x%08x number %d unreadable: %s", command_id, sequence, error)
        if command_id & RESPONSE_BIT:
            written = self._outstanding.take(sequence)
            if written is not None:
                fail(written.answer, RequestUnanswered("RESPONSE_UNREADABLE"))
                self._flush_soon()
            return
        known = COMMAND_IDS.get(command_id)
        answer = CommandId.generic_nack if known is None else response_to(known)
        octets = b"\0" if answer is CommandId.deliver_sm_resp else b""
        self._out.append(assemble(answer, error.command_status, sequence, octets))
        self._flush_soon()

    def _answered(self, pdu: Pdu) -> None:
        written = self._outstanding.get(pdu.sequence_number)
        expected = written is not None and (
            pdu.command_id is response_to(written.command_id)
            or pdu.command_id is CommandId.generic_nack
        )
        if written is None or not expected:
            self._warn(
                "smpp %s number %d answers nothing we wait for (status 0x%08x)",
                pdu.command_id.name,
                pdu.sequence_number,
                pdu.command_status,
            )
            return
        self._outstanding.take(pdu.sequence_number)
        if not written.answer.done():
            written.answer.set_result(pdu)
        if self._waiting:
            self._flush_soon()

    def _flush_soon(self) -> None:
        if not self._flush_due:
            self._flush_due = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_due = False
        transport = self._transport
        if transport is None or transport.is_closing():
            self._refuse_waiting("CONNECTION_LOST")
            self._out.clear()
            return
        self._admit_waiting()
        if self._out:
            transport.write(b"".join(self._out))
            self._out.clear()

    def _admit_waiting(self) -> None:
        """Encode what finds a place in the window, unless its record cannot be written."""
        now, before = self._clock.time(), len(self._out)
        admitted: list[int] = []
        while self._waiting and not self._congested and self.in_window < self._limits.window:
            self._admit(self._waiting.popleft(), now, admitted)
        if not admitted or self.before_flush is None:
            return
        try:
            self.before_flush()
        except Exception as error:  # noqa: BLE001 (whatever stops it, nothing is written)
            del self._out[before:]
            for sequence in admitted:
                if written := self._outstanding.take(sequence):
                    _not_written(written.answer, error)

    def _refuse_waiting(self, code: str) -> None:
        self._closing = True
        while self._waiting:
            fail(self._waiting.popleft().answer, RequestNotWritten(code))

    def _admit(self, waiting: PendingRequest, now: float, admitted: list[int]) -> None:
        if waiting.answer.done():
            return
        try:
            if waiting.before_write is not None:
                waiting.before_write()
        except Exception as error:  # noqa: BLE001 (whatever stops it, nothing is written)
            _not_written(waiting.answer, error)
            return
        written = Written(waiting.command_id, waiting.answer, now, windowed=True)
        sequence = self._outstanding.add(written)
        admitted.append(sequence)
        self._out.append(assemble(waiting.command_id, ESME_ROK, sequence, waiting.octets))

    def _watch_later(self) -> None:
        limits = self._limits
        pause = min(1.0, limits.response_timeout / 4, limits.enquire_interval / 4)
        self._watch = self._clock.call_later(pause, self._look)

    def _look(self) -> None:
        now = self._clock.time()
        for written in self._outstanding.overdue(now - self._limits.response_timeout):
            fail(written.answer, RequestUnanswered("RESPONSE_TIMEOUT"))
            if written.answer is self._enquiry:
                logger.warning("smpp enquire_link unanswered, dropping the connection")
                self.abort()
                return
        if self._waiting:
            self._flush_soon()
        if self.bound and now - self._last_heard >= self._limits.enquire_interval:
            self._enquire()
        self.looked(now)
        self._watch_later()

    def _enquire(self) -> None:
        if self._enquiry is None or self._enquiry.done():
            self._enquiry = self.request_now(_ENQUIRE_LINK)
            self._enquiry.add_done_callback(_look_at)


def _future() -> asyncio.Future[Pdu]:
    return asyncio.get_running_loop().create_future()


def _not_written(answer: asyncio.Future[Pdu], error: Exception) -> None:
    refusal = RequestNotWritten("BEFORE_WRITE")
    refusal.__cause__ = error
    fail(answer, refusal)


def _look_at(answer: asyncio.Future[Pdu]) -> None:
    # Nobody awaits an enquiry; without a look asyncio would report its error as forgotten.
    if not answer.cancelled():
        answer.exception()
