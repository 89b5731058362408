"""A guard that has seen something, for tests of its pages."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organization
from sending.models import (
    GuardAllow,
    GuardBlock,
    GuardDecision,
    GuardIncident,
    GuardSettings,
)
from sending.models.guard_digest import guard_digest

NUMBER = "+85251230001"


@dataclass(frozen=True, slots=True)
class GuardRows:
    """What pages of the guard name in their addresses."""

    block: int
    allow: int


def make_decision(organization: Organization, **fields: Any) -> GuardDecision:
    given: dict[str, Any] = {
        "application_id": 1,
        "api_key_id": 1,
        "rule": "F4",
        "action": "BLOCK",
        "subject": "+852 5123 0xxx",
        "counted": 6,
        "threshold": 5,
        "window_seconds": 3600,
        "at": timezone.now(),
        "expires_at": timezone.now() + timedelta(hours=1),
        "number_digest": guard_digest(NUMBER, organization.pk),
        "number_shown": "+852 512*****",
        "country": "HK",
        "cost_micro": 50_000,
    }
    return GuardDecision.objects.create(organization_id=organization.pk, **{**given, **fields})


def make_guard(organization: Organization) -> GuardRows:
    """Make an incident with a decision, a block, an exception, and something only recorded."""
    now = timezone.now()
    GuardSettings.objects.update_or_create(
        organization=organization, defaults={"day_micro": 5_000_000}
    )
    incident = GuardIncident.objects.create(
        organization=organization,
        rule="F4",
        country="HK",
        started_at=now,
        last_at=now,
        stopped=12,
        saved_micro=600_000,
    )
    make_decision(organization, incident_id=incident.pk)
    make_decision(organization, rule="F5", action="HOLD", is_enforced=False)
    block = GuardBlock.objects.create(
        organization_id=organization.pk,
        rule="F4",
        dimension="1k",
        bucket="85251230",
        shown="+852 5123 0xxx",
        action="HOLD",
        started_at=now,
        until=now + timedelta(hours=1),
    )
    allow = GuardAllow.objects.create(
        organization=organization,
        kind="COUNTRY",
        value="GB",
        shown="GB",
        reason="Users in Leeds",
        until=now + timedelta(days=7),
    )
    return GuardRows(block.pk, allow.pk)
