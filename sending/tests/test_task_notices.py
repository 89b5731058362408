"""Who sent a task is told that it ended or could not be sent: once, with its figures."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from accounts.roles import Role
from accounts.tests.factories import make_member, make_operator
from sending import task_notices
from sending.delivery.queue import completion
from sending.intake.task_check import check_task
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, RecipientSource, SendTask
from sending.operations.actions import suspend_sending
from sending.tests.factories import (
    a_number,
    make_messages,
    make_sender,
    make_task,
    make_upload,
    move,
)

pytestmark = pytest.mark.django_db


def told():
    return list(Notice.objects.order_by("pk").values_list("kind", "to", "subject"))


def finish(member, *, minutes=30, states=(MessageState.DELIVERED,), **fields):
    """A task whose messages are all over, and which is stepped to FINISHED."""
    numbers = [a_number(index) for index in range(len(states))]
    task = make_task(member, TaskState.SENDING, numbers=numbers)
    sent_at = timezone.now() - timedelta(minutes=minutes)
    SendTask.objects.filter(pk=task.pk).update(sent_at=sent_at, **fields)
    for message, state in zip(make_messages(task), states, strict=True):
        move([message], state)
    Batch.objects.filter(task_id=task.pk).delete()
    assert completion.finish_tasks([task.pk]) == [task.pk]
    assert completion.finish_tasks([task.pk]) == []
    return task


def test_the_sender_is_told_once_with_figures():
    member = make_sender()
    states = [MessageState.DELIVERED] * 3 + [MessageState.REJECTED, MessageState.SUBMITTED]
    task = finish(member, states=states)
    assert told() == [("TASK_ENDED", member.user.email, f"Task “{task.name}” has ended")]
    text = Notice.objects.get().text
    lines = ["Handed over to gateways: 4", "Delivered so far: 3", "Failed: 1", "Not sent: 0"]
    for line in lines:
        assert line in text
    assert reverse("send_tasks:detail", args=[task.pk]) in text


@pytest.mark.parametrize(
    ("minutes", "scheduled", "expected"),
    [(9, False, 0), (10, False, 1), (1, True, 1)],
)
def test_a_short_task_is_worth_telling_only_if_nobody_pressed_send(minutes, scheduled, expected):
    finish(make_sender(), minutes=minutes, scheduled_at=timezone.now() if scheduled else None)
    assert len(told()) == expected


def test_a_task_that_expired_wholly_has_failed_however_short():
    finish(make_sender(), minutes=1, states=[MessageState.EXPIRED] * 2)
    ((kind, _to, subject),) = told()
    assert (kind, subject.endswith("could not be sent")) == ("TASK_FAILED", True)
    assert "expired" in Notice.objects.get().text


def test_who_left_or_wants_no_mail_is_not_told():
    member = make_sender()
    member.user.unwanted_notices = ["TASK_ENDED"]
    member.user.save()
    finish(member)
    gone = make_sender()
    sender = make_member(Role.SENDER, gone.organization)
    task = make_task(gone, TaskState.SENDING, numbers=[a_number(0)])
    gone.delete()
    task_notices.tell_failed(task, task_notices.SUSPENDED)
    assert told() == []
    SendTask.objects.filter(pk=task.pk).update(sent_by=sender.user)
    task.refresh_from_db()
    task_notices.tell_failed(task, task_notices.SUSPENDED)
    assert [to for _kind, to, _subject in told()] == [sender.user.email]


@pytest.mark.parametrize(("cancels", "words"), [(False, "is paused"), (True, "was cancelled")])
def test_a_suspension_tells_the_senders_of_what_it_stops(cancels, words):
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=[a_number(0)])
    make_messages(task)
    suspend_sending(
        subject=member.organization, actor=make_operator(), reason="Unpaid", cancels=cancels
    )
    failed = [subject for kind, _to, subject in told() if kind == "TASK_FAILED"]
    assert failed == [f"Task “{task.name}” {words}"]


def test_a_file_that_cannot_be_read_is_told():
    member = make_sender()
    upload = make_upload(member, b"\0\1\2\3 no spreadsheet", "recipients.xlsx")
    task = make_task(member, TaskState.CHECKING, source=RecipientSource.UPLOAD.value, upload=upload)
    check_task(task.pk)
    task.refresh_from_db()
    assert task.state == TaskState.REJECTED
    assert told() == [
        (
            "TASK_FAILED",
            member.user.email,
            f"The recipients of “{task.name}” could not be read",
        )
    ]
