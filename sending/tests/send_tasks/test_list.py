"""The list of tasks: newest first, page by page, each with how far it is."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from sending.lifecycle import MessageState, TaskState
from sending.send_tasks.queries.tasks import TASKS_A_PAGE
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db
URL = reverse("send_tasks:list")


def names(page) -> list[str]:
    return [link.text for link in page.select("tbody th a")]


def test_an_empty_list_explains_itself():
    page = Reader(make_sender()).get(URL)
    assert "Nothing has been sent yet" in words(page)
    assert page.find("a", href=reverse("send_tasks:compose"))
    viewer = Reader(make_sender(Role.VIEWER)).get(URL)
    assert not viewer.main.find("a", href=reverse("send_tasks:compose"))


def test_it_shows_states_and_progress():
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(4)])
    move(make_messages(task)[:2], MessageState.DELIVERED)
    make_task(member, TaskState.READY, numbers=[a_number(1)])
    page = Reader(member).get(URL)
    rows = [tr.get_text(" ", strip=True) for tr in page.select("tbody tr")]
    assert "Ready to send 1" in rows[0]
    assert "Sending 4 2 0" in rows[1]
    assert page.select_one("svg.bar")["aria-label"] == "2 of 4 handed over"


def test_it_pages_without_counting():
    member = make_sender()
    made = [make_task(member, TaskState.DRAFT).name for _ in range(TASKS_A_PAGE + 3)]
    reader = Reader(member)
    first = reader.get(URL)
    older = next(link["href"] for link in first.select(".table-foot a"))
    second = reader.get(URL + older)
    assert names(first) + names(second) == made[::-1]
    assert [link.text for link in second.select(".table-foot a")] == ["First page"]
    assert names(reader.get(URL + second.select_one(".table-foot a")["href"])) == names(first)


def test_it_shows_the_tasks_of_one_state():
    member = make_sender()
    make_task(member, TaskState.DRAFT)
    paused = make_task(member, TaskState.PAUSED, numbers=[a_number(1)])
    reader = Reader(member)
    assert names(reader.get(URL, state="PAUSED")) == [paused.name]
    assert "No tasks match" in words(reader.get(URL, state="FINISHED"))
    assert len(names(reader.get(URL, state="no such", after="x"))) == 2


def test_it_hides_what_is_not_yours():
    theirs = make_task(make_sender(), TaskState.SENDING, numbers=[a_number(1)])
    page = Reader(make_sender()).get(URL)
    assert theirs.name not in page.text
