"""Send, with everything that can be chosen: the pages as people use them, without a script."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import make_member
from sending import tasks
from sending.acceptance import schedules
from sending.lifecycle import TaskState
from sending.models import BindSlot, Gateway, SendTask
from sending.tests.factories import (
    a_number,
    counted,
    make_gateway,
    make_prices,
    make_sender,
    make_task,
)
from sending.tests.send_tasks.reader import Reader, sound, words

pytestmark = pytest.mark.django_db
NUMBERS = [a_number(0), a_number(1), a_number(0, "GB")]
# Noon in London, three hours before New York opens.
NOW = datetime(2026, 3, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    monkeypatch.setattr(tasks.read_file, "delay", lambda: None)
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def member():
    return make_sender(time_zone="Europe/London", daily_segment_limit=100)


def ready(member, **fields) -> SendTask:
    return make_task(member, TaskState.READY, numbers=NUMBERS, **fields)


def url(name: str, task: SendTask) -> str:
    return reverse(f"send_tasks:{name}", args=[task.pk])


def form_of(page: BeautifulSoup) -> dict[str, str]:
    """What a browser sends with the button Send."""
    fields = page.select("#send input, [form=send]")
    data = {}
    for field in fields:
        if field.get("type") == "radio" and not field.has_attr("checked"):
            continue
        chosen = field.select_one("option[selected]")
        data[field["name"]] = chosen["value"] if chosen else field.get("value", "")
    return data


def press(reader: Reader, task: SendTask, **chosen: object):
    data = form_of(reader.get(url("check", task))) | chosen
    return reader.post(url("send", task), **data)


def later(day: str, time: str) -> dict[str, str]:
    return {"when": "later", "day": day, "time": time}


def test_nothing_chosen_is_sent_now(member):
    task = ready(member)
    press(Reader(member), task)
    task.refresh_from_db()
    assert (task.state, task.validity_minutes, task.pace) == (TaskState.SENDING, 1440, None)


def test_the_whole_journey_of_a_scheduled_task(member, clock):
    task, reader = ready(member), Reader(member)
    page = reader.get(url("check", task))
    assert "In your organization's time zone, Europe/London, UTC+0." in words(page)
    response = press(reader, task, **later("2026-03-30", "09:00"))
    assert response["Location"] == url("detail", task)
    page = reader.get(url("check", task))
    assert "Monday 30 March 2026, 09:00 (Europe/London, UTC+1)" in words(page)
    assert not page.select_one("form.commit")
    assert "for 30 Mar, 09:00" in words(reader.get(reverse("send_tasks:list")))
    reader.post(url("change_time", task), day="2026-03-31", time="08:15")
    task.refresh_from_db()
    assert task.scheduled_at == datetime(2026, 3, 31, 7, 15, tzinfo=UTC)
    clock.move_to(task.scheduled_at + timedelta(minutes=3))
    assert schedules.send_due() == [task]
    # A session does not live as long.
    page = Reader(member).get(url("detail", task))
    history = " ".join(page.select_one(".timeline").get_text(" ").split())
    assert "for 30 Mar 2026, 09:00 (UTC+1)" in history
    assert "to 31 Mar 2026, 08:15 (UTC+1)" in history
    assert "3 min late, because the console was not running: 3 messages" in history


@pytest.mark.parametrize(
    ("day", "time", "sentence"),
    [
        ("2026-03-27", "12:00", "This time has passed"),
        ("2026-03-26", "23:00", "This time has passed"),
        ("2026-03-29", "01:30", "01:30 is skipped. Choose 02:30"),
        ("2026-04-26", "13:01", "Choose a time before 26 Apr 2026, 13:00"),
        ("9999-12-31", "23:59", "Choose a time before"),
        ("", "09:00", "Choose a day"),
        ("2026-03-30", "", "Choose a time"),
        ("30.3.", "09:00", "Enter a day such as"),
        ("2026-03-30", "9 o'clock", "Enter a time such as"),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_nothing_is_lost(member, day, time, sentence):
    task = ready(member)
    response = press(Reader(member), task, validity="2880", **later(day, time))
    assert response.status_code == 200
    page = sound(response)
    assert sentence in words(page)
    assert form_of(page)["validity"] == "2880"
    assert form_of(page)["when"] == "later"
    task.refresh_from_db()
    assert (task.state, task.validity_minutes) == (TaskState.READY, 1440)


def test_a_time_that_comes_twice_is_the_first_and_said(member, clock):
    clock.move_to(datetime(2026, 10, 20, tzinfo=UTC))
    task, reader = ready(member), Reader(member)
    press(reader, task, **later("2026-10-25", "01:30"))
    assert "01:30 comes twice. It is sent the first time (UTC+1)." in words(
        reader.get(url("check", task))
    )
    task.refresh_from_db()
    assert task.scheduled_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_is_taken_back_sent_now_or_cancelled(member):
    reader = Reader(member)
    back, now, gone = (
        ready(member, name=name) for name in ("To take back", "To send now", "To cancel")
    )
    for task in (back, now, gone):
        press(reader, task, **later("2026-03-30", "09:00"))
    assert "no longer scheduled. Nothing was sent" in words(
        reader.get(_after(reader.post(url("take_back", back)), reader))
    )
    reader.post(url("send_now", now))
    assert "Nothing was sent. 3 checked recipients" in words(reader.get(url("cancel", gone)))
    reader.post(url("cancel", gone))
    for task, state in ((back, "READY"), (now, "SENDING"), (gone, "CANCELLED")):
        task.refresh_from_db()
        assert task.state == state
    for action in ("take_back", "send_now", "change_time"):
        reader.post(url(action, now), day="2026-03-30", time="09:00")
    assert "no longer scheduled" in words(reader.get(url("detail", now)))
    assert counted() == {"QUEUED": 3}


def _after(response, reader: Reader) -> str:
    """Where a redirect to a task that is not sent leads in the end."""
    return reader.client.get(response["Location"])["Location"]


def test_a_viewer_sees_the_time_and_may_not_touch_it(member):
    task = ready(member)
    press(Reader(member), task, **later("2026-03-30", "09:00"))
    viewer = Reader(make_member(Role.VIEWER, member.organization))
    page = viewer.get(url("check", task))
    assert "Monday 30 March 2026" in words(page)
    assert not page.main.select("form[method=post]")
    for action in ("send_now", "take_back", "change_time", "send_first"):
        assert viewer.post(url(action, task)).status_code == 403


def test_why_a_scheduled_task_came_back_is_on_its_pages_until_it_is_sent(member, clock):
    task, reader = ready(member), Reader(member)
    press(reader, task, **later("2026-03-30", "09:00"))
    make_prices()
    clock.move_to(datetime(2026, 3, 30, 8, 1, tzinfo=UTC))
    schedules.send_due()
    reader = Reader(member)
    for page in (reader.get(url("check", task)), reader.get(reverse("send_tasks:list"))):
        assert "The price list has changed since the check" in words(page)
    page = reader.get(url("check", task))
    assert "It was not sent at 09:00" in words(page)
    again = page.select_one("#price-changed form")
    reader.post(again["action"], again="yes")
    task.refresh_from_db()
    assert task.state == TaskState.CHECKING


def test_what_the_limits_leave_is_said_before_and_can_be_sent(member):
    task, reader = ready(member), Reader(member)
    type(member.organization).objects.update(daily_segment_limit=2)
    page = reader.get(url("check", task))
    said = " ".join(page.select_one("#foresight").get_text(" ").split())
    assert "needs 3 segments. Your organization has 2 of its 2 segments left today." in said
    assert "send the first 2 now: the last one stays in this task" in said
    assert form_of(page)["when"] == "later", "another day is what helps"
    assert form_of(page)["day"] == "2026-03-28"
    button = page.select_one("#send-first")
    response = reader.post(button["formaction"], **form_of(page), first=button["value"])
    sent = SendTask.objects.get(state="SENDING")
    assert response["Location"] == url("detail", sent)
    assert counted() == {"QUEUED": 2}
    page = reader.get(url("check", task))
    assert "These are the messages after row 3." in words(page)
    assert not page.find("a", string=lambda text: text and "Correct" in text)
    assert "None of it can be sent today" in words(page)
    assert not page.select_one("#send-first")
    press(reader, task, **later("2026-03-28", "09:00"))
    task.refresh_from_db()
    assert (task.state, task.accepted) == (TaskState.SCHEDULED, 1)


@pytest.mark.parametrize(
    ("chosen", "state", "said"),
    [
        ({"validity": "60"}, "SENDING", (60, None)),
        ({"pace_messages": "1", "pace_minutes": "10"}, "SENDING", (1440, (1, 10))),
        ({"validity": "61"}, "READY", "Select a valid choice"),
        ({"validity": "x"}, "READY", "Select a valid choice"),
        ({"pace_messages": "1"}, "READY", "Fill in both"),
        ({"pace_minutes": "1"}, "READY", "Fill in both"),
        ({"pace_messages": "0", "pace_minutes": "1"}, "READY", "greater than or equal to 1"),
        ({"pace_messages": "1", "pace_minutes": "99999"}, "READY", "less than or equal to"),
        (
            {"pace_messages": "1", "pace_minutes": "30", "validity": "60"},
            "READY",
            "go out after 1 hour, and their validity is 1 hour",
        ),
    ],
)
def test_validity_and_pace_are_bounded(member, chosen, state, said):
    task, reader = ready(member), Reader(member)
    response = press(reader, task, **chosen)
    task.refresh_from_db()
    assert task.state == state
    if state == "SENDING":
        assert (task.validity_minutes, task.pace) == said
        if task.pace:
            page = words(reader.get(url("detail", task)))
            assert "They go out in portions" in page
            assert "The next are due at 12:10 GMT . The last ones go out at 12:20 GMT ." in page
            assert "1 every 10 minutes" in page
    else:
        assert said in words(sound(response))


def test_a_text_with_a_time_bounds_the_validity_of_its_codes(member):
    from templates_app.models import SmsType
    from templates_app.tests.factories import approved_template

    template = approved_template(member.organization, "Code {1}, valid 10 min.", SmsType.OTP)
    task = make_task(
        member,
        numbers=NUMBERS[:1],
        values=[["1234"]],
        template_version=template.approved,
        lane="OTP",
        validity_minutes=10,
    )
    page = Reader(member).get(url("check", task))
    choices = [option["value"] for option in page.select("#id_validity option")]
    assert choices == ["1", "2", "3", "5", "10"]
    assert "A code is not sent once its text says that it has expired." in words(page)


def test_why_messages_wait_and_until_when(member, clock):
    gateway = make_gateway(name="hk-one")
    task = make_task(member, TaskState.SENDING, numbers=NUMBERS, gateway=gateway)
    reader = Reader(member)
    assert not reader.get(url("detail", task)).select_one("#waiting")
    clock.move_to(NOW + timedelta(minutes=5))
    assert "“hk-one” is not connected" in words(reader.get(url("detail", task)))
    Gateway.objects.update(mode="stopped")
    said = words(reader.get(url("detail", task)))
    assert "3 messages wait. The gateway “hk-one” is stopped" in said
    assert "Those still waiting at 28 Mar, 12:00 GMT expire and are not sent." in said
    Gateway.objects.update(mode="active")
    BindSlot.objects.create(
        gateway=gateway,
        number=1,
        owner="j",
        bound_at=NOW,
        lease_until=NOW + timedelta(hours=1),
    )
    assert not reader.get(url("detail", task)).select_one("#waiting"), "it is being sent"
    from sending.models import Batch

    Batch.objects.update(due_at=NOW + timedelta(minutes=20))
    said = words(reader.get(url("detail", task)))
    assert "refused them temporarily. They are tried again" in said
    assert "The next are due at 12:20 GMT ." in said
