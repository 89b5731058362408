"""By template, signature, person, error and delivery time, and beside the period before."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.delivery.counters import day_tallies
from sending.lifecycle import MessageState, TaskState
from sending.models import ApiMessage, DayTally
from sending.models.stepping import step
from sending.reports import breakdown
from sending.reports.comparison import difference_in_words
from sending.tests.factories import (
    PLAIN_BODY,
    a_number,
    make_messages,
    make_sender,
    make_task,
    move,
)
from sending.tests.program_factories import make_program_messages
from sending.tests.reports.rows import count, figure, table
from sending.tests.send_tasks.reader import Reader, words
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
URL, STATISTICS = reverse("reports:breakdown"), reverse("reports:statistics")


def test_it_says_who_sent_what_and_leads_to_the_tasks(member):
    colleague = make_member(Role.SENDER, member.organization)
    sale = approved_template(member.organization, PLAIN_BODY, name="Sale").approved
    numbers = [a_number(n) for n in range(4)]
    first = make_task(member, TaskState.SENDING, numbers=numbers, template_version=sale)
    make_task(colleague, TaskState.SENDING, numbers=numbers[:2], template_version=sale)
    make_task(make_sender(), TaskState.SENDING, numbers=numbers)
    move(make_messages(first)[:3], MessageState.DELIVERED)

    page = Reader(member).get(URL, days=7)

    assert [row[:5] for row in table(page, "By text template")[1:]] == [
        ["Sale", "6", "3", "3", "100.0 %"]
    ]
    people = table(page, "By person")[1:]
    assert [row[:3] for row in people] == [
        [str(member.user), "4", "3"],
        [str(colleague.user), "2", "0"],
    ]
    link = page.main.find("a", string=lambda text: text and str(colleague.user) in text)
    listed = Reader(member).get(reverse("send_tasks:list") + link["href"].split("/tasks/")[1])
    assert len(listed.select("tbody tr")) == 1


def test_more_tasks_than_are_added_up_are_told(member, monkeypatch):
    monkeypatch.setattr(breakdown, "MOST_TASKS", 1)
    for n in range(2):
        make_task(member, TaskState.SENDING, numbers=[a_number(n)])
    page = Reader(member).get(URL)
    assert "This period has more tasks" in words(page)
    assert [row[1] for row in table(page, "By person")[1:]] == ["1"]


def test_errors_have_a_meaning_of_tasks_and_programs_alike(member):
    task = make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(3)])
    move(make_messages(task)[:2], MessageState.UNDELIVERABLE, code="001")
    move(make_program_messages(member.organization, [a_number(9)]), MessageState.BLOCKED)
    reader = Reader(member)
    rows = table(reader.get(URL), "By error")[1:]
    assert [row[:3] for row in rows] == [["001", "2", "66.7 %"], ["No code", "1", "33.3 %"]]
    assert rows[0][3]
    assert "No message failed" in words(reader.get(URL, country="GB"))


def test_half_and_95_of_100_are_told_of_those_delivered(member):
    task = make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(20)])
    messages = make_messages(task)
    move(messages, MessageState.SUBMITTED)
    for n, message in enumerate(messages):
        delays = {message.pk: 400.0 if n > 17 else 4.0}
        step(MessageState.DELIVERED, [message.pk], delays=delays)
    page = Reader(member).get(URL)
    assert figure(page, "Half") == "about 4 s or less, for half of the messages"
    assert figure(page, "Nearly all").startswith("about 7 min")
    assert figure(page, "Messages").startswith("20")


def test_compaction_keeps_every_sum(member):
    task = make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(60)])
    for message in make_messages(task):
        move([message], MessageState.UNDELIVERABLE, code="001")
    before = DayTally.objects.by_subject()
    assert DayTally.objects.count() == 60
    assert day_tallies.compact() == 59
    assert DayTally.objects.by_subject() == before == {"001": 60}
    assert day_tallies.compact() == 0


def test_a_period_is_compared_with_the_one_before(reader):
    organization = reader.member.organization
    count(organization, 2026112009, DELIVERED=90, UNDELIVERABLE=10)
    count(organization, 2026111209, task=2, DELIVERED=50)
    page = reader.get(STATISTICS, days=7)
    rows = {row[0]: row[1:] for row in table(page, "Compared with the 7 days before")}
    assert rows["Messages"] == ["100", "50", "50 more (+100.0 %)"]
    assert rows["Failed"] == ["10", "0", "10 more; none before"]
    assert "90.0 %, 10.0 points lower than 100.0 % before" in words(page)
    assert "Compared with" not in words(
        reader.get(STATISTICS, first="2026-11-12", last="2026-11-12")
    )


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (5, 5, "the same"),
        (0, 4, "4 less (−100.0 %)"),
        (1200, 1000, "200 more (+20.0 %)"),
    ],
)
def test_a_difference_in_words(now, before, said):
    assert difference_in_words(now, before) == said


def test_conversion_is_shown_where_programs_report_it(member):
    sent = make_program_messages(member.organization, [a_number(n) for n in range(4)])
    move(sent, MessageState.DELIVERED)
    reader = Reader(member)
    assert "Conversion" not in words(reader.get(reverse("reports:programs")))
    ApiMessage.objects.filter(pk=sent[0].pk).update(converted_at=timezone.now())
    page = reader.get(reverse("reports:programs"))
    assert figure(page, "Converted") == "1 25.0 % of those delivered"


def test_a_new_time_zone_keeps_today_in_the_statistics(reader):
    organization = reader.member.organization
    count(organization, 2026112009, DELIVERED=3)
    organization.move_to("America/Los_Angeles", timezone.now())
    organization.save()
    assert figure(reader.get(STATISTICS, days=1), "Delivered, confirmed").startswith("3")
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        later = Reader(reader.member)
        assert figure(later.get(STATISTICS, days=7), "Delivered, confirmed").startswith("3")
