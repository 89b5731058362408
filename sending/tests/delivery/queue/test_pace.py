"""A pace: so many messages every so many minutes, through pauses, and never one twice."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from sending.acceptance.not_accepted import NotAccepted
from sending.acceptance.send_task import accept
from sending.delivery import pausing
from sending.delivery.queue import completion, expiry
from sending.delivery.queue.claims import claim
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, SendTask
from sending.models.send_task import Pace
from sending.models.stepping import step, step_task
from sending.tests.factories import a_number, make_gateway, make_messages, make_sender, make_task

pytestmark = pytest.mark.django_db


def paced(count: int, messages: int, minutes: int, **fields) -> SendTask:
    numbers = [a_number(index) for index in range(count)]
    task = make_task(
        make_sender(daily_segment_limit=10_000),
        TaskState.READY,
        numbers=numbers,
        pace_messages=messages,
        pace_minutes=minutes,
        **fields,
    )
    with transaction.atomic():
        now = timezone.now()
        step_task(TaskState.SENDING, task.pk, sent_at=now, sent_by=task.created_by)
        task.refresh_from_db()
        accept(task, now)
    return task


def slots(task: SendTask) -> dict[int, int]:
    """{minutes after Send: messages}."""
    found: dict[int, int] = {}
    for batch in Batch.objects.filter(task_id=task.pk).exclude(due_at=None):
        minutes = (batch.due_at - task.sent_at) // timedelta(minutes=1)
        found[minutes] = found.get(minutes, 0) + len(batch.ids)
    return found


@pytest.mark.parametrize(
    ("count", "pace", "expected"),
    [
        (7, (3, 10), {0: 3, 10: 3, 20: 1}),
        (6, (3, 10), {0: 3, 10: 3}),
        (2, (3, 10), {0: 2}),
        (3, (1, 1), {0: 1, 1: 1, 2: 1}),
        (1100, (600, 5), {0: 600, 5: 500}),
    ],
)
def test_messages_become_due_slot_by_slot(count, pace, expected):
    task = paced(count, *pace)
    assert slots(task) == expected
    due = sorted((batch.due_at, pk) for batch in Batch.objects.all() for pk in batch.ids)
    rows = [message.pk for message in make_messages(task)]
    assert [pk for _due_at, pk in due] == rows, "each once, in their order"
    assert Pace(*pace).until_last_slot(count) == timedelta(minutes=max(expected))


def test_a_small_run_is_sent_in_slots_and_a_pause_loses_none():
    gateway = make_gateway(rate=1000)
    task = paced(10, 4, 10, gateway=gateway)
    sent: list[int] = []

    def send_what_is_due(after: timedelta) -> int:
        with time_machine.travel(task.sent_at + after, tick=False):
            claimed = claim(gateway, "journal-1", 500)
            ids = [item.key.message_id for item in claimed.outgoing]
            step(MessageState.SUBMITTED, ids)
            Batch.objects.filter(pk__in=claimed.open).delete()
            completion.finish_tasks()
        sent.extend(ids)
        return len(ids)

    assert send_what_is_due(timedelta(seconds=1)) == 4
    assert send_what_is_due(timedelta(minutes=9)) == 0
    with time_machine.travel(task.sent_at + timedelta(minutes=9, seconds=30), tick=False):
        assert pausing.pause(task.pk)
    assert send_what_is_due(timedelta(minutes=10)) == 0
    with time_machine.travel(task.sent_at + timedelta(minutes=31), tick=False):
        assert pausing.resume(task.pk)
    assert slots(task) == {31: 4, 41: 2}
    assert send_what_is_due(timedelta(minutes=31)) == 4
    assert send_what_is_due(timedelta(minutes=31, seconds=5)) == 0
    assert send_what_is_due(timedelta(minutes=41)) == 2
    assert sorted(sent) == [message.pk for message in make_messages(task)]
    task.refresh_from_db()
    assert task.state == TaskState.FINISHED


def test_cancelling_and_the_end_of_validity_reach_slots_to_come():
    late, stopped = paced(4, 2, 20, validity_minutes=30), paced(4, 2, 20)
    assert pausing.cancel(stopped.pk)
    with time_machine.travel(late.sent_at + timedelta(minutes=31), tick=False):
        assert expiry.expire_late() == 4
    from sending.delivery.queue import cancellation

    assert cancellation.cancel_queued(stopped.pk) == 4


def test_a_pace_that_ends_after_the_validity_is_refused():
    with pytest.raises(NotAccepted) as refused:
        paced(4, 1, 10, validity_minutes=30)
    assert refused.value.code == "PACE_TOO_SLOW"
