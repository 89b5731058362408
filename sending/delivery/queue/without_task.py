"""Messages without a task that are in some states for long, found without reading all of them.

Counters tell of which application and hour there are any; ids tell when a message was made.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db.models import Q, Sum

from sending.lifecycle import MessageState
from sending.models import ApiMessage, Counter, Message
from sending.models.message import first_id_at

_AT_ONCE = 1_000
# A local hour is at most so far from the same hour in UTC.
_ZONES = timedelta(hours=26)


def older_than(
    before: datetime, states: Iterable[MessageState], **only: str
) -> Iterator[list[int]]:
    """Yield ids of messages that are in these states, due and unchanged since before that moment.

    In pieces of a thousand at most; they may have moved on when the caller looks.
    """
    values = [state.value for state in states]
    for application_id, since in _applications(values):
        last = first_id_at(since)
        own = ApiMessage.objects.filter(
            Q(due_at=None) | Q(due_at__lt=before),
            application_id=application_id,
            message_id__lt=first_id_at(before),
        ).order_by("message_id")
        rows = own.values_list("message_id", flat=True)
        while block := list(rows.filter(message_id__gt=last)[:_AT_ONCE]):
            last = block[-1]
            open_ones = Message.objects.filter(
                pk__among=block, state__in=values, state_at__lt=before, **only
            )
            if ids := list(open_ones.order_by("pk").values_list("pk", flat=True)):
                yield ids


def _applications(states: list[str]) -> Iterator[tuple[int, datetime]]:
    """Yield applications with messages in one of the states, and since when there may be any."""
    open_hours = (
        Counter.objects.filter(task_id=None, state__in=states, hour__gt=0)
        .values("application_id", "hour")
        .annotate(open=Sum("messages"))
        .filter(open__gt=0)
    )
    since: dict[int, int] = {}
    for row in open_hours.order_by("hour"):
        since.setdefault(row["application_id"], row["hour"])
    for application_id, hour in sorted(since.items()):
        # Those of a day gone by say 24 instead of an hour.
        day = datetime.strptime(str(hour // 100), "%Y%m%d").replace(tzinfo=UTC)
        yield application_id, day - _ZONES
