"""How much waits to be called back, and since when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, OuterRef, QuerySet, Subquery

from sending.models import CallbackEndpoint, CallbackEvent

# Counting reads rows; nobody needs larger figures exactly.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many events wait, counted up to MOST, and since when the oldest does."""

    count: int
    oldest: datetime | None

    @property
    def more(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.count >= MOST


def of_endpoint(application_id: int, kind: str) -> Backlog:
    """Return what waits for one endpoint."""
    waiting = CallbackEvent.objects.waiting(application_id, kind)
    oldest = waiting.values_list("due_at", flat=True).first()
    return Backlog(_count(waiting), oldest)


def of_all() -> Backlog:
    """Return what waits for all endpoints, by one look into an index for each."""
    waiting = CallbackEvent.objects.waiting(OuterRef("application_id"), OuterRef("kind"))
    first = Subquery(waiting.values("due_at")[:1])
    oldest = CallbackEndpoint.objects.aggregate(oldest=Min(first))["oldest"]
    return Backlog(_count(CallbackEvent.objects.filter(due_at__isnull=False)), oldest)


def _count(waiting: QuerySet[CallbackEvent]) -> int:
    return waiting.order_by()[:MOST].count()


def endpoints_down() -> int:
    """Return how many endpoints have not taken what they were told last."""
    return CallbackEndpoint.objects.exclude(down_since=None).count()
