"""As much of a task as a limit leaves room for: nothing is lost, nothing is sent twice."""

import pytest
from django.db.models import Sum

from accounts.errors import Conflict
from accounts.models import Member
from accounts.models.application import ApplicationCountry
from sending import tasks
from sending.acceptance import first_part
from sending.intake.task_check import check_task
from sending.lifecycle import TaskState
from sending.models import Batch, DailyUse, Message, Problem, SendTask, TaskCountry
from sending.models.stepping import step_task
from sending.models.task_parts import parts_of
from sending.send_tasks import actions, schedule_actions
from sending.tests.factories import (
    a_number,
    counted,
    make_gateway,
    make_prices,
    make_sender,
    make_task,
)

pytestmark = pytest.mark.django_db
NUMBERS = [a_number(0), a_number(0, "GB"), a_number(1), a_number(2), a_number(1, "GB")]


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    monkeypatch.setattr(tasks.read_file, "delay", lambda: None)


def send_first(task: SendTask, first: int) -> SendTask:
    return schedule_actions.send_first(task=task, user=task.created_by, first=first, terms=None)


def figures(task: SendTask) -> tuple[int, int, int]:
    task.refresh_from_db()
    return task.accepted, task.segments, task.cost_micro


def recounted(task: SendTask) -> tuple[int, int, int]:
    sums = Message.objects.filter(task_id=task.pk).aggregate(s=Sum("segments"), c=Sum("cost_micro"))
    return Message.objects.filter(task_id=task.pk).count(), sums["s"] or 0, sums["c"] or 0


def test_the_first_part_is_sent_and_the_rest_waits():
    member = make_sender(daily_segment_limit=3)
    task = make_task(member, numbers=NUMBERS)
    before = set(Message.objects.values_list("pk", "msisdn", "row"))
    limits = first_part.limits_today(task)
    (short,) = first_part.shortages(task, limits)
    assert (short.code, short.params["needed"], short.params["left"]) == ("DAILY_LIMIT", 5, 3)
    assert first_part.that_fit(task, limits) == 3
    sent = send_first(task, 3)
    task.refresh_from_db()
    assert (sent.state, task.state) == (TaskState.SENDING, TaskState.READY)
    assert set(Message.objects.values_list("pk", "msisdn", "row")) == before
    for part, count in ((sent, 3), (task, 2)):
        assert figures(part) == recounted(part)
        assert part.accepted == part.rows_read == count
        own = TaskCountry.objects.filter(task=part).aggregate(
            n=Sum("messages"), c=Sum("cost_micro")
        )
        assert (own["n"], own["c"]) == (count, part.cost_micro)
        ids = [pk for batch in Batch.objects.filter(task_id=part.pk) for pk in batch.ids]
        assert sorted(ids) == sorted(
            Message.objects.filter(task_id=part.pk).values_list("pk", flat=True)
        )
    assert list(sent.countries.order_by("country").values_list("country", "messages")) == [
        ("GB", 1),
        ("HK", 2),
    ]
    assert set(Batch.objects.filter(task_id=task.pk).values_list("due_at", flat=True)) == {None}
    assert counted() == {"QUEUED": 3}
    assert task.events.get().code == "first_sent"
    # The next day has room for the rest.
    DailyUse.objects.all().delete()
    assert actions.send_task(task=task, user=member.user, messages=2)
    assert counted() == {"QUEUED": 5}


def test_a_country_may_be_short():
    member = make_sender()
    task = make_task(member, numbers=NUMBERS)
    for country, limit in (("GB", 1), ("HK", None)):
        ApplicationCountry.objects.create(
            application=task.application, country=country, daily_segment_limit=limit
        )
    limits = first_part.limits_today(task)
    (short,) = first_part.shortages(task, limits)
    assert (short.code, short.params["country"]) == ("APPLICATION_COUNTRY_DAILY_LIMIT", "GB")
    assert first_part.that_fit(task, limits) == 4


@pytest.mark.parametrize("first", [0, -1, 5, 6, 10**9])
def test_figures_that_make_no_sense_send_nothing(first: int):
    task = make_task(make_sender(), numbers=NUMBERS)
    with pytest.raises(Conflict):
        send_first(task, first)
    assert SendTask.objects.count() == 1
    assert counted() == {}


def test_what_another_task_took_meanwhile_leaves_the_task_as_it_was():
    member = make_sender(daily_segment_limit=3)
    task = make_task(member, numbers=NUMBERS)
    make_task(member, TaskState.SENDING, numbers=[a_number(20)])
    with pytest.raises(Conflict, match="2 of the 3"):
        send_first(task, 3)
    assert SendTask.objects.count() == 2
    assert figures(task) == recounted(task)
    assert Message.objects.filter(task_id=task.pk).count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_new_check_of_the_rest_leaves_out_what_was_sent():
    member = make_sender(daily_segment_limit=3)
    make_gateway()
    numbers = [*NUMBERS, NUMBERS[0]]
    task = make_task(member, TaskState.CHECKING, numbers=numbers, lane="BULK")
    assert check_task(task.pk)
    task.refresh_from_db()
    assert (task.accepted, task.duplicates) == (5, 1)
    sent = send_first(task, 3)
    make_prices({"": 50_000})
    actions.read_again(task=task, user=member.user)
    assert check_task(task.pk)
    task.refresh_from_db()
    assert (task.state, task.accepted, task.skipped) == (TaskState.READY, 2, 3)
    assert task.cost_micro == 100_000
    to = Message.objects.values_list("task_id", "msisdn")
    assert sorted(to) == sorted(
        [(sent.pk, number) for number in NUMBERS[:3]]
        + [(task.pk, number) for number in NUMBERS[3:]]
    )
    left_out = Problem.objects.filter(task=task).order_by("row").values_list("code", flat=True)
    assert list(left_out) == ["SENT_BEFORE"] * 3 + ["DUPLICATE"]


def test_a_task_that_is_being_read_again_cannot_be_split():
    task = make_task(make_sender(), numbers=NUMBERS)
    assert step_task(TaskState.DRAFT, task.pk)
    with pytest.raises(Conflict):
        send_first(task, 2)
    assert SendTask.objects.count() == 1


def test_a_part_says_and_shows_what_the_whole_would():
    member = make_sender()
    task = make_task(
        member,
        numbers=NUMBERS,
        language_versions={"fr": 1},
        country_originators={"GB": "ACME"},
        variable_columns=["name"],
    )
    sent = first_part.split(task, 2, member.user)
    assert sent
    for field in ("language_versions", "country_originators", "variable_columns", "originator"):
        assert getattr(sent, field) == getattr(task, field) != ""


def test_however_many_parts_are_sent_they_know_each_other():
    member = make_sender()
    task = make_task(member, numbers=NUMBERS)
    parts = [first_part.split(task, 1, member.user) for _turn in range(3)]
    assert all(parts)
    family = {task.pk, *(part.pk for part in parts if part)}
    for part in (task, *parts):
        assert set(parts_of(part)) == family


def test_in_parts_nobody_sends_more_than_they_may():
    member = make_sender()
    task = make_task(member, numbers=NUMBERS)
    Member.objects.filter(pk=member.pk).update(most_messages=4)
    with pytest.raises(Conflict, match="4"):
        send_first(task, 3)
    Member.objects.filter(pk=member.pk).update(most_messages=5)
    task.refresh_from_db()
    send_first(task, 2)
    task.refresh_from_db()
    send_first(task, 1)
    Member.objects.filter(pk=member.pk).update(most_messages=4)
    task.refresh_from_db()
    with pytest.raises(Conflict, match="4"):
        actions.send_task(task=task, user=member.user, messages=2)
    assert counted() == {"QUEUED": 3}
