"""The list of tasks: newest first, page by page, each with how far it is."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.lifecycle import MessageState, TaskState
from sending.models import SendTask
from sending.send_tasks.queries import task_list
from sending.send_tasks.queries.task_list import TASKS_A_PAGE
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


def test_it_finds_tasks_by_what_they_are():
    member = make_sender(time_zone="Asia/Kolkata")
    colleague = make_member(Role.SENDER, member.organization)
    common = {"numbers": [a_number(1)]}
    mine = make_task(member, TaskState.SENDING, name="Spring sale", **common)
    theirs = make_task(colleague, TaskState.SENDING, name="Autumn sale", **common)
    waits = make_task(member, TaskState.READY, name="Not yet", source="GROUP", **common)
    SendTask.objects.filter(pk=theirs.pk).update(accepted_hour=2026010523)
    reader = Reader(member)
    template = mine.text_template_version.text_template_id
    for asked, found in {
        ("state", "READY"): [waits],
        ("template", template): [mine],
        ("person", colleague.user_id): [theirs],
        ("person", member.user_id): [waits, mine],
        ("source", "GROUP"): [waits],
        ("name", "SALE"): [theirs, mine],
        ("last", "2026-01-05"): [theirs],
        ("first", "2026-01-06"): [mine],
        ("application", mine.application_id): [waits, theirs, mine],
        ("application", "9" * 30): [waits, theirs, mine],
        ("first", "whenever"): [waits, theirs, mine],
    }.items():
        page = reader.get(URL, **dict([asked]))
        assert names(page) == [task.name for task in found], asked


def test_tasks_of_who_left_are_found_and_of_strangers_not():
    member = make_sender()
    colleague = make_member(Role.SENDER, member.organization)
    theirs = make_task(colleague, TaskState.SENDING, numbers=[a_number(1)])
    make_task(member, TaskState.SENDING, numbers=[a_number(2)])
    stranger = make_sender()
    make_task(stranger, TaskState.SENDING, numbers=[a_number(3)])
    colleague.delete()
    reader = Reader(member)
    assert names(reader.get(URL, person=colleague.user_id)) == [theirs.name]
    page = reader.get(URL, person=stranger.user_id)
    assert str(stranger.user) not in page.main.text


def test_a_name_stands_in_the_address_and_a_number_never_does():
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=[a_number(7)], name="Spring sale")
    make_task(member, TaskState.SENDING, numbers=[a_number(8)])
    reader = Reader(member)
    response = reader.client.post(URL, {"q": "spring", "state": "SENDING"})
    assert response.url == f"{URL}?state=SENDING&name=spring"
    assert names(reader.get(response.url)) == [task.name]
    for written in (a_number(7), "852 5123 0007"):
        response = reader.client.post(URL, {"q": written})
        assert "0007" not in response.url
        assert names(reader.get(response.url)) == [task.name]
    viewer = Reader(make_member(Role.VIEWER, member.organization))
    response = viewer.client.post(URL, {"q": a_number(7)})
    assert names(viewer.get(response.url)) == []


def test_a_filter_looks_through_a_stretch_at_a_time(monkeypatch):
    monkeypatch.setattr(task_list, "LOOKED_THROUGH", 2)
    member = make_sender()
    oldest = make_task(member, TaskState.READY, name="The first", numbers=[a_number(1)])
    for _n in range(5):
        make_task(member, TaskState.DRAFT)
    reader = Reader(member)
    page, pages = reader.get(URL, state="READY"), 1
    while not names(page):
        page = reader.get(URL + page.select(".table-foot a")[-1]["href"])
        pages += 1
    assert (names(page), pages) == ([oldest.name], 3)


def test_a_number_of_tasks_is_all_there_are_or_says_so():
    member = make_sender()
    for _n in range(TASKS_A_PAGE):
        make_task(member, TaskState.DRAFT)
    assert f"{TASKS_A_PAGE} tasks" in Reader(member).get(URL).select_one(".table-foot").text
    make_task(member, TaskState.DRAFT)
    assert "tasks on this page" in Reader(member).get(URL).select_one(".table-foot").text
