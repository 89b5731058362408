"""Suppressed numbers and countries not allowed: the check refuses them and says why."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.intake.child import blocklist
from sending.intake.task_check import check_task
from sending.lifecycle import TaskState
from sending.models import Problem, Suppression
from sending.spreadsheets.problems import RowRefused
from sending.tests.factories import a_number

SHEET = f"mobile\n{a_number(1)}\n{a_number(2)}\n{a_number(1, 'GB')}\n".encode()
numbers = st.dictionaries(
    st.integers(10**6, 10**15 - 1).map(str), st.dates(datetime.date(1990, 1, 1)), max_size=30
)


@given(numbers, st.integers(10**6, 10**15 - 1).map(str))
def test_exactly_the_suppressed_numbers_are_refused(tmp_path_factory, suppressed, other):
    path = tmp_path_factory.mktemp("barred") / "numbers"
    assert blocklist.write(path, sorted(suppressed.items(), key=lambda pair: int(pair[0]))) == len(
        suppressed
    )
    rule = blocklist.Blocklist(str(path), [])
    assert bool(rule) == bool(suppressed)
    for number in {*suppressed, other}:
        if number in suppressed:
            with pytest.raises(RowRefused) as refused:
                rule.refuse(number, "HK")
            assert refused.value.params == {"since": suppressed[number].isoformat()}
        else:
            rule.refuse(number, "HK")


def test_without_a_list_and_countries_nothing_is_barred():
    assert not blocklist.Blocklist("", [])


@pytest.mark.django_db
def test_a_check_leaves_out_suppressed_numbers_and_says_since_when(waiting):
    task = waiting(SHEET, body="Hello, we are open.")
    # Another organization's list is none of our business.
    other = waiting(SHEET, body="Hello, we are open.")
    Suppression.objects.create(organization=task.organization, msisdn=a_number(2))
    Suppression.objects.create(organization=other.organization, msisdn=a_number(1))
    # The day it was suppressed in the organization's own zone.
    at = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    Suppression.objects.update(since=at)
    check_task(task.pk)
    task.refresh_from_db()
    assert (task.state, task.accepted, task.refused) == (TaskState.READY, 2, 1)
    problem = Problem.objects.get(task=task)
    assert (problem.code, problem.row) == ("SUPPRESSED", 3)
    assert problem.params == {"since": "2026-03-01"}


@pytest.mark.django_db
def test_a_check_leaves_out_countries_that_are_not_allowed(waiting):
    task = waiting(SHEET, body="Hello, we are open.")
    task.organization.allowed_countries = ["HK", "SG"]
    task.organization.save()
    check_task(task.pk)
    task.refresh_from_db()
    assert (task.accepted, task.refused) == (2, 1)
    problem = Problem.objects.get(task=task)
    assert (problem.code, problem.row, problem.params) == (
        "COUNTRY_NOT_ALLOWED",
        4,
        {"country": "GB"},
    )
