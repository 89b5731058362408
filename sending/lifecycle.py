"""Every state of send tasks and messages, every legal step, and what a state means to people."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class TaskState(StrEnum):
    """Where a send task is.

    WAITING: for a second person's approval. FINISHED: nothing is left for us to submit; receipts
    may follow.
    """

    DRAFT = "DRAFT"
    CHECKING = "CHECKING"
    READY = "READY"
    WAITING = "WAITING"
    SCHEDULED = "SCHEDULED"
    SENDING = "SENDING"
    PAUSED = "PAUSED"
    FINISHED = "FINISHED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"


class MessageState(StrEnum):
    """Where a message is. The names of final states follow SMPP 3.4, 5.2.28 message_state."""

    QUEUED = "QUEUED"
    SUBMITTING = "SUBMITTING"
    SUBMITTED = "SUBMITTED"
    DELIVERED = "DELIVERED"
    UNDELIVERABLE = "UNDELIVERABLE"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"
    UNKNOWN = "UNKNOWN"
    IN_DOUBT = "IN_DOUBT"
    CANCELLED = "CANCELLED"
    BLOCKED = "BLOCKED"


class SaidBy(StrEnum):
    """Who vouches for a state. Nobody but the network or the handset can say DELIVERED."""

    US = "US"
    GATEWAY = "GATEWAY"
    NETWORK = "NETWORK"
    HANDSET = "HANDSET"


class Lane(StrEnum):
    """The order in which a free place of the window is given away."""

    OTP = "OTP"
    API = "API"
    BULK = "BULK"


class DoorName(StrEnum):
    """The ways in to acceptance: the console itself, and what programs speak there."""

    CONSOLE = "CONSOLE"
    TENCENT = "TENCENT"
    TWILIO = "TWILIO"
    VERIFY = "VERIFY"
    SMPP = "SMPP"


LANES_BY_PRIORITY = (Lane.OTP, Lane.API, Lane.BULK)

TASK_STEPS: Mapping[TaskState, frozenset[TaskState]] = {
    TaskState.DRAFT: frozenset({TaskState.CHECKING, TaskState.CANCELLED}),
    TaskState.CHECKING: frozenset(
        {TaskState.READY, TaskState.DRAFT, TaskState.REJECTED, TaskState.CANCELLED}
    ),
    TaskState.READY: frozenset(
        {
            TaskState.WAITING,
            TaskState.SCHEDULED,
            TaskState.SENDING,
            TaskState.DRAFT,
            TaskState.CANCELLED,
        }
    ),
    # Back to READY when it is returned with a note, or the request is withdrawn.
    TaskState.WAITING: frozenset(
        {TaskState.SCHEDULED, TaskState.SENDING, TaskState.READY, TaskState.CANCELLED}
    ),
    TaskState.SCHEDULED: frozenset({TaskState.SENDING, TaskState.READY, TaskState.CANCELLED}),
    TaskState.SENDING: frozenset({TaskState.PAUSED, TaskState.FINISHED, TaskState.CANCELLED}),
    TaskState.PAUSED: frozenset({TaskState.SENDING, TaskState.CANCELLED}),
    TaskState.FINISHED: frozenset(),
    TaskState.CANCELLED: frozenset(),
    TaskState.REJECTED: frozenset(),
}

_RECEIPT_STATES = frozenset(
    {
        MessageState.DELIVERED,
        MessageState.UNDELIVERABLE,
        MessageState.EXPIRED,
        MessageState.REJECTED,
        MessageState.UNKNOWN,
    }
)

MESSAGE_STEPS: Mapping[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset(
        {
            MessageState.SUBMITTING,
            MessageState.CANCELLED,
            MessageState.EXPIRED,
            MessageState.BLOCKED,
        }
    ),
    # Back to QUEUED only when it is proven that nothing was written, or refused temporarily.
    MessageState.SUBMITTING: frozenset(
        {
            MessageState.SUBMITTED,
            MessageState.REJECTED,
            MessageState.IN_DOUBT,
            MessageState.QUEUED,
        }
    ),
    MessageState.SUBMITTED: _RECEIPT_STATES,
    # To QUEUED only by policy or by a person: sending again may reach the handset twice.
    MessageState.IN_DOUBT: _RECEIPT_STATES | {MessageState.SUBMITTED, MessageState.QUEUED},
    # No receipt came in time; a late one still settles it.
    MessageState.UNKNOWN: _RECEIPT_STATES - {MessageState.UNKNOWN},
    MessageState.DELIVERED: frozenset(),
    MessageState.UNDELIVERABLE: frozenset(),
    MessageState.EXPIRED: frozenset(),
    MessageState.REJECTED: frozenset(),
    MessageState.CANCELLED: frozenset(),
    MessageState.BLOCKED: frozenset(),
}

# What an operator looks for among millions: these also get a small Attention row.
RARE_MESSAGE_STATES = frozenset(
    {
        MessageState.IN_DOUBT,
        MessageState.UNKNOWN,
        MessageState.UNDELIVERABLE,
        MessageState.EXPIRED,
        MessageState.REJECTED,
        MessageState.BLOCKED,
    }
)
# A gateway took the message: it may be billed, and can no longer be called back.
HANDED_OVER_STATES = frozenset(
    {
        MessageState.SUBMITTED,
        MessageState.DELIVERED,
        MessageState.UNDELIVERABLE,
        MessageState.UNKNOWN,
    }
)
# A gateway refused the message or it waited too long, unless a receipt said so of one it had taken.
PERHAPS_HANDED_OVER_STATES = frozenset({MessageState.EXPIRED, MessageState.REJECTED})
# A gateway refused the message, or the network gave it up.
FAILED_STATES = frozenset({MessageState.UNDELIVERABLE, MessageState.EXPIRED, MessageState.REJECTED})
# The message never leaves, and nobody pays for it.
NOT_SENT_STATES = frozenset({MessageState.CANCELLED, MessageState.BLOCKED})
# Nothing is left for us to send of the message: its text is of no further use. A late receipt may
# still settle one that is UNKNOWN.
OVER_STATES = frozenset(
    state for state, onward in MESSAGE_STEPS.items() if not onward or state is MessageState.UNKNOWN
)
# No gateway is known to have the message, and one may get it yet.
WITHOUT_GATEWAY_STATES = frozenset({MessageState.QUEUED, MessageState.SUBMITTING})


def is_handed_over(state: MessageState, from_state: MessageState | None) -> bool:
    """Tell whether a gateway took a message that came to `state` from `from_state`.

    What the network said later changes nothing: it has to be paid for all the same.
    """
    if state in PERHAPS_HANDED_OVER_STATES:
        return from_state is not None and from_state not in WITHOUT_GATEWAY_STATES
    return state in HANDED_OVER_STATES


def task_sources_of(to: TaskState) -> frozenset[TaskState]:
    """Return the states a task may leave for `to`."""
    return frozenset(state for state, steps in TASK_STEPS.items() if to in steps)


def message_sources_of(to: MessageState) -> frozenset[MessageState]:
    """Return the states a message may leave for `to`."""
    return frozenset(state for state, steps in MESSAGE_STEPS.items() if to in steps)


# The worst news first: one lost segment means that the handset cannot show the whole text.
_COMBINE_ORDER = (
    MessageState.REJECTED,
    MessageState.UNDELIVERABLE,
    MessageState.EXPIRED,
    MessageState.UNKNOWN,
)


def combine(segment_states: Iterable[MessageState], segments: int) -> MessageState | None:
    """Return the state of a concatenated message, or None while it is still open.

    `segment_states` has one receipt state for each segment heard of, `segments` is how many there
    are. A failure of one decides at once; DELIVERED needs a receipt for every segment.
    """
    states = list(segment_states)
    for state in _COMBINE_ORDER:
        if state in states:
            return state
    if len(states) >= segments and all(state is MessageState.DELIVERED for state in states):
        return MessageState.DELIVERED
    return None


# SMPP 3.4, appendix B: what a receipt calls a state.
_RECEIPT_WORDS = {
    MessageState.DELIVERED: "DELIVRD",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.REJECTED: "REJECTD",
}


def end_word(state: MessageState, code: str) -> str:
    """Return what programs are told of an end: the code that explains it, or the word for it."""
    word = _RECEIPT_WORDS.get(state, state.value)
    return word if state is MessageState.DELIVERED else code or word
