"""How many one-time passwords went where in which stretch of time, and how many were entered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet


class GuardCounter(models.Model):
    """One stretch of time of one thing that is counted, changed where it lies.

    `bucket` is the digits of a block, an ISO 3166 code, an id of a key, or empty for the whole
    organization. `sent` are all of the stretch; whether they are old enough to be judged, its
    beginning says. `verified` are those of `sent` whose code was entered, whenever that was.
    """

    organization_id = models.BigIntegerField()
    # guard.rules.names.Dimension
    dimension = models.CharField(max_length=3)
    bucket = models.CharField(max_length=20, blank=True)
    # The minute since 1970 in which it begins; how long it is, the dimension says.
    minute = models.PositiveIntegerField()
    sent = models.PositiveIntegerField(default=0)
    verified = models.PositiveIntegerField(default=0)
    cost_micro = models.BigIntegerField(default=0)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("counter of the guard")
        verbose_name_plural = _("counters of the guard")
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "dimension", "bucket", "minute"],
                name="guard_counter_once",
            ),
        ]
        indexes = [models.Index(fields=["minute"], name="guard_counter_minute")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.bucket} {self.minute}"
