"""The shared clock: the database's on PostgreSQL, whatever this machine believes."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DataError, OperationalError, connection, transaction
from django.utils import timezone

from accounts import shared_time

pytestmark = [pytest.mark.django_db, pytest.mark.shared_clock]
ON_POSTGRESQL = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="on SQLite this machine's clock is the shared one"
)
HOURS = pytest.mark.parametrize("hours", [1, -1, -3, 48])


@pytest.fixture(autouse=True)
def _never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_time, "_last", None)


def of_the_database() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)
    return moment


@ON_POSTGRESQL
@HOURS
def test_a_wrong_clock_of_this_machine_changes_nothing(hours: int) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        before = of_the_database()
        assert before - timedelta(seconds=1) < shared_time.now()
        assert shared_time.now() < of_the_database() + timedelta(seconds=1)
        assert shared_time.machine_offset() == pytest.approx(hours * 3600, abs=1)


@ON_POSTGRESQL
@HOURS
def test_a_wrong_clock_is_told_with_a_figure_and_what_to_do(hours: int) -> None:
    assert shared_time.wrong_clock() == ""
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        said = shared_time.wrong_clock()
    side = "ahead of" if hours > 0 else "behind"
    # Rounded down or up by the moment between the two looks.
    whole = abs(hours) * 3600
    assert any(
        f"{s:,} s {side} that of the database" in said for s in (whole - 1, whole, whole + 1)
    )
    assert "NTP" in said


@ON_POSTGRESQL
def test_two_seconds_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_time, "_is_asked_of_the_database", lambda: True)
    for offset, refused in ((1.5, False), (-1.5, False), (2.5, True), (-2.5, True)):
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=offset)):
            assert bool(shared_time.wrong_clock()) is refused


@ON_POSTGRESQL
def test_the_database_is_asked_again_after_a_while_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared_time.now()
    first = shared_time._last
    shared_time.now()
    assert shared_time._last is first
    later = shared_time.steady() + 11
    monkeypatch.setattr(shared_time, "steady", lambda: later)
    shared_time.now()
    assert shared_time._last is not first


@ON_POSTGRESQL
def test_a_broken_transaction_and_an_event_loop_are_told_the_time_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = shared_time.now()
    later = shared_time.steady() + 11
    monkeypatch.setattr(shared_time, "steady", lambda: later)

    async def ask() -> datetime:
        return shared_time.now()

    with transaction.atomic():
        with pytest.raises(DataError), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert shared_time.now() > known
        transaction.set_rollback(True)
    assert asyncio.run(ask()) > known


def test_nobody_is_refused_because_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("the server is starting up")

    monkeypatch.setattr(shared_time, "_is_asked_of_the_database", lambda: True)
    monkeypatch.setattr(shared_time, "_ask", away)
    assert shared_time.wrong_clock() == ""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_on_sqlite_the_clock_of_the_machine_is_the_shared_one() -> None:
    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False):
        assert shared_time.now() == timezone.now()
        assert shared_time.machine_offset() == 0
        assert shared_time.wrong_clock() == ""
