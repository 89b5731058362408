"""Pages of tasks while the organization, or the application, is suspended."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import MayNotSend
from accounts.models import Member, Organization, SmsApplication
from sending import tasks
from sending.lifecycle import MessageState, TaskState
from sending.models import SendTask
from sending.send_tasks import actions
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db
REASON = "Complaints about texts nobody asked for."
BOTH = pytest.mark.parametrize("model", [Organization, SmsApplication])


@pytest.fixture(autouse=True)
def quiet(monkeypatch) -> None:
    """Keep Celery out."""
    for task in (tasks.submit, tasks.cancel, tasks.check):
        monkeypatch.setattr(task, "delay", lambda **ids: None)


@pytest.fixture
def member() -> Member:
    return make_sender()


def url(task: SendTask, name: str = "detail") -> str:
    return reverse(f"send_tasks:{name}", args=[task.pk])


def suspended(model: type) -> None:
    model.objects.update(suspended_at=timezone.now(), suspension_reason=REASON)


def a_task(member: Member, state: TaskState) -> SendTask:
    return make_task(member, state, numbers=[a_number(0), a_number(1)])


@BOTH
def test_the_task_says_why_it_waits_and_can_only_be_cancelled(member, model):
    task = a_task(member, TaskState.PAUSED)
    suspended(model)
    page = Reader(member).get(url(task))
    assert REASON in words(page)
    assert "it can be resumed when that ends" in words(page)
    assert "expire and are not sent" in words(page)
    assert not page.find(id="resume")
    assert page.find(id="cancel")
    assert Reader(member).post(url(task, "cancel")).status_code == 302
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED


@BOTH
def test_the_check_keeps_the_task_and_has_no_send(member, model):
    task = a_task(member, TaskState.READY)
    suspended(model)
    page = Reader(member).get(url(task, "check"))
    assert REASON in words(page)
    assert not page.find(id="send")
    assert "once the suspension ends" in words(page)
    assert page.find("a", href=url(task, "cancel"))


@BOTH
@pytest.mark.parametrize("name", ["send", "resume", "retry"])
def test_pressed_all_the_same_it_is_refused_with_the_reason(member, model, name):
    states = {"send": TaskState.READY, "resume": TaskState.PAUSED, "retry": TaskState.FINISHED}
    task = a_task(member, states[name])
    if name == "retry":
        move(make_messages(task), MessageState.UNDELIVERABLE, code="ESME_RTHROTTLED")
    suspended(model)
    reader = Reader(member)
    answer = reader.post(url(task, name), messages=2)
    page = answer if answer.status_code == 403 else reader.client.get(answer["Location"])
    assert REASON in page.content.decode()
    assert list(SendTask.objects.values_list("state", flat=True)) == [states[name].value]


@BOTH
def test_nothing_is_composed(member, model):
    suspended(model)
    reader = Reader(member)
    status = 403 if model is Organization else 200
    page = reader.get(reverse("send_tasks:compose"), status=status)
    assert REASON in words(page)
    assert not page.main.find("form")
    assert reader.post(reverse("send_tasks:compose"), name="Sale").status_code == status
    assert not SendTask.objects.exists()


@BOTH
def test_programs_that_skip_the_pages_are_refused_too(member, model):
    task = a_task(member, TaskState.FINISHED)
    suspended(model)
    task = SendTask.objects.get(pk=task.pk)
    with pytest.raises(MayNotSend, match=REASON):
        actions.retry_failures(task=task, user=member.user, other_route=False)


def test_settings_say_so(member):
    suspended(Organization)
    page = Reader(member).get(reverse("accounts:settings"))
    assert "Service Suspended" in words(page)
