"""What is kept of people's sessions and of the details of what they did."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.models import AuditEntry

_AT_ONCE = 500


def erase_due() -> None:
    """Delete sessions that are over, and the details of old entries of the audit trail."""
    SessionStore.clear_expired()
    before = timezone.now() - timedelta(days=settings.KEEP_AUDIT_DETAILS_DAYS)
    old = AuditEntry.objects.filter(at__lt=before).exclude(details={})
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        AuditEntry.objects.filter(pk__in=ids).update(details={})
