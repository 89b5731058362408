"""Parting old counters changes how many rows they are, and no figure that anybody asks for."""

from datetime import UTC, date, datetime
from unittest import mock

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Organization
from sending.delivery.counters import archiving, compaction, rows
from sending.lifecycle import MessageState
from sending.models import Counter

NOW = datetime(2026, 11, 20, 15, 50, tzinfo=UTC)
DAYS = (date(2026, 11, 1), date(2026, 11, 30))
STATES = [state.value for state in MessageState]


def counter(*, organization=1, task=1, hour=2026110109, country="HK", state="DELIVERED", n=10):
    return Counter(
        organization_id=organization,
        application_id=organization,
        task_id=task,
        hour=hour,
        country=country,
        state=state,
        messages=n,
        segments=2 * n,
        cost_micro=48_000 * n,
    )


def asked_for():
    """Return all that pages, limits and the engine ask counters for."""
    sums = {}
    for organization in (1, 2):
        counters = Counter.objects.filter(organization_id=organization)
        for day in range(1, 31):
            of_day = counters.of_day(2026110000 + day * 100 + 7)
            sums[organization, day] = sorted(of_day.sums("application_id", "country"))
            sums[organization, day, "limit"] = of_day.segments_taken()
        sums[organization] = sorted(counters.of_days(*DAYS).sums("country"))
    for task in range(1, 5):
        of_task = Counter.objects.filter(task_id=task)
        sums["task", task] = sorted(of_task.sums("organization_id", "country"))
    return {key: _without_nothing(found) for key, found in sums.items()}


def _without_nothing(found):
    return [row for row in found if any(row[-3:])] if isinstance(found, list) else found


@pytest.fixture(autouse=True)
def organizations(request):
    """Two organizations, whose rows have no other use here."""
    if request.node.get_closest_marker("django_db"):
        make_organizations()


def make_organizations():
    for pk in (1, 2):
        Organization.objects.get_or_create(pk=pk, defaults={"name": f"Organization {pk}"})


def part(most=200):
    with time_machine.travel(NOW, tick=False):
        return archiving.archive(most)


@pytest.mark.django_db
def test_a_day_has_one_row_a_figure_and_a_task_keeps_its_own():
    Counter.objects.bulk_create(
        counter(task=hour + 1, hour=2026110100 + hour, country=country, n=hour + 1)
        for hour in range(4)
        for country in ("HK", "GB")
    )
    before = asked_for()

    assert part() == 8

    assert asked_for() == before
    assert Counter.objects.filter(hour__range=(2026110100, 2026110199)).count() == 2
    assert Counter.objects.filter(task_id=3).count() == 2
    assert part() == 0


@pytest.mark.django_db
def test_a_late_receipt_counts_for_both():
    Counter.objects.bulk_create([counter(state="SUBMITTED")])
    part()
    late = [counter(state="SUBMITTED", n=-4), counter(state="UNKNOWN", n=4)]
    Counter.objects.bulk_create(late)
    before = asked_for()
    (of_day,) = [row for row in before[1] if row[1] == "SUBMITTED"]
    assert of_day[3] == 6

    assert part() == 2

    assert asked_for() == before


@pytest.mark.django_db
def test_days_that_are_not_over_and_rows_without_task_are_left():
    Counter.objects.bulk_create(
        [counter(hour=2026111700), counter(hour=2026112023), counter(task=None), counter(hour=0)]
    )

    assert part() == 0
    assert Counter.objects.count() == 4


@pytest.mark.django_db
def test_what_fails_in_between_changes_nothing():
    Counter.objects.bulk_create([counter(), counter(task=2)])
    before = asked_for()

    with (
        mock.patch.object(Counter.objects, "bulk_create", side_effect=OSError),
        pytest.raises(OSError),
    ):
        part()

    assert asked_for() == before
    assert Counter.objects.count() == 2


@pytest.mark.django_db
def test_many_rows_are_parted_piece_by_piece():
    Counter.objects.bulk_create(
        counter(task=n % 4 + 1, hour=2026110100 + n % 24, n=n) for n in range(30)
    )
    before = asked_for()

    with mock.patch.object(rows, "AT_ONCE", 4):
        assert part(most=5) == 20
        assert asked_for() == before
        assert part(most=5) == 10
    assert asked_for() == before
    compaction.compact()
    assert asked_for() == before


class TestAnyCounters(TestCase):
    rows = st.builds(
        counter,
        organization=st.integers(1, 2),
        task=st.none() | st.integers(1, 4),
        hour=st.builds(
            lambda d, h: 2026110000 + d * 100 + h, st.integers(1, 30), st.integers(0, 23)
        ),
        country=st.sampled_from(["HK", "GB"]),
        state=st.sampled_from(STATES),
        n=st.integers(-50, 50),
    )

    @settings(max_examples=12)
    @given(first=st.lists(rows, max_size=30), then=st.lists(rows, max_size=10))
    def test_no_figure_changes(self, first, then):
        make_organizations()
        for later in (first, then):
            Counter.objects.bulk_create(later)
            before = asked_for()
            part()
            assert asked_for() == before
            compaction.compact()
            assert asked_for() == before
