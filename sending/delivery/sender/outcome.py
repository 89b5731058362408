"""What the answers to the segments of one attempt mean for the message."""

from dataclasses import dataclass

from sending.delivery.attempt import Answer, Attempt
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, SaidBy


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """Where the message goes. `again` says that it waits for another attempt, `backoff` that the
    gateway asked for patience."""

    to: MessageState
    code: str
    said_by: SaidBy
    backoff: bool = False

    @property
    def again(self) -> bool:
        """Whether the message waits for another attempt."""
        return self.to is MessageState.QUEUED


def outcome_of(attempt: Attempt) -> AttemptOutcome:
    """Return what becomes of a message in SUBMITTING.

    Never QUEUED while a segment may have reached the gateway unheard; the segments that it
    accepted are not sent again.
    """
    if attempt.unanswered:
        return AttemptOutcome(MessageState.IN_DOUBT, attempt.code or Reason.NO_ANSWER, SaidBy.US)
    last = attempt.answers[-1] if attempt.answers else None
    if last and last.answer is Answer.REFUSED:
        return AttemptOutcome(MessageState.REJECTED, last.said, SaidBy.GATEWAY)
    if last and last.answer is Answer.REFUSED_TEMPORARILY:
        return AttemptOutcome(MessageState.QUEUED, last.said, SaidBy.GATEWAY, backoff=True)
    # The answer to a whole message names its last segment.
    if (last.segment if last else attempt.before) >= attempt.segments:
        return AttemptOutcome(MessageState.SUBMITTED, "", SaidBy.GATEWAY)
    return AttemptOutcome(MessageState.QUEUED, attempt.code or Reason.NOT_SENT, SaidBy.US)
