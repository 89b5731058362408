"""How far a task is: sums of counters only, never a count of messages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Sum

from accounts.models import Organization
from sending.lifecycle import HANDED_OVER_STATES, MessageState
from sending.models import Counter

# What people look at first comes first.
STATE_ORDER: tuple[MessageState, ...] = (
    MessageState.DELIVERED,
    MessageState.SUBMITTED,
    MessageState.SUBMITTING,
    MessageState.QUEUED,
    MessageState.UNDELIVERABLE,
    MessageState.REJECTED,
    MessageState.EXPIRED,
    MessageState.BLOCKED,
    MessageState.IN_DOUBT,
    MessageState.UNKNOWN,
    MessageState.CANCELLED,
)
FAILED_STATES = frozenset(
    {
        MessageState.UNDELIVERABLE,
        MessageState.REJECTED,
        MessageState.EXPIRED,
        MessageState.BLOCKED,
    }
)
# A message in one of these may change yet, so a page about it renews itself.
OPEN_STATES = frozenset({MessageState.QUEUED, MessageState.SUBMITTING, MessageState.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Progress:
    """Messages of a task, or of one country of it, by state; and what was handed over costs."""

    messages: Mapping[MessageState, int] = field(default_factory=dict)
    cost_micro: int = 0

    def of(self, states: Iterable[MessageState]) -> int:
        """Return how many messages are in one of the states."""
        return sum(self.messages.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        """Return how many messages were accepted."""
        return self.of(MessageState)

    @property
    def queued(self) -> int:
        """Return how many pause and cancel act on."""
        return self.of({MessageState.QUEUED})

    @property
    def delivered(self) -> int:
        """Return how many a receipt confirmed."""
        return self.of({MessageState.DELIVERED})

    @property
    def submitted(self) -> int:
        """Return how many wait for a receipt."""
        return self.of({MessageState.SUBMITTED})

    @property
    def submitting(self) -> int:
        """Return how many are on the wire."""
        return self.of({MessageState.SUBMITTING})

    @property
    def waiting(self) -> int:
        """Return how many no gateway has taken yet."""
        return self.queued + self.submitting

    @property
    def failed(self) -> int:
        """Return how many will not arrive."""
        return self.of(FAILED_STATES)

    @property
    def handed_over(self) -> int:
        """Return how many a gateway took."""
        return self.of(HANDED_OVER_STATES)

    @property
    def doubtful(self) -> int:
        """Return how many nobody can vouch for."""
        return self.of({MessageState.IN_DOUBT, MessageState.UNKNOWN})

    @property
    def in_doubt(self) -> int:
        """Return how many may or may not have left."""
        return self.of({MessageState.IN_DOUBT})

    @property
    def is_open(self) -> bool:
        """Tell whether figures may still move by themselves."""
        return self.of(OPEN_STATES) > 0

    @property
    def by_state(self) -> list[tuple[MessageState, int]]:
        """Return every state that has messages, the most wanted first."""
        return [(state, n) for state in STATE_ORDER if (n := self.messages.get(state, 0))]


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """A task's progress and that of each country, the biggest first."""

    whole: Progress
    countries: list[tuple[str, Progress]]


def progress_of(organization: Organization, task_id: int) -> TaskProgress:
    """Add up the counters of one task."""
    rows = (
        Counter.objects.for_organization(organization)
        .filter(task_id=task_id)
        .values_list("country", "state")
        .annotate(n=Sum("messages"), cost=Sum("cost_micro"))
        .order_by()
    )
    by_country: dict[str, dict[MessageState, int]] = defaultdict(dict)
    whole: dict[MessageState, int] = defaultdict(int)
    cost = 0
    for country, state_value, messages, cost_micro in rows:
        state = MessageState(state_value)
        by_country[country][state] = messages
        whole[state] += messages
        cost += cost_micro if state in HANDED_OVER_STATES else 0
    countries = [(country, Progress(figures)) for country, figures in by_country.items()]
    countries.sort(key=lambda pair: (-pair[1].total, pair[0]))
    return TaskProgress(Progress(dict(whole), cost), countries)


def progress_of_many(organization: Organization, task_ids: Iterable[int]) -> dict[int, Progress]:
    """Add up the counters of some tasks, for a list of them; in one query."""
    rows = (
        Counter.objects.for_organization(organization)
        .filter(task_id__in=list(task_ids))
        .values_list("task_id", "state")
        .annotate(n=Sum("messages"))
        .order_by()
    )
    figures: dict[int, dict[MessageState, int]] = defaultdict(dict)
    for task_id, state, messages in rows:
        figures[task_id][MessageState(state)] = messages
    return {task_id: Progress(messages) for task_id, messages in figures.items()}
