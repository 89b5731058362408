"""Tasks of all organizations: found, stopped, and their texts revoked."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Notice
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_reviewer
from sending import tasks as celery_tasks
from sending.delivery import pausing, revocation
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, Gateway, Message, SendTask
from sending.operations.queries import tasks as queries
from sending.operations.queries.tasks import AllTasksFilter, all_tasks
from sending.tests.factories import a_number, make_gateway, make_messages, make_task
from sending.tests.program_factories import make_program_messages
from templates_app.models import SignatureVersion
from templates_app.review import ReviewState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What would be enqueued for revoked texts."""
    calls: list[dict] = []
    monkeypatch.setattr(celery_tasks.cancel, "delay", lambda **given: calls.append(given))
    monkeypatch.setattr(celery_tasks.cancel_revoked, "delay", lambda **given: calls.append(given))
    return calls


def found(**wanted: object) -> list[int]:
    return [row.task.pk for row in all_tasks(AllTasksFilter(**wanted), None).rows]


def test_tasks_of_all_organizations_by_state_organization_gateway_and_name(
    task: SendTask, gateway: Gateway
) -> None:
    other = make_task(
        state=TaskState.READY, numbers=[a_number(9)], gateway=make_gateway(), name="Sale"
    )
    assert found() == [other.pk, task.pk]
    assert found(state="SENDING") == [task.pk]
    assert found(state="OPEN") == [other.pk, task.pk]
    assert found(organization=str(task.organization_id)) == [task.pk]
    assert found(organization=other.organization.name) == [other.pk] or (
        other.organization.name in task.organization.name
    )
    assert found(gateway=gateway.pk) == [task.pk]
    assert found(name="sal") == [other.pk]


def test_a_page_looks_through_so_many_and_goes_on(
    task: SendTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(3):
        make_task(state=TaskState.READY, numbers=[a_number(9)])
    monkeypatch.setattr(queries, "LOOKED_THROUGH", 2)
    wanted, after, seen = AllTasksFilter(state="SENDING"), None, []
    for _page in range(3):
        page = all_tasks(wanted, after)
        seen += [row.task.pk for row in page.rows]
        if not page.next:
            break
        after = int(page.next)
    assert seen == [task.pk]


def stop(client: Client, task: SendTask, do: str, reason: str = "Complaints") -> str:
    url = reverse("operations:task", args=[task.pk])
    page = client.post(url, {"do": do, "reason": reason}, follow=True).text
    task.refresh_from_db()
    return page


def test_an_operator_pauses_and_cancels_and_people_are_told_why(
    task: SendTask, operator: Client
) -> None:
    assert "Done." in stop(operator, task, "pause")
    assert task.state == TaskState.PAUSED
    assert "nothing to pause" in stop(operator, task, "pause")
    stop(operator, task, "cancel", "Fraud")
    assert task.state == TaskState.CANCELLED
    events = {event.code: event.params for event in task.events.all()}
    assert events["paused_by_operator"] == {"reason": "Complaints"}
    assert events["cancelled_by_operator"] == {"reason": "Fraud"}
    trail = AuditEntry.objects.for_organization(task.organization)
    entry = trail.get(action="send_task.cancelled_by_operator")
    assert entry.details["reason"] == "Fraud"
    told = Notice.objects.for_organization(task.organization)
    assert any("Reason: Fraud" in notice.text for notice in told)
    assert "nothing to cancel" in stop(operator, task, "cancel")


def test_only_an_operator_resumes_what_an_operator_paused(
    task: SendTask,
    operator: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks,
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(celery_tasks.submit, "delay", lambda: rung.append(1))
    owner = log_in(Client(), make_member(Role.OWNER, task.organization))
    page_of, resume = (
        reverse(f"send_tasks:{name}", args=[task.pk]) for name in ("detail", "resume")
    )
    stop(operator, task, "pause", "Complaints of 3 people")
    page = owner.get(page_of).text
    assert "Complaints of 3 people" in page
    assert resume not in page
    refused = owner.post(resume, follow=True).text
    task.refresh_from_db()
    assert (task.state, rung) == (TaskState.PAUSED, [])
    assert "only an operator can resume it" in refused
    assert "Complaints of 3 people" in operator.get(reverse("operations:task", args=[task.pk])).text
    with django_capture_on_commit_callbacks(execute=True):
        assert "The task goes on." in stop(operator, task, "resume", "Settled")
    assert (task.state, rung) == (TaskState.SENDING, [1])
    trail = AuditEntry.objects.for_organization(task.organization)
    assert trail.get(action="send_task.resumed_by_operator").details["reason"] == "Settled"
    # What its people pause after that, they resume.
    owner.post(reverse("send_tasks:pause", args=[task.pk]))
    assert resume in owner.get(page_of).text
    owner.post(resume)
    task.refresh_from_db()
    assert task.state == TaskState.SENDING
    assert "nothing to resume" in stop(operator, task, "resume")


@pytest.mark.parametrize("state", [TaskState.READY, TaskState.SCHEDULED, TaskState.WAITING])
def test_what_was_not_sent_yet_can_be_cancelled(operator: Client, state: TaskState) -> None:
    task = make_task(state=state, numbers=[a_number(1)])
    stop(operator, task, "cancel")
    assert task.state == TaskState.CANCELLED


def test_without_a_reason_nothing_is_stopped(task: SendTask, operator: Client) -> None:
    assert "Reason" in stop(operator, task, "pause", "")
    assert task.state == TaskState.SENDING


# --- Revoking -------------------------------------------------------------------------------------


def revoke(client: Client, task: SendTask) -> str:
    version = task.text_template_version
    url = reverse("operations:revocation", args=["text", version.pk])
    page = client.post(url, {"reason": "Phishing"}, follow=True).text
    version.refresh_from_db()
    task.refresh_from_db()
    return page


def test_a_revoked_text_pauses_its_tasks_for_good(
    task: SendTask, operator: Client, django_capture_on_commit_callbacks, no_broker: list
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert "1 task was stopped" in revoke(operator, task)
    version = task.text_template_version
    assert (version.state, version.revocation_reason) == (ReviewState.WITHDRAWN, "Phishing")
    assert version.text_template.approved is None
    assert task.state == TaskState.PAUSED
    with pytest.raises(Exception, match="An operator has revoked"):
        pausing.resume(task.pk)
    assert no_broker == [{"kind": "text_template", "version_id": version.pk}]
    trail = AuditEntry.objects.for_organization(task.organization)
    assert trail.get(action="text_template.revoked").details["reason"] == "Phishing"
    assert trail.filter(action="send_task.paused").exists()
    texts = [notice.text for notice in Notice.objects.for_organization(task.organization)]
    assert any("cannot be resumed" in text for text in texts)
    assert any("Nothing is sent with it any more" in text for text in texts)
    assert "nothing to revoke" in revoke(operator, task)


def test_another_language_of_a_task_can_be_revoked_too(task: SendTask, operator: Client) -> None:
    other = make_task(state=TaskState.READY, numbers=[a_number(1)])
    version = other.text_template_version
    SendTask.objects.filter(pk=task.pk).update(
        language_versions={"zh-hant": version.pk}, organization=version.organization
    )
    assert [found.pk for found in revocation.open_tasks(version)] == [task.pk]


def test_what_programs_queued_is_cancelled(task: SendTask) -> None:
    messages = make_program_messages(
        task.organization,
        [a_number(5), a_number(6)],
        template=task.text_template_version.text_template,
        values=(),
    )
    Batch.objects.cut(
        [message.pk for message in messages],
        organization_id=task.organization_id,
        task_id=None,
        application_id=messages[0].application_id,
        gateway_id=make_messages(task)[0].gateway_id,
        lane=messages[0].lane,
        due_at=task.created_at,
    )
    version = task.text_template_version
    assert revocation.cancel_of_programs(version) == 0
    version.revoked_at = task.created_at
    version.save()
    celery_tasks.cancel_revoked(kind="text_template", version_id=version.pk)
    rows = Message.objects.filter(pk__in=[message.pk for message in messages])
    assert set(rows.values_list("state", "code")) == {
        (MessageState.CANCELLED.value, Reason.TEXT_REVOKED.value)
    }
    # Those of the task stay: people decide about it.
    assert {message.state for message in make_messages(task)} == {MessageState.QUEUED.value}


def test_only_operators_revoke(task: SendTask, client: Client) -> None:
    reviewer = log_in(client, make_reviewer())
    url = reverse("operations:revocation", args=["text", task.text_template_version_id])
    assert reviewer.post(url, {"reason": "Mine"}).status_code == 403
    assert not SignatureVersion.objects.exclude(revoked_at=None).exists()
    assert mail.outbox == []
