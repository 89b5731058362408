"""The simulated message centre: accepts, refuses, throttles, keeps silent, sends receipts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from sending.smpp.clock import Clock
from sending.smpp.command_status import (
    ESME_RINVPASWD,
    ESME_RINVSYSID,
    ESME_ROK,
    ESME_RSYSERR,
    ESME_RTHROTTLED,
)
from sending.smpp.pdu import Bind, SubmitSm
from sending.smpp.server import ServerSession
from sending.smpp.simulator.accepted_log import AcceptedLog
from sending.smpp.simulator.answers import answers_to
from sending.smpp.simulator.chance import Chance
from sending.smpp.simulator.magic import DELIVERED, MagicOutcome, outcome_of
from sending.smpp.simulator.rate import RateLimit
from sending.smpp.simulator.receipts import ReceiptPost, receipt_for
from sending.smpp.simulator.settings import SimulatorSettings

logger = logging.getLogger(__name__)

_RECEIPT_BITS, _ALWAYS, _ON_FAILURE = 0b11, 0b01, 0b10

# Seconds between an answer and its receipt that keep the two in different writes.
RECEIPT_LEAD = 0.01
# Seconds that somebody needs to answer, after the usual time of a receipt.
ANSWER_DELAY = 1.0


class Simulator:
    """A MessageCentre whose handsets are imagined."""

    system_id = "simulator"

    def __init__(self, settings: SimulatorSettings, log: AcceptedLog, clock: Clock) -> None:
        self._settings = settings
        self._log = log
        self._clock = clock
        self._post = ReceiptPost(clock)
        self._chance = Chance(settings)
        self._limit = RateLimit(settings.rate, clock)
        self._throttled_once: set[tuple[str, bytes]] = set()
        self._ids = count(1)
        # A restarted simulator must not give an id again.
        self._run = f"{time.time_ns() // 1_000_000:x}"
        self.sessions: set[ServerSession] = set()
        self.accepted = 0

    @property
    def receipts_delivered(self) -> int:
        """Receipts that a client has acknowledged."""
        return self._post.delivered

    def connected(self, session: ServerSession) -> None:
        """Remember the session."""
        self.sessions.add(session)

    def disconnected(self, session: ServerSession) -> None:
        """Forget the session; its receipts wait for the next one."""
        self.sessions.discard(session)
        self._post.session_gone(session)

    def check_bind(self, bind: Bind) -> int:
        """Anybody may bind unless a system_id or a password is set."""
        if self._settings.system_id not in {None, bind.system_id}:
            return ESME_RINVSYSID
        if self._settings.password not in {None, bind.password}:
            return ESME_RINVPASWD
        return ESME_ROK

    def bound(self, session: ServerSession) -> None:
        """Bring what was kept for this client."""
        if session.client is not None and session.receives:
            self._post.session_bound(session.client.system_id, session)

    def submitted(self, session: ServerSession, sequence_number: int, submit_sm: SubmitSm) -> None:
        """Refuse, or log as accepted and let the outcome happen."""
        destination = submit_sm.destination_addr
        outcome = outcome_of(destination) if self._settings.magic else DELIVERED
        refusal = self._refusal(outcome, submit_sm)
        if refusal is not None:
            self._later(self._chance.latency(), lambda: session.refuse(sequence_number, refusal))
            return
        message_id = f"{self._run}{next(self._ids):07x}"
        try:
            self._log.append(message_id, submit_sm)
        except OSError:
            logger.exception("not accepted, because the log cannot be written")
            session.refuse(sequence_number, ESME_RSYSERR)
            return
        self.accepted += 1
        self._happen(session, sequence_number, submit_sm, message_id, outcome)

    def _refusal(self, outcome: MagicOutcome, submit_sm: SubmitSm) -> int | None:
        if not self._limit.allows():
            return ESME_RTHROTTLED
        if outcome.throttled_first:
            key = (submit_sm.destination_addr, submit_sm.short_message)
            if key not in self._throttled_once:
                self._throttled_once.add(key)
                return ESME_RTHROTTLED
            self._throttled_once.discard(key)
        return outcome.refused

    def _happen(
        self,
        session: ServerSession,
        sequence_number: int,
        submit_sm: SubmitSm,
        message_id: str,
        outcome: MagicOutcome,
    ) -> None:
        latency = self._chance.latency()
        self._plan_receipts(session, submit_sm, message_id, outcome, latency)
        self._plan_answer(session, submit_sm, outcome, latency)
        if outcome.cut:
            self._later(latency, session.abort)
        elif outcome.answered:
            wait = latency + RECEIPT_LEAD if outcome.receipt_first else latency
            self._later(wait, lambda: session.accept(sequence_number, message_id))

    def _plan_receipts(
        self,
        session: ServerSession,
        submit_sm: SubmitSm,
        message_id: str,
        outcome: MagicOutcome,
        latency: float,
    ) -> None:
        if session.client is None or not wants_receipt(submit_sm, outcome):
            return
        system_id, submitted = session.client.system_id, datetime.now(UTC)

        def bring() -> None:
            done = datetime.now(UTC)
            receipt = receipt_for(submit_sm, message_id, outcome, submitted=submitted, done=done)
            self._post.post(system_id, receipt)

        for delay in self._chance.receipt_delays(outcome):
            # Behind the answer, unless the outcome is the race that real networks run.
            wait = latency if outcome.receipt_first else latency + max(delay, RECEIPT_LEAD)
            self._later(wait, bring)

    def _plan_answer(
        self, session: ServerSession, submit_sm: SubmitSm, outcome: MagicOutcome, latency: float
    ) -> None:
        """Have the handset answer, after its receipt."""
        if not outcome.answer or session.client is None:
            return
        system_id = session.client.system_id

        def bring() -> None:
            for deliver_sm in answers_to(submit_sm, outcome.answer):
                self._post.post(system_id, deliver_sm)

        self._later(latency + self._settings.receipt_delay + ANSWER_DELAY, bring)

    def _later(self, delay: float, act: Callable[[], object]) -> None:
        if delay > 0:
            self._clock.call_later(delay, act)
        else:
            act()


def wants_receipt(submit_sm: SubmitSm, outcome: MagicOutcome) -> bool:
    """What registered_delivery asks for (SMPP 3.4 clause 5.2.17)."""
    asked = submit_sm.registered_delivery & _RECEIPT_BITS
    return asked == _ALWAYS or (asked == _ON_FAILURE and outcome.stat != "DELIVRD")
