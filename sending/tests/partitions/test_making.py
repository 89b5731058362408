"""Tables of months: made ahead, found by the database, and never missed by an insert."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from sending import tasks
from sending.lifecycle import MessageState
from sending.models import DeliveryReceipt, Message, MessageNumber, Submission
from sending.models.message import first_id_at
from sending.models.stepping import step
from sending.operations import metrics
from sending.partitions import making
from sending.partitions.tables import MESSAGES, TABLES, Month, months
from sending.tests.factories import a_number, make_messages, make_task, move
from sending.tests.partitions.rows import at, plans, table_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no partitions"),
]


def test_months_are_those_of_utc():
    first = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert list(months(first, datetime(2027, 2, 1, tzinfo=UTC))) == [
        Month(datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        Month(datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),
        Month(datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)),
    ]


def test_a_migration_has_made_the_coming_months_and_the_beat_makes_those_after_them():
    reach = making.reach()
    assert reach - timezone.now() > timedelta(days=45)
    assert making.make_ahead() == 0
    with time_machine.travel(reach + timedelta(days=5)):
        tasks.make_partitions()
        assert making.reach() - timezone.now() >= making.AHEAD
    # All tables, one month beside the other.
    bounds = [[(p.start, p.end) for p in table.partitions()] for table in TABLES]
    assert all(each == bounds[0] for each in bounds)
    assert [start for start, _end in bounds[0][1:]] == [end for _start, end in bounds[0][:-1]]


def test_a_month_that_lacks_between_others_is_made():
    (first, *_later) = MESSAGES.partitions()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {first.name}")
    assert making.make_ahead()
    assert MESSAGES.partitions()[0].start <= first_id_at(timezone.now()) < first.end


def test_what_came_before_its_month_was_made_is_kept_and_comes_to_its_place():
    beyond = making.reach() + timedelta(days=3)
    task = make_task(numbers=[a_number(0)])
    message = at(beyond, *make_messages(task))[0]
    assert table_of(message) == "sending_message_default"
    assert making.strays() == 2
    assert step(MessageState.SUBMITTING, [message.pk])
    assert "smsconsole_partition_strays 2.0" in metrics.text().decode()

    with time_machine.travel(beyond):
        assert making.make_ahead()
    assert making.strays() == 0
    assert table_of(message) == f"sending_message_{beyond:%Y_%m}"
    assert MessageNumber.objects.get(message_id=message.pk).msisdn == a_number(0)
    assert Message.objects.get(pk=message.pk).state == "SUBMITTING"


def test_a_row_of_a_task_is_one_message_and_an_answer_is_stored_once_in_every_month():
    task = make_task(numbers=[a_number(0), a_number(1)])
    for moment in (timezone.now(), making.reach() - timedelta(days=1)):
        first, second = at(moment, *make_messages(task))
        second.row = first.row
        with pytest.raises(IntegrityError), transaction.atomic():
            second.save()
        for model in (Submission, DeliveryReceipt):
            given = {"organization_id": 1, "message_id": first.pk, "gateway_id": 1, "segment": 1}
            of_model = {
                Submission: {"attempt": 1, "command_status": "ESME_ROK", "submitted_at": moment},
                DeliveryReceipt: {"message_state": "DELIVRD", "received_at": moment},
            }[model]
            rows = [model(**given, **of_model, gateway_message_id="a") for _twice in range(2)]
            model.objects.bulk_create(rows, ignore_conflicts=True)
        assert Submission.objects.filter(message_id=first.pk).count() == 1
    # Numbers go on over all months: the newest is the largest.
    assert Submission.objects.count() == len(set(Submission.objects.values_list("pk", flat=True)))


def test_a_step_looks_at_the_months_of_its_messages_alone():
    task = make_task(numbers=[a_number(0)])
    now = at(timezone.now(), *make_messages(task))[0]
    table = table_of(now)
    with plans("UPDATE sending_message") as found:
        assert step(MessageState.SUBMITTING, [now.pk])
    with plans("DELETE FROM sending_messagenumber") as numbers:
        assert Message.objects.filter(pk=now.pk).delete()[0] == 1
    (plan,), (of_numbers,) = found, numbers
    assert not MessageNumber.objects.exists()
    months_read = set(re.findall(r"sending_messagenumber_(\w+?) sending_", of_numbers))
    assert months_read == {table.removeprefix("sending_message_")}
    assert table in plan
    others = {p.name for p in MESSAGES.partitions()} | {MESSAGES.default}
    assert not [name for name in others - {table} if name in plan]


def test_to_erase_messages_no_month_is_read_for_them():
    """Ids that are named twice let PostgreSQL take a look-up for dearer than the whole month."""
    task = make_task(numbers=[a_number(0)])
    move(make_messages(task), MessageState.DELIVERED)
    (message,) = make_messages(task)
    with plans("UPDATE sending_message ") as found, plans('UPDATE "sending_message"') as others:
        assert Message.objects.filter(pk__among=[message.pk]).erase() == 1
    (plan,) = [*found, *others]
    assert plan.count("ANY") <= 1
    assert not MessageNumber.objects.exists()


def test_too_few_months_ahead_are_an_alarm(client: Client):
    last = making.reach()
    with time_machine.travel(last - timedelta(days=15)):
        assert client.get("/readyz").json()["checks"]["partitions"]["ok"]
    with time_machine.travel(last - timedelta(days=13)):
        check = client.get("/readyz").json()["checks"]["partitions"]
    assert not check["ok"]
    assert f"{last:%Y-%m-%d}" in check["detail"]


def test_ids_of_a_month_begin_with_it():
    month = Month(datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC))
    assert month.ids == (first_id_at(month.start), first_id_at(month.end))
