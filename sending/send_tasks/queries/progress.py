"""How far a task is: sums of counters only, never a count of messages."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Organization
from sending.lifecycle import MessageState
from sending.models import Counter
from sending.models.figures import Figures, add_up
from sending.sms.shares import shares_of

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
# A message in one of these may change yet, so a page about it reloads automatically.
OPEN_STATES = frozenset({MessageState.QUEUED, MessageState.SUBMITTING, MessageState.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Progress(Figures):
    """The figures of a task, or of one country of it."""

    @property
    def queued(self) -> int:
        """Return how many pause and cancel act on."""
        return self.of({MessageState.QUEUED})

    @property
    def submitting(self) -> int:
        """Return how many are on the wire."""
        return self.of({MessageState.SUBMITTING})

    @property
    def is_open(self) -> bool:
        """Tell whether figures may still change without anyone acting."""
        return self.of(OPEN_STATES) > 0

    @property
    def by_state(self) -> list[tuple[MessageState, int]]:
        """Return every state that has messages, the most wanted first."""
        return [(state, n) for state in STATE_ORDER if (n := self.messages.get(state, 0))]

    @property
    def shares(self) -> dict[str, int]:
        """Return what share of all is delivered, failed and so on; they add up to a whole."""
        parts = ("delivered", "failed", "doubtful", "submitted", "waiting", "not_sent")
        shares = shares_of([getattr(self, part) for part in parts])
        return dict(zip(parts, shares, strict=True)) if self.total else {}


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """A task's progress and that of each country, the biggest first."""

    whole: Progress
    countries: list[tuple[str, Progress]]


def progress_of(organization: Organization, task_id: int) -> TaskProgress:
    """Add up the counters of one task."""
    counters = Counter.objects.for_organization(organization).filter(task_id=task_id)
    rows = list(counters.sums("task_id", "country"))
    whole = add_up((row[:1] + row[2:] for row in rows), Progress).get(task_id, Progress())
    countries = [*add_up((row[1:] for row in rows), Progress).items()]
    countries.sort(key=lambda pair: (-pair[1].total, pair[0]))
    return TaskProgress(whole, countries)


def progress_of_many(organization: Organization, task_ids: Iterable[int]) -> dict[int, Progress]:
    """Add up the counters of some tasks, for a list of them; in one query."""
    counters = Counter.objects.for_organization(organization)
    return counters.filter(task_id__in=list(task_ids)).figures_by("task_id", Progress)
