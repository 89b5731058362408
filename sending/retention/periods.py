"""How long what is known about people is kept."""

from datetime import datetime, timedelta

from django.conf import settings

from accounts import shared_time
from accounts.models import Organization

# Erasing runs once an hour, and no one-time password is kept for more than a day.
_ONE_TIME_PASSWORDS = timedelta(hours=23)


def messages_before(organization: Organization) -> datetime:
    """Return before when numbers and texts of an organization's messages are erased.

    An organization may keep them for less time than the installation; receipts are waited for.
    """
    days = min(settings.KEEP_MESSAGES_DAYS, organization.keep_messages_days or 10**6)
    kept = max(timedelta(days=days), timedelta(hours=settings.RECEIPT_WAIT_HOURS))
    return shared_time.now() - kept


def message_rows_before() -> datetime | None:
    """Return before when messages are deleted for good; None if they are kept for ever."""
    days = settings.KEEP_MESSAGE_ROWS_DAYS
    return shared_time.now() - timedelta(days=days) if days else None


def sources_before() -> datetime:
    """Return before when uploads, pasted numbers and rows that are not sent are erased."""
    return shared_time.now() - timedelta(days=settings.KEEP_UPLOADS_DAYS)


def drafts_before() -> datetime:
    """Return before when drafts must have been saved last to be deleted."""
    return shared_time.now() - timedelta(days=settings.KEEP_DRAFTS_DAYS)


def inbound_before() -> datetime:
    """Return before when what handsets sent, and receipts that fit no message, is deleted."""
    return shared_time.now() - timedelta(days=settings.KEEP_INBOUND_DAYS)


def api_requests_before() -> datetime:
    """Return before when lines of the request log are deleted."""
    return shared_time.now() - timedelta(days=settings.KEEP_API_REQUESTS_DAYS)


def verifications_before() -> datetime:
    """Return before when verifications are deleted; their numbers left when they ended."""
    return shared_time.now() - timedelta(days=settings.KEEP_MESSAGES_DAYS)


def replies_before(organization: Organization) -> datetime:
    """Return before when replies to an organization are deleted: they are texts of people too."""
    days = min(settings.KEEP_INBOUND_DAYS, organization.keep_messages_days or 10**6)
    return shared_time.now() - timedelta(days=days)


def one_time_passwords_before() -> datetime:
    """Return before when one-time passwords are erased whatever became of them."""
    return shared_time.now() - _ONE_TIME_PASSWORDS
