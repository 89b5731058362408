"""One attempt to send one message: what the stages of delivery tell each other about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Answer(StrEnum):
    """What the gateway said to one segment."""

    ACCEPTED = "A"
    REFUSED = "P"
    REFUSED_TEMPORARILY = "T"


class AttemptKey(NamedTuple):
    """One attempt to send one message."""

    message_id: int
    attempt: int


class SegmentAnswer(NamedTuple):
    """The answer to one segment: `said` is the gateway's message id, or the code of a refusal."""

    segment: int
    answer: Answer
    said: str


# Not frozen, because one comes with every message; nobody changes it.
@dataclass(slots=True)
class Attempt:
    """One attempt that is over. `segments` is how many the text has, `before` how many of them
    the gateway had accepted in earlier attempts; segments are sent in order."""

    key: AttemptKey
    segments: int
    before: int
    answers: tuple[SegmentAnswer, ...]
    # A segment was written and no answer came.
    unanswered: bool = False
    code: str = ""
