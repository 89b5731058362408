"""What was taken of the limits of a day: one row for each limit, changed where it lies."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet

# Of the row that counts for the organization as a whole, and for every country.
ALL_APPLICATIONS, ALL_COUNTRIES = 0, ""


class DailyUse(models.Model):
    """Segments and messages of one local day of an organization, that may still be sent or were.

    The day is that of acceptance and never changes. Acceptance adds in its transaction, and the
    step to a state in which a message never leaves takes back (`stepping`): a limit is exact,
    whoever sends at the same moment. Counter has the same sums for pages; a test recounts them.
    """

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField(default=ALL_APPLICATIONS)
    country = models.CharField(_("country"), max_length=2, default=ALL_COUNTRIES, blank=True)
    # yyyymmdd
    day = models.PositiveIntegerField()
    segments = models.BigIntegerField(default=0)
    messages = models.BigIntegerField(default=0)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a day")
        verbose_name_plural = _("use of days")
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "day", "application_id", "country"],
                name="daily_use_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.segments}"
