"""A task live: its figures are those of the counters, and what can be done says its effect."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Member
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending import tasks
from sending.lifecycle import MessageState, TaskState
from sending.models import SendTask, TaskEvent
from sending.send_tasks.queries.tasks import pace
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db
NUMBERS = [a_number(n) for n in range(8)] + [a_number(n, "GB") for n in range(4)]


@pytest.fixture(autouse=True)
def quiet(monkeypatch) -> list[dict]:
    """Keep Celery out, and remember what it was asked."""
    asked: list[dict] = []
    monkeypatch.setattr(tasks.submit, "delay", lambda: asked.append({}))
    monkeypatch.setattr(tasks.cancel, "delay", lambda **ids: asked.append(ids))
    cache.clear()
    return asked


def url(task: SendTask, name: str = "detail") -> str:
    return reverse(f"send_tasks:{name}", args=[task.pk])


def sending(member: Member) -> SendTask:
    """A task of 12 messages: 3 delivered, 2 undeliverable, 1 in doubt, 2 submitted, 4 queued."""
    task = make_task(member, TaskState.SENDING, numbers=NUMBERS, sent_by=member.user)
    messages = make_messages(task)
    move(messages[:3], MessageState.DELIVERED)
    move(messages[3:5], MessageState.UNDELIVERABLE, code="001")
    move(messages[5:6], MessageState.IN_DOUBT)
    move(messages[8:10], MessageState.SUBMITTED)
    return task


def stat(page: BeautifulSoup, name: str) -> str:
    for term in page.select(".stats dt"):
        if term.text == name:
            return next(term.find_next("dd").stripped_strings)
    raise AssertionError(name)


def test_every_figure_is_that_of_the_counters():
    member = make_sender()
    task = sending(member)
    page = Reader(member).get(url(task))
    assert stat(page, "Handed to gateways") == "7"
    assert stat(page, "Delivered, confirmed") == "3"
    assert stat(page, "Failed") == "2"
    table = page.select_one("section[aria-labelledby=st-h] table")
    rows = {tr.th.text.strip(): tr.select_one(".num").text.strip() for tr in table.select("tr")[1:]}
    assert rows == {
        "Delivered": "3",
        "Submitted": "2",
        "Queued": "4",
        "Undeliverable": "2",
        "In doubt": "1",
        "Total": "12",
    }
    assert "1 message is in doubt" in words(page)
    countries = [" ".join(tr.get_text(" ").split()) for tr in page.select("aside table tbody tr")]
    assert countries == ["Hong Kong 5 60.0 %", "United Kingdom 2 0.0 %"]


def test_no_message_is_counted():
    member = make_sender()
    task = sending(member)
    reader = Reader(member)
    with CaptureQueriesContext(connection) as queries:
        reader.get(url(task))
    asked = [query["sql"] for query in queries if '"sending_message"' in query["sql"]]
    assert asked == []


def test_it_renews_itself_while_something_may_change():
    member = make_sender()
    task = sending(member)
    reader = Reader(member)
    assert reader.get(url(task)).select_one("#live")["hx-trigger"] == "every 2s"
    done = make_task(member, TaskState.SENDING, numbers=NUMBERS[:2])
    move(make_messages(done), MessageState.DELIVERED)
    assert reader.get(url(done)).select_one("#live").has_attr("hx-trigger"), "still sending"
    over = make_task(member, TaskState.FINISHED, numbers=NUMBERS[:2])
    move(make_messages(over), MessageState.DELIVERED)
    page = reader.get(url(over))
    assert not page.select_one("#live").has_attr("hx-trigger")
    assert "Nothing is left to submit" in words(page)


def test_a_finished_task_waits_for_receipts_for_a_while():
    member = make_sender()
    task = make_task(member, TaskState.FINISHED, numbers=NUMBERS[:2])
    move(make_messages(task), MessageState.SUBMITTED)
    reader = Reader(member)
    page = reader.get(url(task))
    assert page.select_one("#live").has_attr("hx-trigger")
    assert "2 messages wait for their receipts" in words(page)
    SendTask.objects.filter(pk=task.pk).update(finished_at=timezone.now() - timedelta(hours=2))
    assert not reader.get(url(task)).select_one("#live").has_attr("hx-trigger")


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (TaskState.SENDING, ["pause", "cancel"]),
        (TaskState.PAUSED, ["resume", "cancel"]),
        (TaskState.FINISHED, []),
    ],
)
def test_it_offers_what_can_be_done(state: TaskState, buttons: list[str]):
    member = make_sender()
    task = make_task(member, state, numbers=NUMBERS)
    page = Reader(member).get(url(task))
    assert [name for name in ("pause", "resume", "cancel") if page.find(id=name)] == buttons
    viewer = Reader(make_member(Role.VIEWER, member.organization)).get(url(task))
    assert not [name for name in ("pause", "resume", "cancel") if viewer.find(id=name)]


def test_pausing_and_resuming_are_done_once_and_written_down():
    member = make_sender()
    task = sending(member)
    reader = Reader(member)
    for name, state in (("pause", TaskState.PAUSED), ("resume", TaskState.SENDING)):
        reader.post(url(task, name))
        task.refresh_from_db()
        assert task.state == state
        page = reader.get(reader.post(url(task, name))["Location"])
        assert "so there is nothing to" in words(page)
    codes = list(TaskEvent.objects.filter(task=task).order_by("pk").values_list("code", flat=True))
    assert codes == ["paused", "resumed"]
    assert AuditEntry.objects.filter(action="send_task.paused", actor=member.user).count() == 1


def test_cancelling_says_its_effect_before(django_capture_on_commit_callbacks, quiet):
    member = make_sender()
    task = sending(member)
    reader = Reader(member)
    page = reader.get(url(task, "cancel"))
    assert "Cancel 4 queued messages" in words(page)
    assert "Already with gateways 7" in words(page)
    task.refresh_from_db()
    assert task.state == TaskState.SENDING
    with django_capture_on_commit_callbacks(execute=True):
        response = reader.post(url(task, "cancel"))
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert quiet == [{"task_id": task.pk}]
    assert "The task is cancelled" in words(reader.get(response["Location"]))
    assert "nothing to cancel" in words(reader.get(reader.post(url(task, "cancel"))["Location"]))


def test_an_unsent_task_is_thrown_away():
    member = make_sender()
    task = make_task(member, TaskState.READY, numbers=NUMBERS)
    reader = Reader(member)
    assert "12 checked recipients are discarded" in words(reader.get(url(task, "cancel")))
    reader.post(url(task, "cancel"))
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED


@pytest.mark.parametrize("state", [TaskState.CHECKING, TaskState.READY, TaskState.REJECTED])
def test_an_unsent_task_is_shown_by_its_check(state: TaskState):
    member = make_sender()
    task = make_task(member, state)
    response = Reader(member).client.get(url(task))
    assert response["Location"] == url(task, "check")


def test_the_history_tells_who_did_what():
    member = make_sender()
    task = sending(member)
    TaskEvent.objects.create(task=task, code="sent", params={"messages": 12_000}, actor=member.user)
    TaskEvent.objects.create(task=task, code="finished")
    TaskEvent.objects.create(task=task, code="never_heard_of", params={"x": 1})
    TaskEvent.objects.create(task=task, code="sent", params={"messages": 1}, actor=member.user)
    TaskEvent.objects.create(task=task, code="sent")
    lines = [li.get_text(" ", strip=True) for li in Reader(member).get(url(task)).select("ol li")]
    assert f"{member.user} pressed “Send 12,000 messages”" in lines[0]
    assert "Receipts may still arrive" in lines[1]
    assert "never_heard_of" in lines[2]
    assert "pressed “Send 1 message”" in lines[3]
    assert "pressed “Send … messages”" in lines[4], "its figure is not known"


def test_the_pace_is_what_was_handed_over_between_two_looks():
    task = make_task(state=TaskState.SENDING, numbers=NUMBERS)
    start = timezone.now()
    assert pace(task, 0, start) is None
    assert pace(task, 400, start + timedelta(seconds=2)) == pytest.approx(200)
    assert pace(task, 1_000, start + timedelta(seconds=10)) == pytest.approx(100)
    assert pace(task, 1_000, start + timedelta(minutes=5)) is None, "old looks are forgotten"


def test_the_end_is_estimated_from_the_pace():
    member = make_sender()
    task = sending(member)
    reader = Reader(member)
    with time_machine.travel(timezone.now(), tick=False):
        pace(task, 0, timezone.now() - timedelta(seconds=7))
        page = reader.get(url(task))
    assert stat(page, "Rate now") == "1"
    assert "estimated, in about 4 s" in words(page)


def test_it_hides_what_is_not_yours():
    task = sending(make_sender())
    reader = Reader(make_sender(Role.OWNER))
    reader.get(url(task), status=404)
    reader.get(url(task, "cancel"), status=404)
    for name in ("pause", "resume", "cancel"):
        assert reader.post(url(task, name)).status_code == 404
    task.refresh_from_db()
    assert task.state == TaskState.SENDING


def test_what_is_claimed_is_not_yet_with_a_gateway():
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=NUMBERS[:4])
    move(make_messages(task), MessageState.SUBMITTING)
    reader = Reader(member)
    page = reader.get(url(task))
    assert "Not yet with a gateway 100.0 %" in words(page)
    assert page.find(id="cancel").text.strip() == "Cancel the rest"
    assert "Being sent to the gateway now 4" in words(reader.get(url(task, "cancel")))
