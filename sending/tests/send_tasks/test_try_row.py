"""A test to one's own number: a message like any other, its cost said before."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import make_member, make_originator
from sending.developers.queries.messages import ProgramMessageFilter, message_page
from sending.lifecycle import TaskState
from sending.models import ApiMessage, Counter, Message, SendTask, Suppression
from sending.models.api_message import TEST
from sending.tests.factories import a_number, make_gateway, make_prices, make_sender, make_task
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import TextTemplate
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
MINE = a_number(77)


@pytest.fixture
def ready() -> SendTask:
    make_gateway()
    make_prices({"HK": 50_000, "GB": 40_000})
    member = make_sender()
    return make_task(
        member, numbers=[a_number(1), a_number(2)], values=[["1111", "5"], ["2222", "9"]]
    )


def url(task: SendTask) -> str:
    return reverse("send_tasks:try_row", args=[task.pk])


def test_it_says_the_cost_first_and_sends_the_values_of_the_row(ready: SendTask):
    reader = Reader(ready.organization.members.get())
    page = reader.get(url(ready), row=3)
    assert "Your verification code is 2222 (valid for 9 minutes)." in words(page)
    response = reader.post(url(ready), row=3, number=MINE)
    assert "1 message, 1 segment, about USD 0.05." in words(reader_page(response))
    assert Message.objects.count() == 2
    once = reader_page(response).select_one("input[name=once]")["value"]
    for _press in range(2):
        response = reader.post(url(ready), row=3, number=MINE, send="yes", once=once)
        assert response.status_code == 302
    test = Message.objects.get(task_id=None)
    assert (test.msisdn, test.variables, test.cost_micro) == (MINE, '["2222", "9"]', 50_000)
    assert ApiMessage.objects.get(pk=test.pk).api_key_id == TEST
    assert Counter.objects.for_organization(ready.organization).filter(task_id=None).exists()
    ready.refresh_from_db()
    assert (ready.state, ready.accepted) == (TaskState.READY, 2)
    page = reader.get(url(ready), row=3)
    assert page.select_one("#id_number")["value"] == MINE
    assert page.find("a", href=reverse("developers:message", args=[test.pk]))
    history = reader.get(reverse("developers:message", args=[test.pk]))
    assert "Test of a task" in words(history)
    assert "A test from the check page" in words(history)
    # It is no message of a program.
    assert not message_page(ready.organization, ProgramMessageFilter(), None).rows


def reader_page(response):
    from sending.tests.send_tasks.reader import sound

    return sound(response)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("", "Enter a mobile number."),
        ("12", "This is not a valid mobile number."),
        ("8613800138000", "Chinese mainland"),
        (a_number(9), "suppression list"),
    ],
)
@pytest.mark.parametrize("press", [{}, {"send": "yes", "once": "a"}])
def test_what_acceptance_refuses_is_said_at_the_number(
    ready: SendTask, number: str, why: str, press: dict[str, str]
):
    Suppression.objects.create(organization=ready.organization, msisdn=a_number(9))
    reader = Reader(ready.organization.members.get())
    response = reader.post(url(ready), row=2, number=number, **press)
    assert why in response.content.decode()
    assert Message.objects.count() == 2


def test_another_version_is_not_sent_in_its_place(ready: SendTask):
    version = ready.text_template_version
    version.pk, version.number = None, 2
    version.save()
    TextTemplate.objects.filter(pk=version.text_template_id).update(approved=version)
    reader = Reader(ready.organization.members.get())
    response = reader.post(url(ready), row=2, number=MINE, send="yes", once="a")
    assert "has another approved version since the check" in response.content.decode()
    assert Message.objects.count() == 2


def test_only_who_may_send_and_only_before_it_is_sent(ready: SendTask):
    viewer = Reader(make_member(Role.VIEWER, ready.organization))
    viewer.get(url(ready), status=403)
    check = reverse("send_tasks:check", args=[ready.pk])
    assert not viewer.get(check).find("a", string="Send a test to my number")
    member = ready.organization.members.get(role=Role.SENDER.value)
    assert "Send a test to my number" in words(Reader(member).get(check))
    gone = make_task(member, TaskState.SENDING, numbers=[a_number(1)])
    Reader(member).get(url(gone), status=302)
    Reader(member).get(url(ready) + "?row=999", status=302)


def test_a_row_is_tested_in_its_language_with_the_originator_of_the_country():
    make_gateway()
    make_prices()
    member = make_sender()
    organization = member.organization
    for address, country in (("ACME", ""), ("ACMEHK", "HK")):
        make_originator(organization, address=address, country=country)
    first = approved_template(organization, "Hello {1}, see you.", "NOTIFICATION")
    french = approved_template(organization, "Bonjour {1}.", "NOTIFICATION")
    TextTemplate.objects.filter(pk=french.pk).update(variant_of=first, language="fr")
    task = make_task(
        member,
        numbers=[a_number(1, "GB")],
        values=[["Mei"]],
        template_version=first.approved,
        language_versions={"fr": french.approved_id},
        originator="ACME",
        country_originators={"HK": "ACMEHK"},
    )
    Message.objects.filter(task_id=task.pk).update(text_template_version_id=french.approved_id)
    reader = Reader(member)
    reader.post(url(task), row=2, number=MINE, send="yes", once="a")
    test = Message.objects.get(task_id=None)
    assert test.text_template_version_id == french.approved_id
    assert ApiMessage.objects.get(pk=test.pk).originator == "ACMEHK"


def test_what_no_page_of_ours_sends_is_no_error_of_ours(ready: SendTask):
    reader = Reader(ready.organization.members.get())
    assert reader.post(url(ready), row=2, number=MINE, send="yes", once="a\0").status_code == 302
    assert Message.objects.filter(task_id=None).count() == 1
