"""Numbers are found by the messages there are: no more, no fewer, whatever happened to a check."""

import contextlib

import pytest

from sending.intake import message_numbers, task_check
from sending.intake.task_check import check_task
from sending.lifecycle import TaskState
from sending.models import Message, MessageNumber
from sending.models.stepping import step_task
from sending.tests import factories

ROWS = "".join(f"8526{n * 7919 % 10_000_000:07},1,2,\n" for n in range(1_000_000, 1_001_200))
SHEET = f"mobile,1,2,\n{ROWS}85261234567,3,4,\n".encode()
pytestmark = pytest.mark.django_db


def numbers_agree():
    """Tell whether every message has its number, and no number has lost its message."""
    kept = MessageNumber.objects.values_list("organization_id", "msisdn", "message_id")
    there = Message.objects.values_list("organization_id", "msisdn", "pk")
    return sorted(kept) == sorted(there)


def test_a_check_stores_the_number_of_every_message(checked, monkeypatch):
    monkeypatch.setattr(message_numbers, "_AT_ONCE", 100)
    for _twice in range(2):
        task = checked(SHEET)
        assert task.state == TaskState.READY
        assert Message.objects.filter(task_id=task.pk).count() == task.accepted > 1_000
    assert numbers_agree()


def test_a_check_that_found_nothing_has_no_numbers(checked):
    assert checked(b"mobile,1,2\nx,1,2\n").accepted == 0
    assert not MessageNumber.objects.exists()


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_check_cancelled_while_numbers_are_stored_leaves_none(waiting, monkeypatch, pieces):
    task = waiting(SHEET)
    begin, calls = task_check.row_storage.PacedWrites.transaction, []
    monkeypatch.setattr(message_numbers, "_AT_ONCE", 100)
    monkeypatch.setattr(task_check.row_storage, "block_rows", lambda **_scattered: 200)

    @contextlib.contextmanager
    def transaction(self):
        with begin(self):
            yield
        calls.append(MessageNumber.objects.count())
        if calls[-1] and len([count for count in calls if count]) == pieces:
            step_task(TaskState.CANCELLED, task.pk)

    monkeypatch.setattr(task_check.row_storage.PacedWrites, "transaction", transaction)
    assert check_task(task.pk) is False
    assert calls[-1] > 0
    assert not Message.objects.exists()
    assert not MessageNumber.objects.exists()


def test_messages_come_and_go_with_their_numbers(checked):
    factories.make_task(factories.make_sender(), TaskState.READY)
    task = checked(SHEET)
    assert numbers_agree()
    Message.objects.filter(task_id=task.pk).order_by("-row").filter(row__lt=600).delete()
    assert Message.objects.filter(task_id=task.pk).exists()
    assert numbers_agree()
