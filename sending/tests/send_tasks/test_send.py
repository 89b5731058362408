"""Send: once, however often and from wherever it is pressed, and only what is still right."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEntry, Member
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending import tasks
from sending.lifecycle import TaskState
from sending.models import Batch, Counter, SendTask, TaskEvent
from sending.send_tasks import actions
from sending.tests.factories import a_number, counted, make_prices, make_sender, make_task
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import TextTemplateVersion
from templates_app.review import ReviewState

NUMBERS = [a_number(0), a_number(1), a_number(0, "GB")]


@pytest.fixture(autouse=True)
def bell(monkeypatch) -> list[int]:
    """Hear the bell that tells senders of due batches."""
    rung: list[int] = []
    monkeypatch.setattr(tasks.submit, "delay", lambda: rung.append(1))
    return rung


def ready(member: Member) -> SendTask:
    return make_task(member, TaskState.READY, numbers=NUMBERS)


def press(reader: Reader, task: SendTask, messages: int = 3):
    return reader.post(reverse("send_tasks:send", args=[task.pk]), messages=messages)


def sent(task: SendTask) -> int:
    return counted(task_id=task.pk)["QUEUED"]


@pytest.mark.django_db
def test_it_sends_and_writes_down_who_did_it(django_capture_on_commit_callbacks, bell):
    member = make_sender()
    task = ready(member)
    with django_capture_on_commit_callbacks(execute=True):
        response = press(Reader(member), task)
    assert response["Location"] == reverse("send_tasks:detail", args=[task.pk])
    task.refresh_from_db()
    assert (task.state, task.sent_by) == (TaskState.SENDING, member.user)
    assert sent(task) == 3
    assert not Batch.objects.filter(task_id=task.pk, due_at=None).exists()
    assert TaskEvent.objects.get(task=task).code == "sent"
    assert AuditEntry.objects.get(action="send_task.sent").actor == member.user
    assert bell == [1]


@pytest.mark.django_db
def test_the_second_press_lands_on_the_task_and_sends_nothing():
    member = make_sender()
    task = ready(member)
    reader = Reader(member)
    first, second = press(reader, task), press(reader, task)
    assert first["Location"] == second["Location"]
    assert sent(task) == 3
    assert TaskEvent.objects.filter(task=task).count() == 1


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_send_once():
    member = make_sender()
    task = ready(member)
    together = threading.Barrier(4)

    def press_once(_: int) -> bool:
        mine = SendTask.objects.get(pk=task.pk)
        together.wait(timeout=120)
        try:
            return actions.send_task(task=mine, user=member.user, messages=3)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press_once, range(4))) == [False, False, False, True]
    assert sent(task) == 3
    assert TaskEvent.objects.filter(task=task, code="sent").count() == 1


def template_withdrawn(task: SendTask) -> None:
    assert TextTemplateVersion.objects.all().step(ReviewState.WITHDRAWN)


def prices_changed(task: SendTask) -> None:
    make_prices()


def limit_reached(task: SendTask) -> None:
    type(task.organization).objects.update(daily_segment_limit=2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (template_withdrawn, "no longer approved"),
        (prices_changed, "price list has changed"),
        (limit_reached, "of the 2 segments a day are left"),
    ],
)
def test_what_is_no_longer_right_is_not_sent(change: Callable[[SendTask], None], sentence: str):
    member = make_sender()
    task = ready(member)
    reader = Reader(member)
    change(task)
    response = press(reader, task)
    assert response["Location"] == reverse("send_tasks:check", args=[task.pk])
    assert sentence in words(reader.get(response["Location"]))
    task.refresh_from_db()
    assert (task.state, task.sent_at) == (TaskState.READY, None)
    assert not Counter.objects.exists()
    assert not TaskEvent.objects.exists()
    assert Batch.objects.filter(task_id=task.pk, due_at=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("shown", [2, 4, "", "x"])
def test_a_button_that_shows_another_number_sends_nothing(shown: object):
    member = make_sender()
    task = ready(member)
    reader = Reader(member)
    response = press(reader, task, shown)
    assert "have been checked again" in words(reader.get(response["Location"]))
    task.refresh_from_db()
    assert task.state == TaskState.READY


@pytest.mark.django_db
@pytest.mark.parametrize(
    "state", [TaskState.DRAFT, TaskState.CHECKING, TaskState.REJECTED, TaskState.CANCELLED]
)
def test_what_is_not_checked_is_not_sent(state: TaskState):
    member = make_sender()
    task = make_task(member, state)
    reader = Reader(member)
    assert "cannot be sent" in words(reader.get(press(reader, task)["Location"]))
    task.refresh_from_db()
    assert task.state == state


@pytest.mark.django_db
def test_only_senders_send_and_only_by_pressing():
    member = make_sender()
    task = ready(member)
    viewer = Reader(make_member(Role.VIEWER, member.organization))
    assert press(viewer, task).status_code == 403
    Reader(member).get(reverse("send_tasks:send", args=[task.pk]), status=405)
    task.refresh_from_db()
    assert task.state == TaskState.READY


@pytest.mark.django_db
def test_it_hides_what_is_not_yours():
    task = ready(make_sender())
    assert press(Reader(make_sender()), task).status_code == 404
    task.refresh_from_db()
    assert task.state == TaskState.READY
