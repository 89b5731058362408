"""The guard of the demo's organization: its customers live in many countries."""

from accounts.models import Organization
from sending.management.demo.numbers import REGIONS
from sending.models import GuardSettings

DAY_MICRO = 50_000_000


def load_guard(organization: Organization) -> None:
    """Name the home countries, and cap what codes may cost in a day."""
    GuardSettings.objects.for_organization(organization).update(
        home_countries=sorted(REGIONS), day_micro=DAY_MICRO
    )
