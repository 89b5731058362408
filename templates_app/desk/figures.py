"""How quickly the desk decides, and how well: figures of the last days, from bounded reads."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from accounts import shared_time
from sending.sms.delays import nearest_rank
from templates_app.desk.queries import overdue_items
from templates_app.models import DecisionState, DeskDecision, QualityCheck, QualityState

DAYS = 30
MOST_DECISIONS = 5_000
"""The newest so many are measured."""


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """Of the last 30 days; times are business time, None where nothing was decided."""

    decisions: int
    median: timedelta | None
    slow: timedelta | None
    late: int
    overdue: int
    agreed: int
    checked: int


def desk_figures() -> DeskFigures:
    """Return p50 (`median`) and p95 (`slow`) of decisions, how many came late, and what is late."""
    now = shared_time.now()
    since = now - timedelta(days=DAYS)
    # Any organization: figures of the desk.
    taken = DeskDecision.objects.filter(given_at__gt=since).exclude(
        state__in=(DecisionState.TAKEN_BACK.value, DecisionState.VOID.value)
    )
    rows = list(taken.order_by("-given_at").values_list("seconds", "was_overdue")[:MOST_DECISIONS])
    seconds = sorted(row[0] for row in rows)
    # Any organization: the same.
    checked = QualityCheck.objects.filter(checked_at__gt=since).aggregate(
        all=Count("pk"), agreed=Count("pk", filter=Q(state=QualityState.AGREED.value))
    )
    return DeskFigures(
        decisions=len(rows),
        median=_time(seconds, 50),
        slow=_time(seconds, 95),
        late=sum(was_overdue for _seconds, was_overdue in rows),
        overdue=overdue_items(),
        agreed=checked["agreed"],
        checked=checked["all"],
    )


def _time(ascending: list[int], percent: int) -> timedelta | None:
    """Return the time that so many percent of seconds do not exceed."""
    return timedelta(seconds=nearest_rank(ascending, percent)) if ascending else None
