"""The clock of reviews: when a decision is due, and how long one took, in business time.

`settings.REVIEW_CALENDAR` says when reviewers work; without one every hour counts.
"""

from datetime import datetime, timedelta

from django.conf import settings

from accounts.business_time import BusinessTime

REVIEW_TIME = timedelta(hours=2)


def due_after(submitted_at: datetime) -> datetime:
    """Return when something should be decided at the latest."""
    return _later(submitted_at, REVIEW_TIME)


def due_after_answer(due_at: datetime, asked_at: datetime, answered_at: datetime) -> datetime:
    """Return when something is due that stood still while the applicant was asked."""
    if asked_at >= due_at:
        # It was late already, and stays as late as it was.
        return due_at + (answered_at - asked_at)
    return _later(answered_at, _between(asked_at, due_at))


def time_taken(due_at: datetime, decided_at: datetime) -> timedelta:
    """Return the business time a decision took, without what was waited for answers.

    The due time holds it: it was set for REVIEW_TIME, and was moved by whatever was waited.
    """
    if decided_at > due_at:
        return REVIEW_TIME + _between(due_at, decided_at)
    return max(REVIEW_TIME - _between(decided_at, due_at), timedelta())


def _later(start: datetime, length: timedelta) -> datetime:
    calendar: BusinessTime | None = settings.REVIEW_CALENDAR
    return calendar.after(start, length) if calendar else start + length


def _between(start: datetime, end: datetime) -> timedelta:
    calendar: BusinessTime | None = settings.REVIEW_CALENDAR
    return calendar.between(start, end) if calendar else end - start
