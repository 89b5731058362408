"""How many messages are in which state: insert-only deltas, squashed in the background."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.lifecycle import MessageState
from sending.models.choices import message_state_choices

# Messages in these count against no limit.
NEVER_LEAVE = frozenset({MessageState.CANCELLED.value, MessageState.BLOCKED.value})


class CounterQuerySet(OrganizationQuerySet):
    """Deltas; a figure is always their sum."""

    def of_day(self, hour: int) -> Self:
        """Return the deltas of the organization's local day that `hour` (yyyymmddhh) is in."""
        midnight = hour // 100 * 100
        return self.filter(hour__gte=midnight, hour__lt=midnight + 24)

    def segments_taken(self) -> int:
        """Return the segments that count against a limit: all but what never leaves."""
        taken = self.exclude(state__in=NEVER_LEAVE).aggregate(n=models.Sum("segments"))["n"]
        return taken or 0

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
