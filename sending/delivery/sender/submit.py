"""One message on the wire: its segments in order, each recorded before and after."""

import asyncio
import logging
from collections.abc import Callable

from sending.delivery.attempt import Answer, Attempt, AttemptKey, SegmentAnswer
from sending.delivery.queue.claims import Outgoing
from sending.delivery.sender.journal import Journal
from sending.error_codes.reasons import Reason
from sending.gateways.base import (
    GatewayClient,
    NotWritten,
    SubmitRefused,
    SubmitRequest,
    Unanswered,
)

log = logging.getLogger(__name__)


class LeaseOver(Exception):
    """The bind slot may belong to someone else by now: nothing may be written."""


async def send(
    item: Outgoing,
    client: GatewayClient,
    journal: Journal,
    *,
    may_write: Callable[[], bool],
    next_moment: Callable[[], float],
    together: bool = False,
) -> Attempt:
    """Submit what is left of a message, and return what came of it; never raises.

    One segment after the other: when one is refused, those behind it cost nothing. `next_moment`
    is asked before each segment but the first, which the caller has waited for. With `together`
    the caller sees to it that the journal is written out, before the gateway writes and after.
    """
    answers: list[SegmentAnswer] = []
    for request in item.requests:
        passage = _Passage(
            item.key, request, journal.note_sent if together else journal.sent, may_write
        )
        try:
            if answers and (delay := next_moment()):
                await asyncio.sleep(delay)
            answered = await _submit(client, request, passage.record)
        except NotWritten as error:
            return _attempt(item, answers, code=error.code)
        except (Unanswered, asyncio.CancelledError) as error:
            code = getattr(error, "code", Reason.NO_ANSWER)
            return _attempt(item, answers, unanswered=passage.written, code=code)
        except Exception:
            log.exception("message %s: the gateway's code failed", item.key.message_id)
            if passage.written:
                return _attempt(item, answers, unanswered=True, code=Reason.NO_ANSWER)
            answered = SegmentAnswer(request.segment, Answer.REFUSED, Reason.CANNOT_RENDER)
        (journal.note_answered if together else journal.answered)(item.key, answered)
        answers.append(answered)
        if answered.answer is not Answer.ACCEPTED:
            break
    return _attempt(item, answers)


class _Passage:
    """The moment at which a segment goes to the wire."""

    __slots__ = ("_key", "_may_write", "_request", "_sent", "written")

    def __init__(
        self,
        key: AttemptKey,
        request: SubmitRequest,
        sent: Callable[[AttemptKey, int, int], None],
        may_write: Callable[[], bool],
    ) -> None:
        self.written = False
        self._key = key
        self._request = request
        self._sent = sent
        self._may_write = may_write

    def record(self) -> None:
        """Raise unless the segment may be written; from here on it counts as written."""
        if not self._may_write():
            raise LeaseOver
        self._sent(self._key, self._request.segment, self._request.segments)
        self.written = True


async def _submit(
    client: GatewayClient, request: SubmitRequest, before_write: Callable[[], None]
) -> SegmentAnswer:
    try:
        result = await client.submit(request, before_write)
    except SubmitRefused as refusal:
        answer = Answer.REFUSED_TEMPORARILY if refusal.temporary else Answer.REFUSED
        return SegmentAnswer(request.segment, answer, refusal.code)
    return SegmentAnswer(request.segment, Answer.ACCEPTED, result.gateway_message_id)


def _attempt(
    item: Outgoing, answers: list[SegmentAnswer], *, unanswered: bool = False, code: str = ""
) -> Attempt:
    return Attempt(
        key=item.key,
        segments=item.segments,
        before=item.before,
        answers=tuple(answers),
        unanswered=unanswered,
        code=code,
    )
