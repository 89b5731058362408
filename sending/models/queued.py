"""The messages of a task as they are counted when it is accepted."""

from collections.abc import Mapping
from typing import NamedTuple

from sending.lifecycle import MessageState
from sending.models.counter import Counter
from sending.models.daily_use import DailyUse, Quantity, UseKey, uses_of
from sending.models.send_task import SendTask


class Taken(NamedTuple):
    """What a task took from each limit of a day, and the segments that are taken of it now."""

    uses: Mapping[UseKey, Quantity]
    now: Mapping[UseKey, int]


def count_queued(task: SendTask, hour: int) -> Taken:
    """Count the messages of a task as queued in an hour (yyyymmddhh), and against the limits.

    Whether a limit is passed is for the caller to see. Call it last: limits of the day stay locked
    until the transaction ends.
    """
    countries = list(task.countries.all())
    Counter.objects.bulk_create(
        Counter(
            organization_id=task.organization_id,
            application_id=task.application_id,
            task_id=task.pk,
            hour=hour,
            country=row.country,
            state=MessageState.QUEUED.value,
            messages=row.messages,
            segments=row.segments,
            cost_micro=row.cost_micro,
        )
        for row in countries
    )
    owner = (task.organization_id, task.application_id, hour // 100)
    uses = uses_of((*owner, row.country, Quantity(row.segments, row.messages)) for row in countries)
    return Taken(uses, DailyUse.objects.add(uses))
