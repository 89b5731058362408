"""Customer groups whose customers fill the variables of a text."""

import pytest
from django.urls import reverse

from accounts.models import Member
from sending.intake.task_check import check_task
from sending.lifecycle import TaskState
from sending.models import CustomerField, CustomerGroup, Message, Problem, SendTask
from sending.tests.factories import a_number, make_gateway, make_group, make_prices, make_sender
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
URL = reverse("send_tasks:compose")


def people(member: Member) -> CustomerGroup:
    """A group of three: the second has no city, the third no name."""
    group = make_group(member.organization, [a_number(n) for n in (1, 2, 3)])
    CustomerField.objects.create(organization=member.organization, key="f1", label="City")
    known = [("Ann", {"f1": "Leeds"}), ("Ben", {}), ("", {"f1": '"Bath",\n\t'})]
    for customer, (name, fields) in zip(group.customers.order_by("msisdn"), known, strict=True):
        customer.name, customer.fields = name, fields
        customer.save()
    return group


def test_what_is_known_of_customers_fills_the_variables():
    member = make_sender()
    make_gateway()
    make_prices()
    body = "Hello {1}, see you in {2}."
    template = approved_template(member.organization, body, SmsType.NOTIFICATION)
    group = people(member)
    reader = Reader(member)
    page = reader.get(URL, template=template.pk, group=group.pk)
    options = [option["value"] for option in page.select("#id_column_1 option")]
    assert options == ["", "name", "field:f1"]
    data = {"name": "x", "template": template.pk, "source": "GROUP", "group": group.pk}
    columns = {"column_1": "name", "column_2": "field:f1"}
    assert reader.post(URL, **data, **columns).status_code == 302
    task = SendTask.objects.get()
    assert task.variable_columns == ["name", "field:f1"]
    check_task(task.pk)
    task.refresh_from_db()
    assert (task.state, task.accepted, task.refused) == (TaskState.READY, 1, 2)
    assert Message.objects.get(task_id=task.pk).variables == '["Ann", "Leeds"]'
    found = Problem.objects.filter(task=task).order_by("row")
    assert list(found.values_list("row", "code")) == [
        (2, "VARIABLE_MISSING"),
        (3, "VARIABLE_MISSING"),
    ]
    page = reader.get(reverse("send_tasks:check", args=[task.pk]))
    assert "Variable 2 is missing; the text template needs 2." in words(page)


@pytest.mark.parametrize("wrong", [{}, {"column_1": "name"}, {"column_2": "field:zz"}])
def test_each_variable_asks_for_its_column(wrong: dict[str, str]):
    member = make_sender()
    group = people(member)
    template = approved_template(
        member.organization, "Hello {1}, see you in {2}.", SmsType.NOTIFICATION
    )
    data = {"name": "x", "template": template.pk, "source": "GROUP", "group": group.pk}
    response = Reader(member).post(URL, **data, **wrong)
    shown = response.content.decode()
    assert "Choose what fills this variable." in shown or "no longer exists" in shown
    assert not SendTask.objects.exists()


def test_columns_of_others_are_not_offered():
    member, other = make_sender(), make_sender()
    people(other)
    make_group(member.organization, [a_number(1)])
    template = approved_template(member.organization, "Hello {1}.", SmsType.NOTIFICATION)
    page = Reader(member).get(URL, template=template.pk)
    assert [option["value"] for option in page.select("#id_column_1 option")] == ["", "name"]
