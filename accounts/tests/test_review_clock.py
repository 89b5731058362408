"""The clock of reviews: two hours are hours of work, and it stands still while one is asked."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.business_time import BusinessTime, read_opening
from accounts.review_clock import due_after, due_after_answer, time_taken

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
WEEK = BusinessTime(
    HONG_KONG,
    read_opening("Mon-Fri 09:00-18:00, Sat 10:00-14:00"),
    frozenset({date(2026, 12, 25), date(2026, 12, 26)}),
)
HOUR = timedelta(hours=1)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def hong_kong(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of December 2026, whose 1st is a Tuesday."""
    return datetime(2026, 12, day, hour, minute, tzinfo=HONG_KONG)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ((1, 10), (1, 12)),
        ((1, 17), (2, 10)),
        ((1, 3), (1, 11)),
        ((1, 18), (2, 11)),
        ((4, 17, 30), (5, 11, 30)),
        ((5, 13), (7, 10)),
        ((6, 12), (7, 11)),
        # Christmas is on a Friday, and Boxing Day a holiday too.
        ((24, 17), (28, 10)),
    ],
)
def test_two_hours_are_hours_of_work(settings, start, due):
    settings.REVIEW_CALENDAR = WEEK
    assert due_after(hong_kong(*start)) == hong_kong(*due)


def test_without_a_calendar_every_hour_counts(settings):
    settings.REVIEW_CALENDAR = None
    assert due_after(hong_kong(6, 23)) == hong_kong(7, 1)


def test_the_clock_stands_still_while_somebody_is_asked(settings):
    settings.REVIEW_CALENDAR = WEEK
    due = due_after(hong_kong(1, 10))
    # An hour was left; the answer comes in the night.
    assert due_after_answer(due, hong_kong(1, 11), hong_kong(2, 3)) == hong_kong(2, 10)
    # What was late stays as late.
    assert due_after_answer(due, hong_kong(1, 13), hong_kong(1, 15)) == hong_kong(1, 14)


def test_what_a_decision_took_leaves_out_nights_and_what_was_waited(settings):
    settings.REVIEW_CALENDAR = WEEK
    due = due_after(hong_kong(1, 17))
    assert time_taken(due, hong_kong(2, 9, 30)) == timedelta(minutes=90)
    assert time_taken(due, hong_kong(2, 13)) == 5 * HOUR
    later = due_after_answer(due, hong_kong(1, 17, 30), hong_kong(3, 9))
    assert time_taken(later, hong_kong(3, 9)) == timedelta(minutes=30)


def test_hours_of_a_day_whose_clock_changes():
    berlin = BusinessTime(ZoneInfo("Europe/Berlin"), read_opening("Mon-Sun 00:00-24:00"))
    # Clocks went forward on 29 March 2026 at 02:00, and the day has 23 hours.
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert berlin.after(start, 23 * HOUR) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert berlin.between(start, start + 30 * HOUR) == 30 * HOUR


def test_a_calendar_that_never_opens_ends_too():
    closed = BusinessTime(HONG_KONG, {})
    assert closed.after(hong_kong(1, 10), HOUR) == hong_kong(1, 10)
    assert closed.between(hong_kong(1, 10), hong_kong(9, 10)) == timedelta()


@given(
    st.integers(0, 365 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes)),
    st.integers(1, 40 * 60),
)
def test_what_comes_after_is_as_far_between(start, minutes):
    length = timedelta(minutes=minutes)
    assert WEEK.between(start, WEEK.after(start, length)) == length


@pytest.mark.parametrize(
    "text", ["", "9-18", "Mon-Fri 18:00-09:00", "Fri-Mon 09:00-18:00", "Mon 09:00-24:30", "always"]
)
def test_hours_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match="“"):
        read_opening(text)
