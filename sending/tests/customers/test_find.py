"""A number is found from any page, wherever it is known."""

import pytest
from django.urls import reverse

from sending.customers import finding
from sending.lifecycle import TaskState
from sending.models import Suppression
from sending.tests.factories import a_number, make_reply, make_sender, make_task
from sending.tests.program_factories import make_program_messages
from sending.tests.send_tasks.reader import tells

pytestmark = pytest.mark.django_db
FIND = "customers:find"


def find(client, text):
    answer = client.post(reverse(FIND), {"q": text})
    assert not text or not tells(answer.url, text.strip("+ "))
    page = client.get(answer.url)
    return [found.msisdn for found in page.context["finding"].numbers]


@pytest.fixture
def known(member, customer):
    """One number for each way to be known."""
    numbers = {name: a_number(at, "GB") for at, name in enumerate(
        ("customer", "suppressed", "replied", "asked"), 11
    )}  # fmt: skip
    customer(numbers["customer"], name="Ann")
    Suppression.objects.create(organization=member.organization, msisdn=numbers["suppressed"])
    asked = make_program_messages(member.organization, [numbers["replied"], numbers["asked"]])
    make_reply(asked[0])
    numbers["sent"] = a_number(15, "GB")
    make_task(member, TaskState.SENDING, numbers=[numbers["sent"]])
    customer(a_number(99, "GB"), make_sender().organization)
    return numbers


@pytest.mark.parametrize("name", ["customer", "suppressed", "replied", "asked", "sent"])
def test_it_is_found_whole_at_home_and_by_its_end(client, known, name):
    number = known[name]
    assert number in find(client, number)
    assert number in find(client, f"00{number[1:]}")
    assert number in find(client, number[-5:])
    assert number in find(client, number[:9])
    if number.startswith("+44"):
        assert find(client, f"0{number[3:]}") == [number]


def test_nothing_of_others_is_found(client, known):
    assert find(client, a_number(99, "GB")) == []
    assert find(client, "") == []
    assert find(client, "Ann") == []


def test_the_whole_number_comes_first_and_leads_on(client, known, customer):
    number = known["asked"]
    answer = client.post(reverse("customers:number"), {"number": number}, follow=True)
    assert "not a customer" in answer.content.decode()
    assert number[1:] not in answer.request["QUERY_STRING"]
    made = customer(number)
    answer = client.post(reverse("customers:number"), {"number": number}, follow=True)
    assert answer.request["PATH_INFO"] == reverse("customers:detail", args=[made.pk])


def test_it_says_when_more_fit(client, member, customer):
    for at in range(25):
        customer(a_number(at, "GB"))
    page = client.post(reverse(FIND), {"q": "+44"}, follow=True)
    assert len(page.context["finding"].numbers) == 20
    assert "More numbers match" in page.content.decode()


def test_the_search_stands_on_every_page(client, member):
    assert reverse(FIND) in client.get(reverse("overview:overview")).content.decode()


def test_one_number_with_very_many_messages_hides_no_other(client, member, monkeypatch):
    monkeypatch.setattr(finding, "_HEAD", 3)
    numbers = [a_number(at, "GB") for at in (31, 32)]
    make_task(member, TaskState.SENDING, numbers=[numbers[0]] * 4 + [numbers[1]])
    assert find(client, numbers[0][:9]) == numbers


def test_what_nobody_has_sent_is_not_the_newest_message(client, member):
    numbers = [a_number(at, "GB") for at in (41, 42, 43)]
    older = make_task(member, TaskState.SENDING, numbers=numbers[:2])
    for hidden in ([numbers[0], numbers[2]], [numbers[0]]):
        make_task(member, TaskState.READY, numbers=hidden)
    page = client.post(reverse(FIND), {"q": numbers[0][:9]}, follow=True)
    found = {known.msisdn: known.message for known in page.context["finding"].numbers}
    assert [found[number].task_id for number in numbers[:2]] == [older.pk, older.pk]
    assert found[numbers[2]] is None
