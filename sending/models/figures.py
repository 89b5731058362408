"""What counters add up to: messages by state, and what of them was handed over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sending.lifecycle import (
    FAILED_STATES,
    HANDED_OVER_STATES,
    NOT_SENT_STATES,
    WITHOUT_GATEWAY_STATES,
    MessageState,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Messages by state; `handed_over`, segments and cost are of those that gateways took.

    Every message is in exactly one of: delivered, failed, submitted, doubtful, left.
    """

    messages: Mapping[str, int] = field(default_factory=dict)
    segments: int = 0
    cost_micro: int = 0
    handed_over: int = 0

    def of(self, states: Iterable[MessageState]) -> int:
        """Return how many messages are in one of the states."""
        return sum(self.messages.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        """Return how many messages were accepted."""
        return sum(self.messages.values())

    @property
    def delivered(self) -> int:
        """Return how many a receipt confirmed."""
        return self.of({MessageState.DELIVERED})

    @property
    def failed(self) -> int:
        """Return how many a gateway or the network refused or gave up."""
        return self.of(FAILED_STATES)

    @property
    def submitted(self) -> int:
        """Return how many wait for a receipt."""
        return self.of({MessageState.SUBMITTED})

    @property
    def in_doubt(self) -> int:
        """Return how many may or may not have left."""
        return self.of({MessageState.IN_DOUBT})

    @property
    def unknown(self) -> int:
        """Return how many got no receipt in time."""
        return self.of({MessageState.UNKNOWN})

    @property
    def doubtful(self) -> int:
        """Return how many nobody can vouch for."""
        return self.in_doubt + self.unknown

    @property
    def not_sent(self) -> int:
        """Return how many never leave: cancelled, or blocked."""
        return self.of(NOT_SENT_STATES)

    @property
    def waiting(self) -> int:
        """Return how many no gateway has taken yet."""
        return self.of(WITHOUT_GATEWAY_STATES)

    @property
    def left(self) -> int:
        """Return how many no gateway got: they never leave, or wait."""
        return self.not_sent + self.waiting


SomeFigures = TypeVar("SomeFigures", bound=Figures)
# (what the figure is of, state, whether a gateway had taken what was given up, messages, segments,
# cost in millionths)
Sums = tuple[Any, str, bool, int, int, int]


def add_up(rows: Iterable[Sums], kind: type[SomeFigures]) -> dict[Any, SomeFigures]:
    """Return the figures of each key; rows of one key and state may be many."""
    messages: dict[Any, dict[str, int]] = {}
    taken: dict[Any, list[int]] = {}
    for key, state, given_up_later, n, segments, micro in rows:
        if key not in messages:
            messages[key], taken[key] = {}, [0, 0, 0]
        states = messages[key]
        states[state] = states.get(state, 0) + n
        if given_up_later or state in HANDED_OVER_STATES:
            for place, figure in enumerate((segments, micro, n)):
                taken[key][place] += figure
    return {key: kind(states, *taken[key]) for key, states in messages.items()}


def together(parts: Iterable[Figures]) -> Figures:
    """Return the figures of all parts as one."""
    messages: dict[str, int] = {}
    segments = cost_micro = handed_over = 0
    for part in parts:
        segments += part.segments
        cost_micro += part.cost_micro
        handed_over += part.handed_over
        for state, n in part.messages.items():
            messages[state] = messages.get(state, 0) + n
    return Figures(messages, segments, cost_micro, handed_over)
