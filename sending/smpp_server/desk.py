"""An account that is bound: its connections, its rate, and what they submitted."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from accounts import shared_time
from sending.models import SmppAccount
from sending.smpp.clock import Clock
from sending.smpp.command_status import (
    ESME_RINVDLNAME,
    ESME_RMSGQFUL,
    ESME_RSYSERR,
    ESME_RTHROTTLED,
)
from sending.smpp.multi import SmeAddress, SubmitMulti
from sending.smpp.operations import DataSm
from sending.smpp.pdu import SubmitSm
from sending.smpp_server import accepting
from sending.smpp_server.answering import SubmitAnswer
from sending.smpp_server.attempt import Outcome, SubmitAttempt
from sending.smpp_server.connection import ClientConnection, Submit
from sending.smpp_server.rate import RateBucket
from sending.smpp_server.reading import MultiId, SubmittedPdu, read
from sending.smpp_server.reading_others import as_submit_sm, each_submit_sm, number_in
from sending.smpp_server.refusal_log import RefusalLog
from sending.smpp_server.statuses import PduRefusal, PduRefused, Vendor

logger = logging.getLogger(__name__)

T = TypeVar("T")
InDatabase = Callable[[Callable[[], T]], Awaitable[T]]
MOST_TOGETHER = 200
"""Submissions of a transaction; what comes while one is under way goes with the next."""
ASKING_SECONDS = 30.0
"""How long the database is asked whether a commit without an answer was one, and how often."""
ASKING_PAUSE = 1.0
_DISABLED = PduRefusal(Vendor.HELD_BACK, "ACCOUNT_DISABLED")
_STOPPING = PduRefusal(ESME_RMSGQFUL, "SERVER_STOPPING")
_THROTTLED = PduRefusal(ESME_RTHROTTLED, "RATE")
_NO_LIST = PduRefusal(ESME_RINVDLNAME, "DISTRIBUTION_LIST")
_FAILED = PduRefusal(ESME_RSYSERR, "DATABASE")


@dataclass(slots=True)
class _Asked:
    """A message that waits for its turn, and the answer that it is part of."""

    answer: SubmitAnswer
    to: SmeAddress
    submission: SubmittedPdu


class Desk:
    """What this server has of an account."""

    def __init__(
        self,
        account: SmppAccount,
        clock: Clock,
        in_database: InDatabase[None],
        refusals: RefusalLog,
        accepted: Callable[[], None],
    ) -> None:
        self.account = account
        self.connections: set[ClientConnection] = set()
        self.is_stopping = False
        # Ids whose answers are still to be written: their receipts wait.
        self.held: set[int] = set()
        self._bucket = RateBucket(account.rate, clock)
        self._in_database = in_database
        self._refusals = refusals
        self._accepted = accepted
        self._queue: deque[_Asked] = deque()
        self._working: asyncio.Task[None] | None = None

    @property
    def receivers(self) -> list[ClientConnection]:
        """Return the connections that deliver_sm can go to, always in the same order."""
        receiving = (one for one in self.connections if one.receives and one.bind is not None)
        return sorted(receiving, key=lambda one: one.bind.pk if one.bind else 0)

    def set_account(self, account: SmppAccount) -> None:
        """Go on with what its page says now."""
        self.account = account
        self._bucket.set_rate(account.rate)
        for connection in self.connections:
            connection.account = account

    def submit(
        self, connection: ClientConnection, sequence: int, submit: Submit, *, broken: bool
    ) -> None:
        """Take messages into the next transaction, or refuse them at once."""
        count = len(submit.destinations) if isinstance(submit, SubmitMulti) else 1
        connection.figures.submitted += count
        answer = SubmitAnswer(connection, sequence, submit, count)
        refusal = self._refusal(count)
        if refusal is _THROTTLED:
            connection.figures.throttled += count
        if refusal is not None:
            self._refusals.add(self.account, refusal, number_in(submit))
            answer.refuse(refusal, self.account)
        elif isinstance(submit, SubmitMulti):
            answer.multi = MultiId()
            for to, single in each_submit_sm(submit):
                if single is None:
                    self._tell(answer, to, _NO_LIST)
                else:
                    self._take(answer, to, single, broken=broken)
        else:
            single = as_submit_sm(submit) if isinstance(submit, DataSm) else submit
            self._take(answer, SmeAddress(single.destination_addr), single, broken=broken)

    async def finish(self) -> None:
        """Return when everything that was submitted is answered."""
        while self._working is not None:
            await asyncio.wait([self._working])

    def _refusal(self, count: int) -> PduRefusal | None:
        """Return what speaks against any message now; the rate is looked at last."""
        if self.is_stopping:
            return _STOPPING
        if not self.account.is_enabled:
            return _DISABLED
        return None if self._bucket.take(count) else _THROTTLED

    def _take(
        self, answer: SubmitAnswer, to: SmeAddress, submit: SubmitSm, *, broken: bool
    ) -> None:
        """Let one message wait for its transaction; one that cannot be read is refused."""
        try:
            submission = self._read(submit, broken=broken)
        except PduRefused as refused:
            self._tell(answer, to, refused.refusal)
            return
        submission.multi = answer.multi
        self._queue.append(_Asked(answer, to, submission))
        self._work_soon()

    def _read(self, submit: SubmitSm, *, broken: bool) -> SubmittedPdu:
        return read(
            submit,
            default_coding=self.account.octets_of_0,
            now=shared_time.now(),
            broken_tlvs=broken,
            names_templates=self.account.names_templates,
        )

    def _work_soon(self) -> None:
        if self._working is None:
            self._working = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        try:
            while self._queue:
                count = min(len(self._queue), MOST_TOGETHER)
                await self._accept([self._queue.popleft() for _nth in range(count)])
        finally:
            self._working = None

    async def _accept(self, asked: list[_Asked]) -> None:
        """Accept with one commit, and answer after it."""
        held: set[int] = set()
        attempt = SubmitAttempt(partial(self._hold, held))
        submissions = [one.submission for one in asked]
        try:
            await self._in_database(partial(accepting.accept, self.account, submissions, attempt))
        except Exception:
            logger.exception("submissions of %s failed", self.account.system_id)
            await self._ask(attempt)
        for place, one in enumerate(asked):
            if place not in attempt.reserved:
                self._tell(one.answer, one.to, attempt.outcomes.get(place, _FAILED))
        if attempt.reserved:
            self._leave_unanswered([asked[place] for place in attempt.reserved])
        self.held -= held
        if held:
            self._accepted()

    async def _ask(self, attempt: SubmitAttempt) -> None:
        """Find out what is stored; what stays reserved cannot be known."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + ASKING_SECONDS
        while attempt.reserved:
            try:
                await self._in_database(attempt.ask)
            except Exception:
                logger.exception("what %s submitted is not known yet", self.account.system_id)
                if self.is_stopping or loop.time() > deadline:
                    return
                await asyncio.sleep(ASKING_PAUSE)

    def _leave_unanswered(self, unknown: list[_Asked]) -> None:
        """End the connections: any answer about what may be stored or not could be a lie.

        What else waits of them will not be answered either, so it is not accepted.
        """
        logger.error(
            "%d submissions of %s may be accepted or not: the database did not say for %g s; "
            "their connections end without an answer",
            len(unknown),
            self.account.system_id,
            ASKING_SECONDS,
        )
        ended = {one.answer.connection for one in unknown}
        self._queue = deque(one for one in self._queue if one.answer.connection not in ended)
        for connection in ended:
            connection.disconnect()

    def _tell(self, answer: SubmitAnswer, to: SmeAddress, outcome: Outcome) -> None:
        if isinstance(outcome, PduRefusal):
            self._refusals.add(self.account, outcome, to.address)
        answer.tell(to, outcome, self.account)

    def _hold(self, held: set[int], ids: Iterable[int]) -> None:
        """Called by the thread that commits."""
        named = set(ids)
        held |= named
        self.held |= named
