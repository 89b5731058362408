"""Sessions that are over."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import retention

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over_are_deleted() -> None:
    for key, days in (("over", -1), ("open", 1)):
        expires = timezone.now() + timedelta(days=days)
        Session.objects.create(session_key=key, session_data="x", expire_date=expires)
    retention.erase_due()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
