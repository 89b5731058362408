"""Rows with the same number: which of them is sent, as people chose."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.intake.child.duplicates import AfterRow, Differing, First, Last, Unanimous
from sending.models import Message, Problem
from sending.spreadsheets.problems import RowRefused

# Rows 2, 4 and 6 have one number and differ; 3 and 7 agree; row 6 cannot be sent at all.
SHEET = b"""mobile,1,2
85261230001,1111,5
85261230002,2222,5
85261230001,3333,5
85261230003,4444,5
85261230001,,5
+852 6123 0002,2222,5
"""
pytestmark = pytest.mark.django_db


def sent(task):
    return list(
        Message.objects.filter(task_id=task.pk).order_by("row").values_list("row", flat=True)
    )


def told(task):
    rows = Problem.objects.filter(task=task, kind="DUPLICATE").order_by("row")
    return [(problem.row, problem.code, problem.params) for problem in rows]


@pytest.mark.parametrize("chosen", [{}, {"duplicates": ""}, {"duplicates": "first"}])
def test_the_first_row_is_kept_unless_people_choose(checked, chosen):
    task = checked(SHEET, **chosen)
    assert sent(task) == [2, 3, 5]
    assert told(task) == [(4, "DUPLICATE", {"first": 2}), (7, "DUPLICATE", {"first": 3})]


def test_the_last_row_that_can_be_sent_is_kept(checked):
    task = checked(SHEET, duplicates="last")
    assert sent(task) == [4, 5, 7]
    assert told(task) == [
        (2, "DUPLICATE_EARLIER", {"last": 4}),
        (3, "DUPLICATE_EARLIER", {"last": 7}),
    ]
    assert (task.accepted, task.duplicates, task.refused) == (3, 2, 1)


def test_none_is_kept_where_values_differ(checked):
    task = checked(SHEET, duplicates="none")
    assert sent(task) == [3, 5]
    assert told(task) == [
        (2, "DUPLICATE_DIFFERS", {}),
        (4, "DUPLICATE_DIFFERS", {}),
        (7, "DUPLICATE", {"first": 3}),
    ]
    assert sum(row.messages for row in task.countries.all()) == task.accepted == 2


@pytest.mark.parametrize("chosen", ["first", "last", "none"])
def test_rows_with_different_codes_for_one_number_are_named(checked, chosen):
    task = checked(SHEET, duplicates=chosen)
    # Row 6 lacks its code and is refused for that; rows 3 and 7 say the same.
    assert task.facts["differing"] == {"numbers": 1, "rows": [[2, 4]]}


def test_at_most_twenty_pairs_of_rows_are_named():
    differing = Differing(lambda *_row: None)
    for row in range(60):
        differing(row, row // 2, [str(row)])
    assert differing.numbers == 30
    assert differing.rows == [[row, row + 1] for row in range(0, 40, 2)]


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=30),
    st.integers(1, 30),
    st.sampled_from([First, Last, Unanimous]),
)
def test_a_first_part_and_its_rest_are_the_whole(numbers, last_sent, kind):
    """However duplicates are kept, a row is in the first part or in the rest, and never in both."""

    def kept(keep):
        found = set()
        for row, number in enumerate(numbers, 1):
            with contextlib.suppress(RowRefused):
                keep(row, number, [str(row % 3)])
                found.add(row)
        return found

    def ready():
        keep = kind()
        for row, number in enumerate(numbers, 1):
            if hasattr(keep, "look"):
                keep.look(row, number, [str(row % 3)])
        return keep

    whole, rest = kept(ready()), kept(AfterRow(ready(), last_sent))
    assert rest == {row for row in whole if row > last_sent}
