"""The page of one number: what is known, exported, erased; for administrators only."""

import json

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from sending import tasks
from sending.lifecycle import MessageState, TaskState
from sending.models import Message, MessageSequence, NumberErasure, Suppression
from sending.tests.factories import (
    a_number,
    make_group,
    make_messages,
    make_sender,
    make_task,
    make_upload,
    move,
)
from sending.tests.operations.rows import submit
from sending.tests.send_tasks.reader import Reader, sound, words

pytestmark = pytest.mark.django_db(transaction=True)
URL = reverse("groups:number")
NUMBER = a_number(3)


@pytest.fixture(autouse=True)
def _worker(monkeypatch):
    monkeypatch.setattr(tasks.erase_number, "delay", tasks.erase_number)


@pytest.fixture
def reader():
    # A migration wrote it, and tests with real commits empty every table.
    MessageSequence.objects.get_or_create(pk=1)
    return Reader(make_sender(Role.ADMIN))


def sent(member, state=MessageState.DELIVERED):
    task = make_task(member, TaskState.SENDING, numbers=[NUMBER, a_number(4)])
    move(make_messages(task), state)
    for message in make_messages(task):
        submit(message)
    return task


def test_it_tells_what_is_known_before_anything_is_erased(reader):
    organization = reader.member.organization
    make_group(organization, [NUMBER], name="Staff")
    make_upload(reader.member)
    Suppression.objects.create(organization=organization, msisdn=NUMBER)
    sent(reader.member)
    sent(make_sender())
    page = sound(reader.post(URL, number="852 5123 0003"))
    told = words(page)
    assert "Messages 1 " in told
    assert "in Staff" in told
    assert "1 stored spreadsheet is deleted" in told
    assert "It stays suppressed" in told
    assert Message.objects.filter(msisdn=NUMBER).count() == 2


def test_a_number_is_erased_and_the_page_says_when_it_was(reader):
    task = sent(reader.member)
    response = reader.post(reverse("groups:number_erase"), number=NUMBER)
    assert response["Location"] == URL
    assert not Message.objects.filter(task_id=task.pk, msisdn=NUMBER).exists()
    page = reader.get(URL)
    assert NumberErasure.objects.get().digest in words(page)
    assert "Erased" in words(page)
    assert NUMBER not in str(page)
    assert AuditEntry.objects.filter(action="number.erased", actor=reader.member.user).exists()


def test_what_is_on_its_way_is_told(reader):
    sent(reader.member, MessageState.SUBMITTED)
    reader.post(reverse("groups:number_erase"), number=NUMBER)
    assert "1 message is on its way" in words(reader.get(URL))


def test_an_export_is_a_file_and_stands_in_the_trail(reader):
    sent(reader.member)
    response = reader.client.post(reverse("groups:number_export"), {"number": NUMBER})
    assert "attachment" in response["Content-Disposition"]
    assert len(json.loads(response.content)["messages"]) == 1
    entry = AuditEntry.objects.get(action="number.exported")
    assert NUMBER[1:] not in f"{entry.subject}{entry.details}"


@pytest.mark.parametrize("name", ["number", "number_export", "number_erase"])
@pytest.mark.parametrize("number", ["", "12", "letters", "1" * 16])
def test_what_is_no_number_is_explained(reader, name, number):
    response = reader.post(reverse(f"groups:{name}"), number=number)
    assert sound(response).select(".invalid-feedback, .is-invalid")
    assert not NumberErasure.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SENDER])
def test_others_may_not(role):
    reader = Reader(make_sender(role))
    for name in ("number", "number_export", "number_erase"):
        assert reader.post(reverse(f"groups:{name}"), number=NUMBER).status_code == 403


def test_an_erased_number_is_taken_off_the_list_by_who_knows_it(reader):
    organization = reader.member.organization
    Suppression.objects.create(organization=organization, msisdn=NUMBER)
    reader.post(reverse("groups:number_erase"), number=NUMBER)
    page = reader.get(reverse("groups:suppressions"))
    assert [cell.text for cell in page.select("th.msisdn")] == ["Erased number"]
    assert not page.select("td form")
    found = reader.search(reverse("groups:suppressions"), q=NUMBER)
    reader.post(found.select_one("td form")["action"])
    assert not Suppression.objects.exists()
