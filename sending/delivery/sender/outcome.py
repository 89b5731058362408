"""What the answers to the segments of one attempt mean for the message."""

from dataclasses import dataclass
from enum import StrEnum

from sending.delivery.sender.journal import Answer, Answered, Key
from sending.lifecycle import MessageState, SaidBy


class Reason(StrEnum):
    """Codes of ours for what no gateway said; `errors` has the sentences."""

    NOT_SENT = "NOT_SENT"
    NO_ANSWER = "NO_ANSWER"
    SENDER_DIED = "SENDER_DIED"
    CANNOT_RENDER = "CANNOT_RENDER"
    PARTLY_SENT = "PARTLY_SENT"
    VALIDITY_OVER = "VALIDITY_OVER"
    NO_RECEIPT = "NO_RECEIPT"
    CANCELLED = "CANCELLED"
    SUPPRESSED = "SUPPRESSED"
    SENT_AGAIN_BY_PERSON = "SENT_AGAIN_BY_PERSON"
    GIVEN_UP_BY_PERSON = "GIVEN_UP_BY_PERSON"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that is over. `segments` is how many the text has, `before` how many of them
    the gateway had accepted in earlier attempts; segments are sent in order."""

    key: Key
    segments: int
    before: int
    answers: tuple[Answered, ...]
    # A segment was written and no answer came.
    unanswered: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
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


def judge(attempt: Attempt) -> Verdict:
    """Return what becomes of a message in SUBMITTING.

    Never QUEUED while a segment may have reached the gateway unheard; the segments that it
    accepted are not sent again.
    """
    if attempt.unanswered:
        return Verdict(MessageState.IN_DOUBT, attempt.code or Reason.NO_ANSWER, SaidBy.US)
    last = attempt.answers[-1] if attempt.answers else None
    if last and last.answer is Answer.REFUSED:
        return Verdict(MessageState.REJECTED, last.said, SaidBy.GATEWAY)
    if last and last.answer is Answer.REFUSED_TEMPORARILY:
        return Verdict(MessageState.QUEUED, last.said, SaidBy.GATEWAY, backoff=True)
    # The answer to a whole message names its last segment.
    if (last.segment if last else attempt.before) >= attempt.segments:
        return Verdict(MessageState.SUBMITTED, "", SaidBy.GATEWAY)
    return Verdict(MessageState.QUEUED, attempt.code or Reason.NOT_SENT, SaidBy.US)
