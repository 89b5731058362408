"""Correct refused rows: both ways are offered, each is said, and the choice is asked for."""

import pytest
from django.urls import reverse

from accounts.models import Member
from sending.lifecycle import TaskState
from sending.models import SendTask
from sending.models.stepping import step_task
from sending.tests.factories import a_number, make_sender, make_task
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db
COMPOSE = reverse("send_tasks:compose")


def corrected(member: Member, first: SendTask, **data: object) -> SendTask:
    """Send the form as the page gave it."""
    reader = Reader(member)
    page = reader.get(COMPOSE, like=first.pk)
    response = reader.post(
        COMPOSE,
        name=page.select_one("#id_name")["value"],
        template=page.select_one("#id_template option[selected]")["value"],
        source="NUMBERS",
        numbers=a_number(2),
        corrects=page.select_one("input[name=corrects]")["value"],
        **data,
    )
    assert response.status_code == 302, words(reader.get(COMPOSE))
    return SendTask.objects.latest("pk")


def test_a_correction_begins_with_what_there_was():
    member = make_sender()
    first = make_task(member, numbers=[a_number(1)])
    page = Reader(member).get(COMPOSE, like=first.pk)
    assert page.select_one("#id_name")["value"] == first.name
    assert page.select_one("#id_numbers").text.strip() == a_number(1)
    assert "has 1 message that can be sent" in words(page)
    assert len(page.select("input[name=correction]")) == 2
    assert not page.select("input[name=correction][checked]")


def test_it_asks_which_way():
    member = make_sender()
    first = make_task(member, numbers=[a_number(1)])
    data = {"template": first.text_template_version.text_template_id, "corrects": first.pk}
    response = Reader(member).post(COMPOSE, name="x", source="NUMBERS", numbers=a_number(2), **data)
    assert "Choose what happens to the first task." in response.content.decode()
    assert SendTask.objects.count() == 1


@pytest.mark.parametrize(("way", "replaces"), [("KEEP", False), ("REPLACE", True)])
def test_both_ways_leave_the_first_as_it_is_until_the_check(way: str, replaces: bool):
    member = make_sender()
    first = make_task(member, numbers=[a_number(1)])
    second = corrected(member, first, correction=way)
    first.refresh_from_db()
    assert first.state == TaskState.READY
    assert (second.corrects_id, second.replaces) == (first.pk, replaces)
    page = Reader(member).get(reverse("send_tasks:check", args=[second.pk]))
    assert page.find("a", href=reverse("send_tasks:check", args=[first.pk]))
    assert ("Send both tasks" in words(page)) is not replaces
    check = reverse("send_tasks:check", args=[first.pk])
    said = words(Reader(member).get(check))
    assert ("Its refused rows were corrected" in said) is not replaces
    assert ("replaces this task once it is checked" in said) is replaces
    assert step_task(TaskState.CANCELLED, first.pk)
    assert ("This task was replaced by" in words(Reader(member).get(check))) is replaces


def test_one_without_good_rows_is_simply_replaced():
    member = make_sender()
    first = make_task(member)
    assert corrected(member, first).replaces


def test_a_sent_task_is_not_replaced_and_its_numbers_are_left_out():
    member = make_sender()
    first = make_task(member, TaskState.SENDING, numbers=[a_number(1)])
    page = Reader(member).get(COMPOSE, like=first.pk)
    assert "Its recipients are left out of this task." in words(page)
    second = corrected(member, first, correction="REPLACE")
    assert (second.corrects_id, second.replaces) == (first.pk, False)


def test_one_that_is_over_is_only_composed_anew():
    member = make_sender()
    first = make_task(member, TaskState.CANCELLED, numbers=[a_number(1)])
    page = Reader(member).get(COMPOSE, like=first.pk)
    assert page.select_one("#id_name")["value"] == first.name
    assert not page.select("input[name=correction]")
