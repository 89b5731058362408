"""What a clock on the wall shows, as a moment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.local_time import Occurrence, moment_of

ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo"]


@pytest.mark.parametrize(
    ("zone", "shown", "moment", "occurrence"),
    [
        ("Asia/Hong_Kong", "2026-12-01 09:00", "2026-12-01 01:00", Occurrence.ONCE),
        ("Asia/Kolkata", "2026-12-01 00:10", "2026-11-30 18:40", Occurrence.ONCE),
        # Clocks go forward: 01:30 is skipped, and 02:30 is when they have.
        ("Europe/London", "2026-03-29 01:30", "2026-03-29 01:30", Occurrence.NEVER),
        ("Europe/London", "2026-03-29 00:59", "2026-03-29 00:59", Occurrence.ONCE),
        ("Europe/London", "2026-03-29 02:00", "2026-03-29 01:00", Occurrence.ONCE),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30", Occurrence.NEVER),
        # They go back: the first 01:30 is the one in summer time.
        ("Europe/London", "2026-10-25 01:30", "2026-10-25 00:30", Occurrence.TWICE),
        ("America/New_York", "2026-11-01 01:59", "2026-11-01 05:59", Occurrence.TWICE),
        # By half an hour only.
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45", Occurrence.TWICE),
    ],
)
def test_a_time_on_the_wall_is_a_moment(zone, shown, moment, occurrence):
    found = moment_of(datetime.fromisoformat(shown), ZoneInfo(zone))
    assert found.at == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert found.occurrence is occurrence


@given(
    st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2060-01-01")),
    st.sampled_from(ZONES),
)
def test_what_is_shown_comes_back_unless_it_is_skipped(shown, name):
    zone = ZoneInfo(name)
    found = moment_of(shown, zone)
    back = found.at.astimezone(zone).replace(tzinfo=None)
    if found.occurrence is Occurrence.NEVER:
        assert timedelta() < back - shown <= timedelta(hours=1)
    else:
        assert back == shown
