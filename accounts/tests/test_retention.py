"""Sessions that are over, and details of acts of years ago."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import retention
from accounts.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over_are_deleted() -> None:
    for key, days in (("over", -1), ("open", 1)):
        expires = timezone.now() + timedelta(days=days)
        Session.objects.create(session_key=key, session_data="x", expire_date=expires)
    retention.erase_due()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


def test_details_of_old_entries_go_and_what_was_done_stays(settings) -> None:
    settings.KEEP_AUDIT_DETAILS_DAYS = 10
    for name, days in (("old", 11), ("young", 9)):
        entry = AuditEntry.record(
            action="organization.changed", subject=name, organization=None, before={"name": "x"}
        )
        at = timezone.now() - timedelta(days=days)
        AuditEntry.objects.filter(pk=entry.pk).update(at=at)
    retention.erase_due()
    details = AuditEntry.objects.order_by("pk").values_list("subject", "details")
    assert list(details) == [("old", {}), ("young", {"before": {"name": "x"}})]
