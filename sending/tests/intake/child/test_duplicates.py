"""Rows with the same number: which of them is sent, as people chose."""

import pytest

from sending.models import Message, Problem

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
