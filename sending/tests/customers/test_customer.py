"""One customer: entered, changed, and everything about the number on one page."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from sending.lifecycle import TaskState
from sending.models import Customer, Suppression
from sending.tests.factories import a_number, make_group, make_reply, make_task
from sending.tests.program_factories import make_program_messages

pytestmark = pytest.mark.django_db
NUMBER = a_number(3)


def test_a_customer_is_entered_once(client, member, city):
    kept = {"number": f"00{NUMBER[1:]}", "name": "Ms Chan", "language": "zh_Hant"}
    kept |= {"field_c1": "Kowloon", "consent": "By form, 3 May"}
    answer = client.post(reverse("customers:create"), kept)
    customer = Customer.objects.get()
    assert answer.url == reverse("customers:detail", args=[customer.pk])
    assert (customer.msisdn, customer.country, customer.language) == (NUMBER, "HK", "zh-hant")
    assert (customer.fields, customer.source) == ({"c1": "Kowloon"}, "ENTERED")
    assert customer.consent_at
    again = client.post(reverse("customers:create"), kept).content.decode()
    assert "already a customer" in again


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "12"), ("language", "French!"), ("field_c1", "x" * 201), ("consent", "x" * 301)],
)
def test_what_cannot_be_kept_is_refused(client, member, city, field, value):
    page = client.post(reverse("customers:create"), {"number": NUMBER} | {field: value})
    assert field in page.context["form"].errors
    assert not Customer.objects.exists()


def test_an_emptied_value_is_gone(client, member, city, customer):
    made = customer(NUMBER, name="Ann", fields={"c1": "Leeds"}, consent="By phone")
    client.post(reverse("customers:edit", args=[made.pk]), {"name": "Ann Lee"})
    made.refresh_from_db()
    assert (made.name, made.fields, made.consent, made.consent_at) == ("Ann Lee", {}, "", None)


def test_everything_about_a_number_is_on_its_page(client, member, city, customer):
    organization = member.organization
    made = customer(
        NUMBER, name="Ms Chan", language="fr", fields={"c1": "Kowloon"}, source_name="may.xlsx"
    )
    make_group(organization, [NUMBER], name="Gold")
    silver = make_group(organization, [], name="Silver")
    make_reply(make_program_messages(organization, [NUMBER])[0], "Is it open?")
    make_task(member, TaskState.SENDING, numbers=[NUMBER], name="May offer")
    make_task(member, TaskState.READY, numbers=[NUMBER], name="June offer")
    Suppression.objects.create(organization=organization, msisdn=NUMBER, reason="asked by phone")
    page = client.get(reverse("customers:detail", args=[made.pk])).content.decode()
    assert f'<option value="{silver.pk}">Silver</option>' in page
    assert page.count("<option") == 1, "it is in the other group already"
    for said in (
        "Ms Chan",
        "French",
        "Kowloon",
        "may.xlsx",
        "Gold",
        "Is it open?",
        "A program",
        "asked by",
    ):
        assert said in page, said
    assert "May offer" in page
    assert "June offer" not in page, "nobody has sent it yet"


def test_a_viewer_sees_stars(client, member, customer):
    made = customer(NUMBER, name=f"Call {NUMBER}")
    viewer = log_in(client, make_member(Role.VIEWER, member.organization))
    page = viewer.get(reverse("customers:detail", args=[made.pk])).content.decode()
    assert NUMBER[1:] not in page.replace(" ", "")
    assert "Edit" not in page
