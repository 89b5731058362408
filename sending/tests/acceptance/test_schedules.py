"""Scheduled tasks: sent once when they are due, or back with the reason, which somebody is told."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from accounts.errors import Conflict
from accounts.models import AuditEntry
from accounts.tests.conftest import send_mail_at_once  # noqa: F401 - a fixture.
from sending import tasks
from sending.acceptance import schedules, starting
from sending.acceptance.starting import Press
from sending.delivery.queue.claims import claim
from sending.lifecycle import TaskState
from sending.models import Batch, Counter, DailyUse, Gateway, NumberErasure, SendTask, TaskEvent
from sending.retention import sources
from sending.send_tasks import actions, schedule_actions
from sending.tests.acceptance.test_send_task import (
    application_limit_small,
    application_off,
    country_limit_small,
    limit_small,
    not_active,
    other_countries,
    price_changed,
    template_deleted,
    template_withdrawn,
)
from sending.tests.factories import (
    a_number,
    counted,
    make_messages,
    make_sender,
    make_task,
    make_upload,
)

pytestmark = pytest.mark.django_db
NUMBERS = [a_number(0), a_number(1), a_number(0, "GB")]
# Nine in Hong Kong.
DUE = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """It is the day before; nobody listens to wake-ups."""
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    with time_machine.travel(DUE - timedelta(days=1), tick=False) as travel:
        yield travel


def scheduled(member=None, **fields) -> SendTask:
    member = member or make_sender(time_zone="Asia/Hong_Kong")
    task = make_task(member, TaskState.READY, numbers=NUMBERS, **fields)
    assert actions.send_task(task=task, user=member.user, messages=3, at=DUE)
    task.refresh_from_db()
    assert (task.state, task.scheduled_at) == (TaskState.SCHEDULED, DUE)
    assert (task.sent_at, task.sent_by) == (None, None)
    return task


def codes(task: SendTask) -> list[str]:
    return list(task.events.order_by("pk").values_list("code", flat=True))


def nothing_was_counted() -> bool:
    held = not Batch.objects.exclude(due_at=None).exists()
    return held and not Counter.objects.exists() and not DailyUse.objects.exists()


def test_it_is_sent_when_it_is_due_and_only_then(clock):
    task = scheduled()
    clock.move_to(DUE - timedelta(seconds=1))
    assert schedules.send_due() == []
    assert nothing_was_counted()
    clock.move_to(DUE + timedelta(seconds=3))
    assert schedules.send_due() == [task]
    assert schedules.send_due() == []
    task.refresh_from_db()
    assert task.state == TaskState.SENDING
    assert (task.sent_by, task.sent_at) == (task.created_by, DUE + timedelta(seconds=3))
    assert task.accepted_hour == 2026120109
    assert counted(task_id=task.pk) == {"QUEUED": 3}
    assert codes(task) == ["scheduled", "sent_on_time"]
    entry = AuditEntry.objects.get(action="send_task.sent_on_time")
    assert (entry.actor, entry.details["wanted_by"]) == (None, str(task.created_by))


@pytest.mark.parametrize(
    ("late", "state", "last"),
    [
        (timedelta(seconds=59), TaskState.SENDING, "sent_on_time"),
        (timedelta(minutes=1), TaskState.SENDING, "sent_late"),
        (timedelta(minutes=60), TaskState.SENDING, "sent_late"),
        (timedelta(minutes=60, seconds=1), TaskState.READY, "not_sent"),
        (timedelta(days=3), TaskState.READY, "not_sent"),
    ],
)
def test_what_comes_due_while_nothing_runs_is_sent_late_or_missed_and_said(
    clock, late, state, last
):
    task = scheduled()
    clock.move_to(DUE + late)
    schedules.send_due()
    task.refresh_from_db()
    assert task.state == state
    event = task.events.get(code=last)
    if last == "sent_late":
        assert event.params["minutes"] == late // timedelta(minutes=1)
    if state == TaskState.READY:
        assert task.not_sent["code"] == "SCHEDULE_MISSED"
        assert nothing_was_counted()


def suspended(task: SendTask) -> None:
    organization = task.organization
    organization.suspended_at, organization.suspension_reason = timezone.now(), "Unpaid"
    organization.save()


def limit_reached_meanwhile(task: SendTask) -> None:
    type(task.organization).objects.update(daily_segment_limit=4)
    member = task.organization.members.get(user=task.created_by)
    other = make_task(member, TaskState.READY, numbers=[a_number(7), a_number(8)])
    with time_machine.travel(DUE - timedelta(minutes=5), tick=False):
        assert actions.send_task(task=other, user=member.user, messages=2)


@pytest.mark.usefixtures("send_mail_at_once")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (not_active, "SERVICE_NOT_ACTIVE"),
        (suspended, "ORGANIZATION_SUSPENDED"),
        (application_off, "APPLICATION_DISABLED"),
        (template_withdrawn, "TEMPLATE_NOT_APPROVED"),
        (template_deleted, "TEMPLATE_NOT_APPROVED"),
        (price_changed, "PRICE_CHANGED"),
        (limit_small, "DAILY_LIMIT"),
        (limit_reached_meanwhile, "DAILY_LIMIT"),
        (application_limit_small, "APPLICATION_DAILY_LIMIT"),
        (country_limit_small, "APPLICATION_COUNTRY_DAILY_LIMIT"),
        (other_countries, "APPLICATION_COUNTRY"),
    ],
)
def test_what_is_no_longer_right_comes_back_and_somebody_is_told(
    clock, django_capture_on_commit_callbacks, change, code
):
    task = scheduled()
    change(task)
    clock.move_to(DUE + timedelta(seconds=2))
    outbox.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert schedules.send_due() == []
    task.refresh_from_db()
    assert (task.state, task.sent_at, task.accepted_hour) == (TaskState.READY, None, None)
    assert task.not_sent["code"] == code
    assert not Counter.objects.filter(task_id=task.pk).exists()
    assert not Batch.objects.filter(task_id=task.pk).exclude(due_at=None).exists()
    assert codes(task)[-1] == "not_sent"
    (mail,) = outbox.outbox
    assert mail.to == [task.created_by.email]
    assert task.name in mail.subject
    assert "2026-12-01 09:00 (Asia/Hong_Kong)" in mail.body
    assert f"/tasks/{task.pk}/check/" in mail.body
    assert schedules.send_due() == [], "it waits for a person"


@pytest.mark.parametrize("change", [template_withdrawn, price_changed, other_countries])
def test_what_is_not_right_any_more_is_not_even_scheduled(change):
    member = make_sender()
    task = make_task(member, TaskState.READY, numbers=NUMBERS)
    change(task)
    with pytest.raises(Conflict):
        actions.send_task(task=task, user=member.user, messages=3, at=DUE)
    task.refresh_from_db()
    assert (task.state, task.scheduled_at) == (TaskState.READY, None)


def test_a_task_that_cannot_be_sent_keeps_no_other_from_it(clock, monkeypatch):
    broken, good = scheduled(), scheduled()
    really = starting.accept

    def breaks(task, at=None):
        if task.pk == broken.pk:
            raise OSError
        really(task, at)

    monkeypatch.setattr(starting, "accept", breaks)
    clock.move_to(DUE + timedelta(seconds=2))
    assert schedules.send_due() == [good]
    broken.refresh_from_db()
    assert broken.state == TaskState.SCHEDULED
    monkeypatch.setattr(starting, "accept", really)
    assert schedules.send_due() == [broken]


def test_a_time_that_was_changed_meanwhile_holds(clock):
    task = scheduled()
    clock.move_to(DUE + timedelta(seconds=2))
    assert starting.change_time(task, task.created_by, DUE + timedelta(hours=5))
    # As a worker does that had found it due just before.
    assert schedules._send(task.pk, timezone.now()) is None
    task.refresh_from_db()
    assert task.state == TaskState.SCHEDULED
    assert codes(task) == ["scheduled", "rescheduled"]


def test_it_can_be_taken_back_sent_now_and_cancelled(clock):
    back, now, gone = scheduled(), scheduled(), scheduled()
    schedule_actions.take_back(task=back, user=back.created_by)
    schedule_actions.send_now(task=now, user=now.created_by)
    actions.cancel_task(task=gone, user=gone.created_by)
    clock.move_to(DUE + timedelta(seconds=2))
    assert schedules.send_due() == []
    for task, state in ((back, "READY"), (now, "SENDING"), (gone, "CANCELLED")):
        task.refresh_from_db()
        assert task.state == state
    assert back.scheduled_at is None
    assert now.sent_at == DUE - timedelta(days=1)
    assert {row["state"] for row in Counter.objects.values("state")} == {"QUEUED"}


def test_a_number_that_is_being_erased_is_waited_for(clock):
    task = scheduled()
    erasure = NumberErasure.objects.create(
        organization=task.organization, msisdn=NUMBERS[0], digest="d"
    )
    clock.move_to(DUE + timedelta(seconds=2))
    schedules.send_due()
    task.refresh_from_db()
    assert (task.state, task.not_sent) == (TaskState.SCHEDULED, {})
    NumberErasure.objects.filter(pk=erasure.pk).update(finished_at=timezone.now())
    assert schedules.send_due() == [task]


def test_who_opted_out_meanwhile_gets_nothing(clock):
    from sending.models import Suppression

    task = scheduled()
    Suppression.objects.create(organization=task.organization, msisdn=NUMBERS[1], reason="STOP")
    clock.move_to(DUE + timedelta(seconds=2))
    schedules.send_due()
    claimed = claim(Gateway.objects.get(), "journal-1", 500)
    assert len(claimed.outgoing) == 2
    states = {message.msisdn: message.state for message in make_messages(task)}
    assert states[NUMBERS[1]] == "BLOCKED"


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_it_once(clock):
    task = scheduled()
    clock.move_to(DUE + timedelta(seconds=2))
    together = threading.Barrier(3)

    def work(_number: int) -> int:
        together.wait(timeout=120)
        try:
            return len(schedules.send_due(DUE + timedelta(seconds=2)))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 1
    assert counted(task_id=task.pk) == {"QUEUED": 3}
    assert codes(task) == ["scheduled", "sent_on_time"]


def test_approving_is_a_press_that_keeps_who_pressed():
    """The contract of approval: WAITING steps on as the press of whoever wanted it sent."""
    member = make_sender()
    later, now = (make_task(member, TaskState.WAITING, numbers=NUMBERS) for _ in range(2))
    press = Press(by=member.user, at=DUE, only_from=TaskState.WAITING)
    assert actions.send_or_schedule(later, press)
    assert actions.send_or_schedule(now, Press(by=member.user, only_from=TaskState.WAITING))
    assert (later.state, later.scheduled_by) == (TaskState.SCHEDULED, member.user)
    assert (now.state, now.sent_by) == (TaskState.SENDING, member.user)


def test_what_a_scheduled_task_was_read_from_is_kept_until_somebody_saw_what_became_of_it(clock):
    member = make_sender()
    task = scheduled(member, source="UPLOAD", upload=make_upload(member))
    file = task.upload.file
    SendTask.objects.update(created_at=DUE - timedelta(days=60))
    assert sources.erase_due() == 0
    price_changed(task)
    clock.move_to(DUE + timedelta(minutes=1))
    schedules.send_due()
    assert sources.erase_due() == 0, "it has just come back"
    assert file.storage.exists(file.name)
    clock.move_to(DUE + timedelta(days=4))
    assert sources.erase_due() == 1
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED


def test_one_time_passwords_are_not_scheduled_beyond_the_day_they_are_kept():
    member = make_sender()
    task = make_task(member, numbers=NUMBERS[:1], values=[["1234", "5"]], lane="OTP")
    assert starting.latest_time(task) == task.created_at + timedelta(hours=22)


def test_the_history_is_only_of_what_happened(clock):
    task = scheduled()
    schedule_actions.send_now(task=task, user=task.created_by)
    assert codes(task) == ["scheduled", "sent"]
    assert TaskEvent.objects.filter(task=task, actor=task.created_by).count() == 2
