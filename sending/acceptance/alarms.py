"""Tells the alarm contacts of an application how much of its day is used: once a day of each kind.

Acceptance refuses at a limit by itself. This only tells people, from what it wrote down.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from accounts import shared_time
from accounts.models import SmsApplication
from accounts.names import in_mail
from accounts.notices import NoticeKind, tell
from sending.models import DailyUse
from sending.models.daily_use import ALL_APPLICATIONS, ALL_COUNTRIES

_AT_ONCE = 500
"""Applications whose use is asked for together."""


@dataclass(frozen=True, slots=True)
class DayOfApplication:
    """Segments that an application, and its whole organization, have taken of a day (yyyymmdd)."""

    application: SmsApplication
    day: int
    own: int
    everybody: int

    @property
    def passed_alarm(self) -> bool:
        """Tell whether its alarm is reached."""
        alarm = self.application.daily_alarm_segments
        return alarm is not None and self.own >= alarm

    @property
    def own_is_full(self) -> bool:
        """Tell whether its own limit is used up."""
        limit = self.application.daily_segment_limit
        return limit is not None and self.own >= limit

    @property
    def everybody_is_full(self) -> bool:
        """Tell whether the limit of its organization is used up; a limit of 0 never was any."""
        limit: int = self.application.organization.daily_segment_limit
        return self.everybody >= max(limit, 1)


def tell_due() -> int:
    """Mail whoever has to be told now; return how many alarms that were."""
    # Any organization: each is told of its own applications only.
    # Without what no alarm needs: a secret that no key reads any more would stop them all.
    watched = (
        SmsApplication.objects.exclude(alarm_contacts=None).defer("callback_secret").distinct()
    )
    told = 0
    after = 0
    while block := list(
        watched.filter(pk__gt=after).select_related("organization").order_by("pk")[:_AT_ONCE]
    ):
        after = block[-1].pk
        told += sum(map(_tell, _days_of(block)))
    return told


def _days_of(applications: Iterable[SmsApplication]) -> list[DayOfApplication]:
    """Return what was taken of the day it is just now where each belongs."""
    now = shared_time.now()
    by_day: dict[int, list[SmsApplication]] = defaultdict(list)
    for application in applications:
        by_day[application.organization.local_hour(now) // 100].append(application)
    days = []
    for day, members in by_day.items():
        rows = DailyUse.objects.filter(
            organization_id__in={one.organization_id for one in members},
            day=day,
            country=ALL_COUNTRIES,
        )
        taken = {
            (organization_id, application_id): segments
            for organization_id, application_id, segments in rows.values_list(
                "organization_id", "application_id", "segments"
            )
        }
        days += [
            DayOfApplication(
                application=one,
                day=day,
                own=taken.get((one.organization_id, one.pk), 0),
                everybody=taken.get((one.organization_id, ALL_APPLICATIONS), 0),
            )
            for one in members
        ]
    return days


def _tell(day: DayOfApplication) -> int:
    """Send the mails of one application that nobody has sent yet; return how many kinds."""
    if day.own_is_full or day.everybody_is_full:
        return _once(day, "limit_told_day", is_full=True)
    # Who reads that nothing is left need not read that little is left.
    if day.passed_alarm:
        return _once(day, "alarm_told_day", is_full=False)
    return 0


@transaction.atomic
def _once(day: DayOfApplication, told_day: str, *, is_full: bool) -> int:
    """Mail unless somebody has for this day: of workers at the same moment one changes the row."""
    application = day.application
    if getattr(application, told_day) >= day.day:
        return 0
    rows = SmsApplication.objects.for_organization(application.organization)
    not_told = rows.filter(pk=application.pk, **{f"{told_day}__lt": day.day})
    if not not_told.update(**{told_day: day.day}):
        return 0
    of_organization = is_full and not day.own_is_full
    organization_limit = application.organization.daily_segment_limit
    tell(
        NoticeKind.LIMIT,
        application.organization,
        contacts=application.alarm_contacts.order_by("pk"),
        path=reverse("applications:detail", args=[application.pk]),
        application=in_mail(application.name),
        alarm=application.daily_alarm_segments,
        used=day.everybody if of_organization else day.own,
        limit=organization_limit if of_organization else application.segments_a_day,
        of_organization=of_organization,
        is_full=is_full,
        zone=application.organization.time_zone,
    )
    return 1
