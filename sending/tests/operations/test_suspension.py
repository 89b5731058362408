"""Operators suspend an organization or an application, and end it."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, SmsApplication
from accounts.tests.factories import log_in, make_operator, make_reviewer, make_user
from sending import tasks
from sending.models import SendTask

REASON = "Complaints about texts nobody asked for."


@pytest.fixture(autouse=True)
def cancelling(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Keep Celery out, and remember which tasks it was asked to cancel."""
    asked: list[int] = []
    monkeypatch.setattr(tasks.cancel, "delay", lambda **ids: asked.append(ids["task_id"]))
    return asked


def url(subject: Organization | SmsApplication) -> str:
    noun = "organization" if isinstance(subject, Organization) else "application"
    return reverse(f"operations:{noun}_suspension", args=[subject.pk])


def words(page: bytes) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").main.get_text(" ").split())


def state_of(task: SendTask) -> str:
    return SendTask.objects.values_list("state", flat=True).get(pk=task.pk)


def test_it_says_what_it_would_stop(task: SendTask, operator: Client) -> None:
    said = words(operator.get(url(task.organization)).content)
    assert "Tasks sending or paused 1 Their queued messages 5" in said


@pytest.mark.parametrize("who", ["organization", "application"])
def test_suspended_and_ended(
    task: SendTask, operator: Client, who: str, cancelling: list[int]
) -> None:
    subject = getattr(task, who)
    form = {"reason": REASON, "queued": "wait"}
    page = operator.post(url(subject), form, follow=True).content
    assert "1 task was stopped" in words(page)
    assert REASON in words(page)
    assert state_of(task) == "PAUSED"
    page = operator.post(url(subject), {"end": "yes"}, follow=True).content
    assert "has ended" in words(page)
    subject.refresh_from_db()
    assert not subject.is_suspended
    assert state_of(task) == "PAUSED"
    assert not cancelling


def test_what_is_queued_is_cancelled_by_choice(
    task: SendTask,
    operator: Client,
    cancelling: list[int],
    django_capture_on_commit_callbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        operator.post(url(task.organization), {"reason": REASON, "queued": "cancel"})
    assert state_of(task) == "CANCELLED"
    assert cancelling == [task.pk]


def test_a_broker_that_is_away_hides_nothing(
    task: SendTask,
    operator: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks,
) -> None:
    def away(**_ids: int) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.cancel, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        answer = operator.post(url(task.organization), {"reason": REASON, "queued": "cancel"})
    assert answer.status_code == 302
    assert state_of(task) == "CANCELLED"


@pytest.mark.parametrize("left_out", ["reason", "queued"])
def test_it_needs_a_reason_and_a_choice(task: SendTask, operator: Client, left_out: str) -> None:
    form = {"reason": REASON, "queued": "wait", left_out: " "}
    page = operator.post(url(task.organization), form)
    assert page.status_code == 200
    assert "1 thing to correct" in words(page.content)
    task.organization.refresh_from_db()
    assert not task.organization.is_suspended


def test_a_form_that_is_late_neither_ends_nor_changes_it(task: SendTask, operator: Client) -> None:
    organization = task.organization
    operator.post(url(organization), {"reason": REASON, "queued": "wait"})
    late = operator.post(url(organization), {"reason": "Later", "queued": "cancel"}, follow=True)
    assert "already suspended" in words(late.content)
    organization.refresh_from_db()
    assert organization.suspension_reason == REASON
    assert state_of(task) == "PAUSED"


@pytest.mark.parametrize("make", [make_user, make_reviewer])
def test_nobody_else_may(task: SendTask, client: Client, make) -> None:
    log_in(client, make())
    form = {"reason": REASON, "queued": "cancel"}
    assert client.get(url(task.organization)).status_code == 403
    assert client.post(url(task.organization), form).status_code == 403
    assert state_of(task) == "SENDING"


@pytest.mark.parametrize("who", ["organization", "application"])
def test_the_administration_leads_there(task: SendTask, operator: Client, who: str) -> None:
    subject = getattr(task, who)
    model = {"organization": "organization", "application": "smsapplication"}[who]
    row = reverse(f"admin:accounts_{model}_change", args=[subject.pk])
    assert url(subject) in operator.get(row).content.decode()


@pytest.mark.django_db
def test_saving_the_row_of_an_organization_does_not_end_it(client: Client, monkeypatch) -> None:
    """An operator saves the form while another one suspends."""
    from django.forms import ModelForm
    from django.utils import timezone

    from accounts.tests.factories import make_organization

    organization = make_organization()
    saves = ModelForm.save

    def suspended_meanwhile(self, *args, **kwargs):
        Organization.objects.update(suspended_at=timezone.now(), suspension_reason=REASON)
        return saves(self, *args, **kwargs)

    monkeypatch.setattr(ModelForm, "save", suspended_meanwhile)
    form = {"name": "New name", "time_zone": "UTC", "daily_segment_limit": "1000"}
    form |= {"members-TOTAL_FORMS": "0", "members-INITIAL_FORMS": "0"}
    address = reverse("admin:accounts_organization_change", args=[organization.pk])
    log_in(client, make_operator()).post(address, form)
    organization.refresh_from_db()
    assert (organization.name, organization.suspension_reason) == ("New name", REASON)
