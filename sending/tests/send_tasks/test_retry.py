"""Temporary failures are sent again by a new task, each of them once, and nothing else is."""

import json

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.errors import Conflict
from accounts.models import AuditEntry, Organization
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from sending.error_codes.table import explain, temporary_codes
from sending.intake.task_check import check_task
from sending.lifecycle import Lane, MessageState, TaskState
from sending.models import Batch, Circuit, Message, Retry, Route, SendTask, TaskEvent
from sending.models.stepping import step_task
from sending.send_tasks import actions
from sending.send_tasks.actions import retry_failures
from sending.send_tasks.queries.retries import retryable, temporary_failures
from sending.tests.factories import (
    a_number,
    make_gateway,
    make_messages,
    make_sender,
    make_task,
    move,
)
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
BODY = "Dear {1}, your parcel {2} waits at the store."
# state, code, whether it is temporary
FATES = [
    (MessageState.DELIVERED, "", False),
    (MessageState.UNDELIVERABLE, "027", True),
    (MessageState.UNDELIVERABLE, "001", False),
    (MessageState.IN_DOUBT, "CONNECTION_LOST", False),
    (MessageState.EXPIRED, "6", True),
    (MessageState.UNKNOWN, "027", False),
    (MessageState.REJECTED, "ESME_RINVDSTADR", False),
    (MessageState.UNDELIVERABLE, "027", True),
    (MessageState.DELIVERED, "027", False),
]


@pytest.fixture
def member():
    return make_sender(daily_segment_limit=1000)


@pytest.fixture
def task(member):
    """A finished task whose messages met every fate."""
    version = approved_template(member.organization, BODY, SmsType.NOTIFICATION).approved
    task = make_task(
        member,
        TaskState.SENDING,
        numbers=[a_number(n) for n in range(len(FATES))],
        values=[[f'Ng, "{n}"', f"HK{n}"] for n in range(len(FATES))],
        template_version=version,
    )
    for message, (state, code, _) in zip(make_messages(task), FATES, strict=True):
        move([message], state, code=code)
    Batch.objects.all().delete()
    step_task(TaskState.FINISHED, task.pk)
    task.refresh_from_db()
    return task


def again(task, *, other_route=False):
    """Retry, and let the check run."""
    new = retry_failures(task=task, user=task.created_by, other_route=other_route)
    check_task(new.pk)
    new.refresh_from_db()
    return new


def test_exactly_the_temporary_failures_go_again_with_their_variables(task):
    new = again(task)
    temporary = [m for m, fate in zip(make_messages(task), FATES, strict=True) if fate[2]]
    copies = make_messages(new)
    assert new.state == TaskState.READY
    assert [(m.msisdn, json.loads(m.variables)) for m in copies] == [
        (m.msisdn, json.loads(m.variables)) for m in temporary
    ]
    assert new.accepted == 3
    assert new.cost_micro == sum(message.cost_micro for message in temporary)
    assert new.text_template_version == task.text_template_version
    assert {message.state for message in copies} == {MessageState.QUEUED}


def test_the_old_messages_stay_as_they_are(task):
    states = Message.objects.filter(task_id=task.pk).values_list("pk", "state")
    before = dict(states)
    again(task)
    assert dict(states.all()) == before


def test_a_failure_is_in_one_new_task_only(task):
    new = again(task)
    with pytest.raises(Conflict, match="Another task already contains these failures"):
        again(task)
    actions.send_task(task=new, user=task.created_by, messages=3)
    assert temporary_failures(task) == []
    with pytest.raises(Conflict, match="No message in this task"):
        again(task)
    assert SendTask.objects.filter(retry_of=task).count() == 1


def test_what_was_thrown_away_can_be_tried_again(task):
    new = again(task)
    actions.cancel_task(task=new, user=task.created_by)
    assert sum(each.messages for each in temporary_failures(task)) == 3
    newer = again(task)
    assert newer.accepted == 3
    assert set(Retry.objects.values_list("task_id", flat=True)) == {newer.pk}


def test_what_fails_again_can_be_retried_from_the_new_task(task):
    new = again(task)
    actions.send_task(task=new, user=task.created_by, messages=3)
    move(make_messages(new), MessageState.UNDELIVERABLE, code="027")
    Batch.objects.all().delete()
    step_task(TaskState.FINISHED, new.pk)
    new.refresh_from_db()
    assert again(new).accepted == 3


def test_by_another_route_each_message_avoids_the_gateway_that_failed(task):
    other = make_gateway()
    failed = make_messages(task)[1].gateway_id
    Route.objects.create(gateway=other, order=2)
    assert {m.gateway_id for m in make_messages(again(task))} == {failed}
    actions.cancel_task(task=SendTask.objects.latest("pk"), user=task.created_by)
    assert {m.gateway_id for m in make_messages(again(task, other_route=True))} == {other.pk}


def test_without_another_route_that_works_the_usual_one_is_taken(task):
    other = make_gateway()
    failed = make_messages(task)[1].gateway_id
    Route.objects.create(gateway=other, order=2)
    Circuit.objects.create(gateway=other, state="OPEN")
    assert {m.gateway_id for m in make_messages(again(task, other_route=True))} == {failed}


@pytest.mark.parametrize("fields", [{"lane": Lane.OTP.value}, {"state": "SENDING"}])
def test_no_retry_of_passwords_nor_of_a_task_that_is_being_sent(task, fields):
    SendTask.objects.filter(pk=task.pk).update(**fields)
    task.refresh_from_db()
    assert temporary_failures(task) == []


def test_a_check_that_begins_again_keeps_its_recipients(task):
    new = again(task)
    step_task(TaskState.DRAFT, new.pk)
    step_task(TaskState.CHECKING, new.pk, check_beat_at=None)
    check_task(new.pk)
    assert len(make_messages(new)) == 3


def test_the_page_says_what_and_why_and_leads_to_the_check(task, member, client):
    log_in(client, member)
    detail = client.get(reverse("send_tasks:detail", args=[task.pk])).content.decode()
    assert "Send the 3 temporary failures again" in detail
    url = reverse("send_tasks:retry", args=[task.pk])
    page = BeautifulSoup(client.get(url).content, "html.parser").get_text(" ", strip=True)
    assert "Absent subscriber" in page
    assert "Check 3 recipients" in page
    response = client.post(url, {"other_route": "yes"})
    new = SendTask.objects.get(retry_of=task)
    assert response.url == reverse("send_tasks:check", args=[new.pk])
    assert new.retry == {"codes": ["027", "6"], "other_route": True}
    check_task(new.pk)
    shown = client.get(response.url).content.decode()
    assert f"Temporary failures of task {task.pk}" in shown
    assert "like=" not in shown, "its recipients are not composed"
    assert AuditEntry.objects.filter(action="send_task.retried").exists()
    assert TaskEvent.objects.get(task=task, code="retried").params == {"task": str(new.pk)}


def test_a_second_press_lands_on_the_same_task(task, member, client):
    log_in(client, member)
    url = reverse("send_tasks:retry", args=[task.pk])
    first = client.post(url)
    assert client.get(url).url == first.url
    client.post(url)
    assert SendTask.objects.filter(retry_of=task).count() == 1


def test_only_who_may_send_may_retry(task, client):
    viewer = make_member(Role.VIEWER, task.organization)
    log_in(client, viewer)
    url = reverse("send_tasks:retry", args=[task.pk])
    assert client.post(url).status_code == 403
    assert (
        "temporary failures again"
        not in client.get(reverse("send_tasks:detail", args=[task.pk])).content.decode()
    )
    log_in(client, make_sender())
    assert client.post(url).status_code == 404


def test_temporary_failures_are_found_behind_many_that_are_not(task, monkeypatch):
    """The first failure of the task is temporary, the second is not, and more follow."""
    monkeypatch.setattr("sending.send_tasks.queries.retries.MOST", 2)
    monkeypatch.setattr("sending.intake.retry_recipients.MOST", 2)
    assert sum(each.messages for each in temporary_failures(task)) == 3
    assert retryable(task) == 2
    assert again(task).accepted == 2


def test_every_spelling_of_a_temporary_code_is_temporary():
    assert {"006", "06", "6", "027", "27"} <= temporary_codes()
    assert all(explain(code).temporary for code in temporary_codes())


def test_of_a_retry_too_as_much_is_sent_as_a_limit_leaves(task, member):
    make_gateway()
    new = again(task)
    failed = set(Retry.objects.filter(task=new).values_list("message_id", flat=True))
    assert new.accepted == len(failed) == 3
    Organization.objects.update(daily_segment_limit=9 + 2 * (new.segments // 3))
    reader = Reader(member)
    page = words(reader.get(reverse("send_tasks:check", args=[new.pk])))
    assert "Send the first 2" in page
    reader.post(reverse("send_tasks:send_first", args=[new.pk]), first=2)
    first = SendTask.objects.latest("pk")
    assert (first.state, first.retry_of) == (TaskState.SENDING, task)
    # Each failure is in one of them, and belongs to the message that goes to its number.
    for part, count in ((first, 2), (new, 1)):
        old = Message.objects.filter(pk__in=part.retries.values("message_id"))
        numbers = set(old.values_list("msisdn", flat=True))
        assert len(numbers) == count
        assert {message.msisdn for message in make_messages(part)} == numbers
    # As after the death of whoever checked it.
    assert step_task(TaskState.DRAFT, new.pk)
    assert step_task(TaskState.CHECKING, new.pk)
    assert check_task(new.pk)
    new.refresh_from_db()
    assert (new.state, new.accepted, new.rows_read) == (TaskState.READY, 1, 1)
    assert retryable(task) == 0
