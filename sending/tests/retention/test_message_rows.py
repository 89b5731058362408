"""Messages are deleted for good long after they were erased; every figure stays."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import log_in
from sending.delivery.counters import archiving
from sending.lifecycle import MessageState, TaskState
from sending.models import (
    Attention,
    DayTally,
    DeliveryReceipt,
    Message,
    MessageNumber,
    SendTask,
    Submission,
)
from sending.models.stepping import step
from sending.partitions import making
from sending.partitions.tables import TABLES, months
from sending.retention import message_rows, messages
from sending.tests.factories import a_number, counted, make_messages, make_task, move
from sending.tests.partitions.rows import at
from smsconsole import environment

pytestmark = pytest.mark.django_db
BESIDE = (MessageNumber, Submission, DeliveryReceipt, Attention)


@pytest.fixture(autouse=True)
def _months_of_the_past():
    """Let months of long ago have tables of their own, as after years."""
    if connection.vendor == "postgresql":
        ago = timezone.now() - timedelta(days=500)
        for table in TABLES:
            (first, *_others) = table.partitions()
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {first.name}")
            for month in months(ago, timezone.now()):
                making.make(table, month)


def sent(days_ago, state=MessageState.DELIVERED, numbers=2):
    """Return a task that was sent so long ago, with all that is kept beside its messages."""
    task = make_task(state=TaskState.SENDING, numbers=[a_number(n) for n in range(numbers)])
    moment = timezone.now() - timedelta(days=days_ago)
    SendTask.objects.filter(pk=task.pk).update(sent_at=moment, created_at=moment)
    found = at(moment, *make_messages(task))
    move(found[:1], state)
    move(found[1:], MessageState.UNDELIVERABLE, code="001")
    about = {"organization_id": task.organization_id, "gateway_id": 1, "segment": 1}
    for message in found:
        Submission.objects.create(
            message_id=message.pk, attempt=1, submitted_at=moment, command_status="OK", **about
        )
        DeliveryReceipt.objects.create(message_id=message.pk, received_at=moment, **about)
    task.refresh_from_db()
    return task


def left(task):
    return Message.objects.filter(task_id=task.pk).count()


def test_old_messages_go_with_all_that_lies_beside_them_and_figures_stay():
    old, young = sent(480), sent(300)
    messages.erase_due()
    figures, tallies = counted(), list(DayTally.objects.order_by("pk").values())
    assert message_rows.delete_due()
    assert (left(old), left(young)) == (0, 2)
    assert [model.objects.count() for model in (Submission, DeliveryReceipt)] == [2, 2]
    assert Attention.objects.get().task_id == young.pk
    assert MessageNumber.objects.count() == 0
    assert counted() == figures == {"DELIVERED": 2, "UNDELIVERABLE": 2}
    archiving.archive()
    assert list(DayTally.objects.order_by("pk").values()) == tallies
    assert message_rows.delete_due() == 0


@pytest.mark.parametrize("state", [MessageState.SUBMITTED, MessageState.IN_DOUBT])
def test_what_is_not_over_is_never_deleted(state):
    task = sent(480, state)
    (message, _other) = make_messages(task)
    message_rows.delete_due()
    assert Message.objects.filter(pk=message.pk).exists()
    assert Submission.objects.filter(message_id=message.pk).exists()
    step(MessageState.UNKNOWN, [message.pk])
    message_rows.delete_due()
    assert left(task) == 0


def test_zero_keeps_messages_for_ever(settings):
    settings.KEEP_MESSAGE_ROWS_DAYS = 0
    task = sent(480)
    assert message_rows.delete_due() == 0
    assert left(task) == 2


def test_a_page_says_that_messages_are_no_longer_kept(client):
    task = sent(480)
    log_in(client, task.created_by)
    address = reverse("send_tasks:messages", args=[task.pk])
    sentence = "no longer kept"
    messages.erase_due()
    assert sentence not in client.get(address).content.decode()
    message_rows.delete_due()
    page = client.get(address)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert client.get(reverse("send_tasks:detail", args=[task.pk])).status_code == 200
    assert client.get(reverse("send_tasks:export", args=[task.pk])).status_code == 200


@pytest.mark.parametrize(("rows", "numbers"), [(59, 30), (100, 120), (-1, 30)])
def test_messages_are_not_deleted_before_they_are_erased(rows, numbers):
    with pytest.raises(ImproperlyConfigured, match="KEEP_MESSAGE_ROWS_DAYS"):
        environment.refuse_to_delete_what_is_kept(rows, numbers)
    environment.refuse_to_delete_what_is_kept(0, numbers)
    environment.refuse_to_delete_what_is_kept(max(numbers, 60), numbers)
