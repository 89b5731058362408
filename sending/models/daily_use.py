"""What was taken of the limits of a day: one row for each limit, changed where it lies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from accounts.statements import Rows, Statement, run_together

# Of the row that counts for the organization as a whole, and for every country.
ALL_APPLICATIONS, ALL_COUNTRIES = 0, ""


class UseKey(NamedTuple):
    """Which limit of which day; the constants above stand for all."""

    organization_id: int
    day: int
    application_id: int
    country: str


class Quantity(NamedTuple):
    """What is added, or taken back where it is negative."""

    segments: int
    messages: int


# Rows are locked in the order in which they are given.
_ADD = (
    "INSERT INTO sending_dailyuse"
    " (organization_id, day, application_id, country, segments, messages) VALUES {rows}"
    " ON CONFLICT (organization_id, day, application_id, country) DO UPDATE"
    " SET segments = sending_dailyuse.segments + excluded.segments,"
    " messages = sending_dailyuse.messages + excluded.messages "
    "RETURNING organization_id, day, application_id, country, segments"
)
_ROW = "(%s, %s, %s, %s, %s, %s)"


def uses_of(
    parts: Iterable[tuple[int, int, int, str, Quantity]],
) -> dict[UseKey, Quantity]:
    """Return what (organization, application, day, country, quantity) parts mean for each limit."""
    sums: dict[UseKey, list[int]] = defaultdict(lambda: [0, 0])
    for organization_id, application_id, day, country, quantity in parts:
        for key in (
            UseKey(organization_id, day, ALL_APPLICATIONS, ALL_COUNTRIES),
            UseKey(organization_id, day, application_id, ALL_COUNTRIES),
            UseKey(organization_id, day, application_id, country),
        ):
            sums[key][0] += quantity.segments
            sums[key][1] += quantity.messages
    return {key: Quantity(*figures) for key, figures in sums.items()}


def addition(uses: Mapping[UseKey, Quantity]) -> Statement:
    """Return the statement of `add`; its rows are for `totals`."""
    rows = [(*key, *uses[key]) for key in sorted(uses)]
    sql = _ADD.format(rows=", ".join([_ROW] * len(rows)))
    return Statement(sql, [value for row in rows for value in row])


def totals(rows: Rows) -> dict[UseKey, int]:
    """Return the segments that are taken of each limit."""
    return {UseKey(*key): segments for *key, segments in rows}


class DailyUseQuerySet(OrganizationQuerySet):
    """What was taken of limits."""

    def add(self, uses: Mapping[UseKey, Quantity]) -> dict[UseKey, int]:
        """Add to each limit, and return the segments that are taken of it now.

        The rows stay locked until the transaction ends: call it last, and once. Whoever adds to
        several locks them in the same order, so that nobody waits in a circle.
        """
        if not uses:
            return {}
        (rows,) = run_together([addition(uses)])
        return totals(rows)

    def taken(self, keys: Iterable[UseKey]) -> dict[UseKey, int]:
        """Return the segments that are taken of limits of one organization and day."""
        wanted = dict.fromkeys(keys, 0)
        if not wanted:
            return {}
        first = next(iter(wanted))
        rows = self.filter(
            organization_id=first.organization_id,
            day=first.day,
            application_id__in={key.application_id for key in wanted},
            country__in={key.country for key in wanted},
        ).values_list(*UseKey._fields, "segments")
        return wanted | totals(list(rows))


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

    objects = DailyUseQuerySet.as_manager()

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
