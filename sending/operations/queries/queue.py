"""The queue as it stands: how much waits in which lane of which gateway, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Func, IntegerField, Min, Q, Sum
from django.db.models.functions import Coalesce

from sending.lifecycle import LANES_BY_PRIORITY, Lane
from sending.models import Batch


class _Length(Func):
    """How many elements a JSON list has."""

    arity = 1
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_array_length", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="jsonb_array_length", **context)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages of one lane at one gateway: due now, and due later (to be tried again)."""

    gateway_id: int
    lane: Lane
    messages: int
    later: int
    oldest: datetime | None


def waiting(now: datetime) -> list[Waiting]:
    """Return what waits, by gateway and lane.

    A million messages are two thousand rows. Those that Send has not released have no `due_at`,
    and the partial index batch_due (gateway, lane, due_at) leaves them out.
    """
    due, later = Q(due_at__lte=now), Q(due_at__gt=now)
    rows = (
        Batch.objects.filter(owner="", due_at__isnull=False)
        .values("gateway_id", "lane")
        .annotate(
            messages=Coalesce(Sum(_Length(F("ids")), filter=due), 0),
            later=Coalesce(Sum(_Length(F("ids")), filter=later), 0),
            oldest=Min("due_at", filter=due),
        )
        .order_by("gateway_id", "lane")
    )
    return [
        Waiting(
            gateway_id=row["gateway_id"],
            lane=Lane(row["lane"]),
            messages=row["messages"],
            later=row["later"],
            oldest=row["oldest"],
        )
        for row in rows
    ]


def in_hand() -> dict[int, int]:
    """Return {gateway: messages that senders have claimed}; index batch_owner."""
    claimed = Batch.objects.exclude(owner="").values_list("gateway_id")
    return dict(claimed.annotate(messages=Sum(_Length(F("ids")))).order_by("gateway_id"))


def seconds_to_empty(rows: Iterable[Waiting], pace: float) -> dict[Lane, float]:
    """Return how long until each lane of a gateway is empty, at `pace` messages a second.

    OTP and API go first, so a lane waits for those before it. Without a pace nobody can say.
    """
    lanes = {row.lane: row.messages + row.later for row in rows}
    seconds, before = {}, 0
    for lane in LANES_BY_PRIORITY:
        before += lanes.get(lane, 0)
        if pace and lanes.get(lane):
            seconds[lane] = before / pace
    return seconds
