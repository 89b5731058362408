"""The report of a task: the same figures on paper and in a workbook."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.lifecycle import MessageState, TaskState
from sending.models import Attention, TaskEvent
from sending.models.stepping import MessageChange, step
from sending.send_tasks.queries import report
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    """Nine messages that a gateway took, one of them rejected by the network; one it refused."""
    numbers = [*(a_number(n) for n in range(8)), a_number(8, "GB"), a_number(9, "GB")]
    task = make_task(make_sender(), TaskState.FINISHED, numbers=numbers)
    messages = make_messages(task)
    move(messages[:8], MessageState.DELIVERED)
    move(messages[8:9], MessageState.SUBMITTED)
    assert step(MessageState.REJECTED, [MessageChange(messages[8].pk, "027")])
    move(messages[9:], MessageState.REJECTED, code="ESME_RINVDSTADR")
    TaskEvent.objects.create(task=task, code="finished")
    return task


def test_the_page_has_all_figures(task):
    page = Reader(member_of(task)).get(reverse("send_tasks:report", args=[task.pk]))
    said = words(page)
    for sentence in (
        "Handed to gateways 9",
        "Delivered, confirmed 8",
        "Failed 2",
        "Validity 24 hours",
        "United Kingdom 2 1 0 2",
        "ESME_RINVDSTADR 1",
        "027 1",
    ):
        assert sentence in said, sentence


def member_of(task, role=Role.SENDER):
    return make_member(role, task.organization)


def test_the_workbook_has_a_summary_and_all_messages(task):
    url = reverse("send_tasks:report_xlsx", args=[task.pk])
    response = Reader(member_of(task, Role.VIEWER)).client.get(url)
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames == ["Summary", "Messages"]
    facts = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True) if row}
    assert facts["Task"] == task.name
    assert (facts["Handed over"], facts["Failed"], facts["Hong Kong"]) == (9, 2, 8)
    assert facts["027"] == 1
    rows = list(book["Messages"].iter_rows(values_only=True))
    assert len(rows) == 11
    assert "*" in rows[1][1]


def test_what_was_not_sent_has_a_check_and_no_report():
    task = make_task(make_sender(), TaskState.READY, numbers=[a_number(1)])
    for name in ("report", "report_xlsx"):
        url = reverse(f"send_tasks:{name}", args=[task.pk])
        assert Reader(member_of(task)).client.get(url).url.endswith("/check/")
    stranger = Reader(make_sender())
    stranger.get(reverse("send_tasks:report", args=[task.pk]), status=404)


def test_only_so_many_failures_are_read(task, monkeypatch):
    monkeypatch.setattr(report, "MOST_READ", 1)
    page = Reader(member_of(task)).get(reverse("send_tasks:report", args=[task.pk]))
    assert "It covers the first 1." in words(page)


def test_what_is_read_of_failures_are_the_first_of_all_states(task, monkeypatch):
    monkeypatch.setattr(report, "MOST_READ", 1)
    first = Attention.objects.filter(task_id=task.pk).order_by("message_id")[0]
    found = report.report_of(task)
    assert [(meaning.code, n) for meaning, n in found.codes] == [(first.code, 1)]
    assert found.has_more
