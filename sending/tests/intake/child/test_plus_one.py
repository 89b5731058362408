"""Numbers that begin with 1: of North America, or of the Chinese mainland without 86?"""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.intake.child.plus_one import PlusOne
from sending.intake.customer_import import import_customers
from sending.lifecycle import TaskState
from sending.models import Customer, GroupImport, Message
from sending.spreadsheets.problems import FileRefused
from sending.tests.factories import PLAIN_BODY, make_group, make_sender
from sending.tests.spreadsheets.books import xlsx

EITHER = "13122345678"
ONLY_PLUS_ONE = "12025550123"
ONLY_MAINLAND = "13812345678"
CHICAGO = [f"1312555{number:04d}" for number in range(2000, 2040)]


def file_of(*numbers):
    return ("Mobile\n" + "\n".join(numbers) + "\n").encode()


@pytest.mark.parametrize(
    "numbers",
    [
        [EITHER],
        [EITHER, "85261234567"],
        ["131 2234 5678"],
        [*(f"{number}.0" for number in CHICAGO), *(f"1391234567{digit}.0" for digit in range(5))],
        [EITHER, ONLY_MAINLAND],
        [*CHICAGO[:9]],
        [*CHICAGO, *(f"1391234567{digit}" for digit in range(5))],
    ],
)
def test_people_are_asked_before_anything_can_be_sent(checked, numbers):
    task = checked(file_of(*numbers), body=PLAIN_BODY)
    assert (task.state, task.failure_code) == (TaskState.REJECTED, "COUNTRY_CODE_UNCLEAR")
    assert task.failure_params["row"] == 2
    assert not Message.objects.filter(task_id=task.pk).exists()


@pytest.mark.parametrize(
    "numbers",
    [
        ["+" + EITHER],
        ["+1 312 234 5678"],
        ["001" + EITHER[1:]],
        [EITHER, ONLY_PLUS_ONE],
        [EITHER, "+" + ONLY_PLUS_ONE],
        CHICAGO,
        # A few are mistyped.
        [*CHICAGO, "13812345678"],
        ["85261234567", "447400123456"],
    ],
)
def test_numbers_that_are_clear_are_not_asked_about(checked, numbers):
    task = checked(file_of(*numbers), body=PLAIN_BODY)
    assert (task.state, task.failure_code) == (TaskState.READY, "")


def test_numbers_kept_as_numbers_are_judged_alike(checked, tmp_path):
    rows = [["Mobile"], [int(EITHER)], [int(ONLY_MAINLAND)]]
    task = checked(xlsx(tmp_path / "a.xlsx", rows).read_bytes(), name="a.xlsx", body=PLAIN_BODY)
    assert task.failure_code == "COUNTRY_CODE_UNCLEAR"


def test_the_answer_is_taken(checked):
    task = checked(file_of(EITHER), body=PLAIN_BODY, plus_one=True)
    assert task.state == TaskState.READY
    assert Message.objects.get(task_id=task.pk).country == "US"


def test_nothing_is_saved_by_an_import_that_asks(db):
    member = make_sender()
    group_import = GroupImport.objects.create(
        organization=member.organization,
        group=make_group(member.organization),
        numbers=EITHER,
        started_by=member.user,
    )
    import_customers(group_import.pk)
    group_import.refresh_from_db()
    assert group_import.failure_code == "COUNTRY_CODE_UNCLEAR"
    assert not Customer.objects.filter(msisdn="+" + EITHER).exists()


@given(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans()))
def test_any_cell_can_be_counted(cell):
    counted = PlusOne(confirmed=False)
    counted.refused(cell)
    counted.check(at_end=True)
    counted.accepted(2, EITHER)
    counted.accepted_cell(3, EITHER, cell)
    with contextlib.suppress(FileRefused):
        counted.check(at_end=True)
