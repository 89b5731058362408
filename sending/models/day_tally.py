"""Why messages failed and how long others took, by the day of acceptance: insert-only, compacted.

Counter knows states only. What is told here, too, comes from the rows that stepped, in the
transaction of the step.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Self

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet


class TallyKind(StrEnum):
    """What is counted: messages by the code of their failure, or by the step of their delay."""

    CODE = "CODE"
    DELAY = "DELAY"


class TallyKey(NamedTuple):
    """What a tally is of; the names of the fields of DayTally."""

    organization_id: int
    application_id: int
    day: int
    country: str
    kind: TallyKind
    subject: str


class DayTallyQuerySet(OrganizationQuerySet):
    """Tallies; a figure is always their sum."""

    def of_days(self, kind: TallyKind, first: date, last: date) -> Self:
        """Return those of a kind, of local days; index day_tally_organization_kind."""
        return self.filter(kind=kind.value, day__gte=f"{first:%Y%m%d}", day__lte=f"{last:%Y%m%d}")

    def by_subject(self) -> dict[str, int]:
        """Return how many messages each subject has."""
        sums = self.order_by().values_list("subject").annotate(n=Sum("messages"))
        return {subject: n for subject, n in sums if n}

    def by_country(self) -> dict[str, dict[str, int]]:
        """Return how many messages each subject has, by country."""
        sums = self.order_by().values_list("country", "subject").annotate(n=Sum("messages"))
        found: dict[str, dict[str, int]] = {}
        for country, subject, n in sums:
            found.setdefault(country, {})[subject] = n
        return found

    def add(self, counted: Mapping[TallyKey, int]) -> None:
        """Write what happened to some messages."""
        self.bulk_create(
            DayTally(**key._asdict(), messages=n) for key, n in sorted(counted.items()) if n
        )


class DayTally(models.Model):
    """So many messages that were accepted on a day, failed with a code or took so long."""

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    # The organization's local day of acceptance, yyyymmdd.
    day = models.PositiveIntegerField()
    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=5)
    subject = models.CharField(max_length=40, blank=True)
    messages = models.IntegerField()

    objects = DayTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of a day")
        verbose_name_plural = _("tallies of days")
        indexes = [
            models.Index(
                fields=["organization_id", "kind", "day"], name="day_tally_organization_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.subject} {self.messages:+d}"
