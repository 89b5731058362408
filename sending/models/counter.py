"""How many messages are in which state: insert-only deltas, compacted in the background."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.lifecycle import NOT_SENT_STATES
from sending.models.choices import message_state_choices
from sending.models.figures import SomeFigures, add_up

# Messages in these count against no limit.
NEVER_LEAVE = frozenset(state.value for state in NOT_SENT_STATES)
# The hour of rows that count for their task alone; and the last two digits of the hour of those
# that count for their day alone. See delivery/counters/archiving.
NO_HOUR, WHOLE_DAY = 0, 24


def _midnight(day: date) -> int:
    """Return the first hour of a day as yyyymmdd00."""
    return int(f"{day:%Y%m%d}00")


class CounterQuerySet(OrganizationQuerySet):
    """Deltas; a figure is always their sum."""

    def of_day(self, hour: int) -> Self:
        """Return the deltas of the organization's local day that `hour` (yyyymmddhh) is in."""
        midnight = hour // 100 * 100
        return self.filter(hour__gte=midnight, hour__lte=midnight + WHOLE_DAY)

    def of_days(self, first: date, last: date) -> Self:
        """Return the deltas of the organization's local days from the first to the last one."""
        return self.filter(hour__gte=_midnight(first), hour__lte=_midnight(last) + WHOLE_DAY)

    def of_hours(self, day: date, tasks: Iterable[int]) -> Self:
        """Return the deltas of a local day that know their hour, or are of tasks that know it.

        `tasks` are those that were accepted that day.
        """
        midnight = _midnight(day)
        in_hours = models.Q(hour__gte=midnight, hour__lt=midnight + WHOLE_DAY)
        return self.filter(in_hours | models.Q(hour=NO_HOUR, task_id__in=list(tasks)))

    def segments_taken(self) -> int:
        """Return the segments that count against a limit: all but what never leaves."""
        taken = self.exclude(state__in=NEVER_LEAVE).aggregate(n=models.Sum("segments"))["n"]
        return taken or 0

    def sums(self, *keys: str) -> Any:
        """Return (key, …) and Sums but for their key as a query, each figure once."""
        sums = (models.Sum(figure) for figure in ("messages", "segments", "cost_micro"))
        return self.order_by().values_list(*keys, "state", "given_up_later").annotate(*sums)

    def figures_by(self, key: str, kind: type[SomeFigures]) -> dict[Any, SomeFigures]:
        """Return the figures of each value of a field."""
        return add_up(self.sums(key), kind)


class Counter(models.Model):
    """A change of a figure. Rows are only ever added, except by compaction.

    A row counts for its task, if it has one, and for its hour, if it has one: ask for a task or for
    hours, never for both nor for neither.
    """

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    task_id = models.BigIntegerField(null=True)
    # The organization's local hour of acceptance, yyyymmddhh; NO_HOUR, or WHOLE_DAY as its hh.
    hour = models.PositiveIntegerField()
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=13, choices=message_state_choices)
    # A gateway had taken what is EXPIRED or REJECTED now; of all other states it says nothing.
    given_up_later = models.BooleanField(default=False, db_default=False)
    messages = models.IntegerField()
    segments = models.IntegerField()
    cost_micro = models.BigIntegerField()

    objects = CounterQuerySet.as_manager()

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        indexes = [
            models.Index(fields=["task_id"], name="counter_task"),
            models.Index(fields=["organization_id", "hour"], name="counter_organization_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.messages:+d}"
