"""How many messages are in which state: insert-only deltas, squashed in the background."""

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


class CounterQuerySet(OrganizationQuerySet):
    """Deltas; a figure is always their sum."""

    def of_day(self, hour: int) -> Self:
        """Return the deltas of the organization's local day that `hour` (yyyymmddhh) is in."""
        midnight = hour // 100 * 100
        return self.filter(hour__gte=midnight, hour__lt=midnight + 24)

    def of_days(self, first: date, last: date) -> Self:
        """Return the deltas of the organization's local days from the first to the last one."""
        return self.filter(hour__gte=int(f"{first:%Y%m%d}00"), hour__lt=int(f"{last:%Y%m%d}24"))

    def segments_taken(self) -> int:
        """Return the segments that count against a limit: all but what never leaves."""
        taken = self.exclude(state__in=NEVER_LEAVE).aggregate(n=models.Sum("segments"))["n"]
        return taken or 0

    def sums(self, *keys: str) -> Any:
        """Return (key, …, state, messages, segments, cost_micro) as a query, each figure once."""
        sums = (models.Sum(figure) for figure in ("messages", "segments", "cost_micro"))
        return self.order_by().values_list(*keys, "state").annotate(*sums)

    def figures_by(self, key: str, kind: type[SomeFigures]) -> dict[Any, SomeFigures]:
        """Return the figures of each value of a field."""
        return add_up(self.sums(key), kind)

    def by_state(self) -> dict[str, dict[str, int]]:
        """Return {state: {"messages", "segments", "cost_micro"}} of the rows."""
        rows = self.values("state").annotate(
            n=models.Sum("messages"), s=models.Sum("segments"), c=models.Sum("cost_micro")
        )
        return {
            row["state"]: {"messages": row["n"], "segments": row["s"], "cost_micro": row["c"]}
            for row in rows.order_by()
            if row["n"]
        }


class Counter(models.Model):
    """A change of a figure. Rows are only ever added, except by the squashing."""

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    task_id = models.BigIntegerField(null=True)
    # The organization's local hour of acceptance, yyyymmddhh.
    hour = models.PositiveIntegerField()
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=13, choices=message_state_choices)
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
