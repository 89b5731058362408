"""A check at the end of a month: PostgreSQL does not see a row that comes on both sides of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from sending.intake import task_check
from sending.intake.lease import STALE_AFTER
from sending.intake.task_check import check_task
from sending.lifecycle import TaskState
from sending.models import Batch, Message, MessageNumber, SendTask
from sending.models.message import first_id_at
from sending.partitions.tables import MESSAGES
from sending.tests.factories import PLAIN_BODY, a_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def midnight():
    """Where a month ends, and with it a table on PostgreSQL."""
    if connection.vendor != "postgresql":
        return datetime(2027, 1, 1, tzinfo=UTC)
    return MESSAGES.partitions()[0].until


def test_a_check_taken_over_in_the_next_month_makes_one_message_of_each_row(
    waiting, monkeypatch, midnight
):
    sheet = "\n".join(["Number", *(a_number(n) for n in range(3))])
    task = waiting(sheet.encode(), body=PLAIN_BODY)
    add, first_ids = task_check._Check._add, []

    def overtaken(self, rows):
        first_ids.append(_first_id(rows))
        if len(first_ids) == 1:
            # It stands still with its rows in hand, and somebody else does all of the work.
            with time_machine.travel(midnight + STALE_AFTER + timedelta(seconds=1)):
                assert check_task(task.pk) is True
        add(self, rows)

    monkeypatch.setattr(task_check._Check, "_add", overtaken)
    with time_machine.travel(midnight - timedelta(seconds=1)):
        assert check_task(task.pk) is False

    assert first_ids[0] < first_id_at(midnight) < first_ids[1]
    assert SendTask.objects.get(pk=task.pk).state == TaskState.READY
    found = Message.objects.filter(task_id=task.pk).order_by("row")
    assert list(found.values_list("row", "msisdn")) == [(n + 2, a_number(n)) for n in range(3)]
    assert found.filter(pk__lt=first_id_at(midnight)).count() == 0
    assert MessageNumber.objects.count() == 3
    assert [len(batch.ids) for batch in Batch.objects.all()] == [3]


def _first_id(rows):
    payload = rows.payload
    return int(payload[:20].partition(b"\t")[0]) if isinstance(payload, bytes) else payload[0][0]
