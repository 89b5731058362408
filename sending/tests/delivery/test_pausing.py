"""Pause, resume and cancel, and what time decides."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from sending.delivery import pausing
from sending.delivery.counters import compaction
from sending.delivery.queue import cancellation, completion, expiry
from sending.delivery.queue.claims import claim
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, Counter, SendTask, TaskEvent
from sending.models.stepping import step
from sending.tests.delivery.fakes import a_sending_task, due_ids
from sending.tests.factories import (
    a_number,
    counted,
    make_gateway,
    make_messages,
    make_sender,
    make_task,
    move,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway():
    return make_gateway(rate=1000)


def states(task):
    return [message.state for message in make_messages(task)]


def test_a_paused_task_waits_and_goes_on(gateway):
    task = a_sending_task(3)
    assert pausing.pause(task.pk, task.created_by_id)
    assert not pausing.pause(task.pk)
    assert not due_ids()
    assert not completion.finish_tasks()
    assert pausing.resume(task.pk)
    assert not pausing.resume(task.pk)
    assert len(due_ids()) == 3
    events = TaskEvent.objects.filter(task=task).order_by("pk")
    assert list(events.values_list("code", "actor")) == [
        ("paused", task.created_by_id),
        ("resumed", None),
    ]


def test_resume_does_not_send_what_nobody_sent():
    task = make_task(state=TaskState.READY, numbers=[a_number(0)])
    assert not pausing.resume(task.pk)
    assert not due_ids()


@pytest.mark.parametrize("pause_first", [True, False])
def test_cancel_takes_what_waits_out_of_the_queue(gateway, pause_first):
    task = a_sending_task(5)
    claimed = claim(gateway, "journal-1", 2)
    if pause_first:
        assert pausing.pause(task.pk)
    assert pausing.cancel(task.pk)
    assert not pausing.cancel(task.pk)
    assert cancellation.cancel_queued(task.pk) == 3
    assert states(task) == ["SUBMITTING"] * 2 + ["CANCELLED"] * 3
    assert list(Batch.objects.values_list("pk", flat=True)) == list(claimed.open)
    assert counted() == {
        "SUBMITTING": 2,
        "CANCELLED": 3,
    }


def test_only_cancelled_tasks_lose_their_queue(gateway):
    task = a_sending_task(2)
    assert cancellation.cancel_queued(task.pk) == 0
    assert states(task) == ["QUEUED", "QUEUED"]


def test_the_sweep_finishes_a_cancel_that_was_cut_off(gateway):
    task = a_sending_task(2)
    kept = a_sending_task(2, first=10)
    assert pausing.cancel(task.pk)
    assert cancellation.finish_cancelling() == 2
    assert states(task) == ["CANCELLED", "CANCELLED"]
    assert states(kept) == ["QUEUED", "QUEUED"]


def test_a_task_finishes_when_nothing_of_it_is_left_to_submit(gateway):
    task = a_sending_task(2)
    waiting = a_sending_task(2, first=10)
    Batch.objects.filter(task_id=task.pk).delete()
    assert completion.finish_tasks() == [task.pk]
    assert completion.finish_tasks() == []
    task.refresh_from_db()
    assert task.state == TaskState.FINISHED
    assert SendTask.objects.get(pk=waiting.pk).state == TaskState.SENDING


def test_what_waits_too_long_expires_without_any_sender(gateway):
    late = a_sending_task(2, validity_minutes=60)
    useful = a_sending_task(2, first=10, validity_minutes=180)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert expiry.expire_late() == 2
    assert states(late) == ["EXPIRED", "EXPIRED"]
    assert states(useful) == ["QUEUED", "QUEUED"]
    assert completion.finish_tasks() == [late.pk]


def test_receipts_that_never_come_are_given_up(gateway):
    task = a_sending_task(3)
    first, second, third = make_messages(task)
    move([first, second], MessageState.SUBMITTED)
    move([third], MessageState.DELIVERED)
    assert expiry.give_up_receipts() == 0
    hours = settings.RECEIPT_WAIT_HOURS
    with time_machine.travel(timezone.now() + timedelta(hours=hours, minutes=1)):
        assert expiry.give_up_receipts() == 2
        assert expiry.give_up_receipts() == 0
    assert states(task) == ["UNKNOWN", "UNKNOWN", "DELIVERED"]
    assert {message.code for message in make_messages(task)[:2]} == {"NO_RECEIPT"}


def totals():
    keys = ("organization_id", "application_id", "task_id", "hour", "country", "state")
    rows = Counter.objects.values(*keys).annotate(
        n=Sum("messages"), s=Sum("segments"), c=Sum("cost_micro")
    )
    return sorted(str(row) for row in rows.order_by() if row["n"])


def test_squashing_keeps_every_sum(gateway):
    tasks = [a_sending_task(30, first=100 * n, member=make_sender()) for n in range(2)]
    for task in tasks:
        for message in make_messages(task):
            step(MessageState.SUBMITTING, [message.pk])
            step(MessageState.SUBMITTED, [message.pk])
    before, rows = totals(), Counter.objects.count()
    assert compaction.compact() == rows - 2
    assert totals() == before
    assert Counter.objects.count() == 2, "one row a task: all are SUBMITTED"
    assert compaction.compact() == 0


def test_many_figures_do_not_hide_one_that_has_many_rows(db):
    states = ("DELIVERED", "SUBMITTED")
    countries = [f"{first}{second}" for first in "ABCDE" for second in "ABCDE"]
    wide = [
        _counter(task, country, state)
        for task in range(60)
        for country in countries
        for state in states
    ]
    Counter.objects.bulk_create([*wide, *(_counter(99, "HK", "DELIVERED") for _ in range(40))])
    assert compaction.compact() == 39
    assert Counter.objects.get(task_id=99).messages == 40


def _counter(task, country, state):
    return Counter(
        organization_id=1,
        application_id=1,
        task_id=task,
        hour=2026112210,
        country=country,
        state=state,
        messages=1,
        segments=1,
        cost_micro=1,
    )
