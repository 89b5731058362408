"""What is used of the limits of today, for pages of apps that know no messages."""

from dataclasses import dataclass

from django import template
from django.utils import timezone

from accounts.models import Organization, SmsApplication
from sending.models import DailyUse
from sending.models.daily_use import ALL_APPLICATIONS, ALL_COUNTRIES

register = template.Library()


@dataclass(frozen=True, slots=True)
class UsedToday:
    """Segments of the organization's own day by (application, country)."""

    segments: dict[tuple[int, str], int]

    def of(self, application: int, country: str = ALL_COUNTRIES) -> int:
        """Return what was taken; 0 where nothing was."""
        return self.segments.get((application, country), 0)


@register.simple_tag
def used_today(organization: Organization) -> UsedToday:
    """Return what was taken of today's limits, read once for a page."""
    day = organization.local_hour(timezone.now()) // 100
    rows = DailyUse.objects.for_organization(organization).filter(day=day)
    found = rows.values_list("application_id", "country", "segments")
    return UsedToday({(application, country): used for application, country, used in found})


@register.filter
def of_application(used: UsedToday, application: SmsApplication) -> int:
    """Return the segments that an application has taken today."""
    return used.of(application.pk)


@register.filter
def of_everybody(used: UsedToday, organization: Organization) -> int:
    """Return the segments that all applications of the organization have taken today."""
    del organization
    return used.of(ALL_APPLICATIONS)


@register.simple_tag
def used_in(used: UsedToday, application: SmsApplication, country: str) -> int:
    """Return the segments that an application has taken today in one country."""
    return used.of(application.pk, country)
