"""The Celery task that erases what is no longer kept, and when it runs."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from accounts import tasks as accounts_tasks
from sending import tasks
from sending.lifecycle import MessageState, TaskState
from sending.models import Customer, SendTask
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move

pytestmark = pytest.mark.django_db


def test_one_task_erases_all_that_is_due() -> None:
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=[a_number(1)])
    move(make_messages(task), MessageState.DELIVERED)
    years_ago = timezone.now() - timedelta(days=1000)
    SendTask.objects.update(sent_at=years_ago, created_at=years_ago)
    customer = Customer.objects.create(
        organization=member.organization, msisdn=a_number(2), country="HK"
    )
    tasks.erase_expired()
    task.refresh_from_db()
    assert task.erased_at
    assert task.source_erased_at
    assert Customer.objects.get() == customer, "people keep customers, and delete them"


@pytest.mark.parametrize("name", [tasks.erase_expired.name, accounts_tasks.erase_expired.name])
def test_it_is_asked_for_every_hour(name: str) -> None:
    current_app.finalize()
    entry = current_app.conf.beat_schedule[name]
    assert entry["task"] == name
    assert entry["schedule"] in (3600.0, timedelta(hours=1))
