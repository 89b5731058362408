"""Check: what goes, what does not and why, what it costs, any row as it arrives."""

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending import tasks
from sending.lifecycle import TaskState
from sending.models import Message, ProblemKind, SendTask
from sending.models.problem import PROBLEMS_A_PAGE
from sending.models.stepping import step_task
from sending.tests.factories import (
    a_number,
    make_problem,
    make_sender,
    make_task,
    make_upload,
)
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db
NUMBERS = [a_number(0), a_number(1), a_number(0, "GB")]


def url(task: SendTask) -> str:
    return reverse("send_tasks:check", args=[task.pk])


def ready(member: Member, **fields: Any) -> SendTask:
    return make_task(member, TaskState.READY, numbers=NUMBERS, **fields)


def with_figures(task: SendTask, **fields: Any) -> SendTask:
    SendTask.objects.filter(pk=task.pk).update(**fields)
    task.refresh_from_db()
    return task


def rows_of(page: BeautifulSoup) -> list[int]:
    return [int(cell.text) for cell in page.select("#problems .row-no")]


def test_while_it_checks_it_shows_progress_and_asks_again():
    member = make_sender()
    task = make_task(member, TaskState.CHECKING)
    with_figures(
        task, rows_read=5_000, accepted=4_900, refused=100, facts={"expected_rows": 20_000}
    )
    page = Reader(member).get(url(task))
    assert page.select_one("#check")["hx-trigger"] == "every 1s"
    assert "5,000" in words(page)
    assert "of about 20,000" in words(page)
    assert page.select_one(f"form[action='{reverse('send_tasks:cancel', args=[task.pk])}']")
    assert not page.select_one("form.commit")


def test_the_check_can_be_cancelled():
    member = make_sender()
    task = make_task(member, TaskState.CHECKING)
    reader = Reader(member)
    response = reader.post(reverse("send_tasks:cancel", args=[task.pk]))
    assert response.status_code == 302
    assert "cancelled before anything was sent" in words(reader.get(url(task)))


def test_a_refused_file_says_why_and_what_to_do():
    member = make_sender()
    task = make_task(member, TaskState.CHECKING, source="UPLOAD", upload=make_upload(member))
    step_task(
        TaskState.REJECTED,
        task.pk,
        failure_code="VARIABLE_COLUMN_MISSING",
        failure_params={"needed": 3, "found": 2, "missing": [3], "headings": ["mobile"]},
    )
    page = Reader(member).get(url(task))
    assert "needs 3 variables. The sheet has 2" in words(page)
    assert "VARIABLE_COLUMN_MISSING" in words(page)
    assert page.find("a", href=f"{reverse('send_tasks:compose')}?like={task.pk}")
    assert not page.select_one("form.commit")


def test_it_shows_every_figure_and_one_button_with_the_number():
    member = make_sender()
    task = with_figures(ready(member), refused=2, duplicates=1, rows_read=6)
    page = Reader(member).get(url(task))
    shown = dict.fromkeys(["Rows read", "Will be sent", "Refused", "Duplicates", "Segments"])
    for name in page.select(".stats dt"):
        if name.text.strip() in shown:
            shown[name.text.strip()] = next(name.find_next("dd").stripped_strings)
    assert list(shown.values()) == ["6", "3", "2", "1", "3"]
    assert "USD 0.1355" in words(page).replace("\xa0", " ")
    buttons = [button.text.strip() for button in page.select("button.btn-primary")]
    assert buttons == ["Send 3 messages"]
    table = page.select_one("section[aria-labelledby=cost-h] table")
    assert [th.text for th in table.select("tbody th")] == ["Hong Kong", "United Kingdom"]
    assert "3 rows are left out" in words(page)


def test_without_an_accepted_row_there_is_a_reason_and_no_button():
    member = make_sender()
    task = make_task(member, TaskState.READY)
    make_problem(task)
    page = Reader(member).get(url(with_figures(task, refused=1)))
    assert "Nothing can be sent" in words(page)
    assert not page.select("button.btn-primary")


def test_who_may_only_look_gets_no_button():
    member = make_sender()
    task = ready(member)
    viewer = make_member(Role.VIEWER, member.organization)
    page = Reader(viewer).get(url(task))
    assert not page.select("main button.btn-primary")
    assert "You can view this task" in words(page)


def test_the_first_row_is_shown_as_its_handset_shows_it():
    member = make_sender()
    task = make_task(
        member, TaskState.READY, numbers=NUMBERS, values=[["1111", "5"], ["2222", "5"], ["3", "9"]]
    )
    reader = Reader(member)
    bubble = reader.get(url(task)).select_one("#row .bubble")
    assert bubble.text == "Your verification code is 1111 (valid for 5 minutes)."
    page = reader.get(url(task), row=4)
    assert page.select_one("#row .bubble").text.startswith("Your verification code is 3 ")
    assert "+44 7400 123000" in words(page)
    links = [link["href"] for link in page.select("#row form a")]
    assert links == ["?row=3#row"]


def test_segments_and_costly_characters_are_marked():
    member = make_sender()
    task = make_task(
        member, TaskState.READY, numbers=NUMBERS[:1], values=[["4821", "5–10" + " minutes" * 4]]
    )
    page = Reader(member).get(url(task))
    assert page.select_one("#row mark.costs").text == "–"
    assert page.select_one("#row .seg-cut").contents[0] == "2"
    assert "2 segments, UCS-2" in page.select_one("#row figcaption").text


@pytest.mark.parametrize("row", ["17", "999", "-1", "x", "9" * 30])
def test_a_row_that_is_not_sent_says_so(row: str):
    member = make_sender()
    task = ready(member)
    make_problem(task, 17)
    page = Reader(member).get(url(with_figures(task, refused=1)), row=row)
    text = words(page)
    assert {"17": "Row 17 is not sent.", "999": "no recipient in row 999"}.get(
        row, "What row 2 receives"
    ) in text


def test_problems_come_page_by_page_each_once():
    member = make_sender()
    task = ready(member)
    count = PROBLEMS_A_PAGE * 2 + 3
    for row in range(count):
        # Two problems may stand on one row.
        make_problem(task, 100 + row // 2)
    with_figures(task, refused=count)
    reader = Reader(member)
    seen: list[int] = []
    href = url(task)
    while href:
        page = reader.get(href)
        seen += rows_of(page)
        following = next((a for a in page.select(".table-foot a") if "Next" in a.text), None)
        href = url(task) + following["href"].split("#")[0] if following else ""
    assert seen == [100 + row // 2 for row in range(count)]


def test_a_tab_shows_the_problems_of_one_code():
    member = make_sender()
    task = ready(member)
    make_problem(task, 17)
    make_problem(task, 18, code="MSISDN_MAINLAND", value="8613800138000")
    make_problem(task, 19, code="DUPLICATE", kind=ProblemKind.DUPLICATE, params={"first": 2})
    codes = {"MSISDN_INVALID": 1, "MSISDN_MAINLAND": 1, "DUPLICATE": 1}
    with_figures(task, refused=2, duplicates=1, facts={"problem_codes": codes})
    reader = Reader(member)
    page = reader.get(url(task))
    assert "3 rows are not sent" in words(page)
    assert "2 reasons" in words(page)
    assert rows_of(page) == [17, 18, 19]
    tabs = [" ".join(tab.text.split()) for tab in page.select(".tabs a")]
    assert tabs == ["All 3", "Duplicate 1", "Not a number 1", "Chinese mainland 1"]
    page = reader.get(url(task), code="MSISDN_MAINLAND")
    assert rows_of(page) == [18]
    assert "Global SMS only sends to numbers outside it" in words(page)
    assert rows_of(reader.get(url(task), code="NO_SUCH'\"<")) == []


def test_a_check_that_waits_for_its_turn_says_so():
    member = make_sender()
    task = make_task(member, TaskState.CHECKING)
    waits = "One file of your organization is read at a time"
    assert waits in words(Reader(member).get(url(task)))
    SendTask.objects.filter(pk=task.pk).update(check_beat_at=timezone.now())
    assert waits not in words(Reader(member).get(url(task)))


def test_the_page_says_how_many_rows_are_only_counted():
    member = make_sender()
    task = ready(member)
    make_problem(task, 17)
    facts = {"problem_codes": {"MSISDN_INVALID": 12_346}, "problems_left_out": 12_345}
    with_figures(task, refused=12_346, facts=facts)
    page = Reader(member).get(url(task))
    assert "12,345 more rows with these problems were counted" in words(page)
    page = Reader(member).get(url(task), row=99)
    assert "Row 99 is not sent, or there is no recipient in it." in words(page)


@pytest.mark.parametrize("after", ["x", "1.x", "..", "99999999999999999999.1", "-1.-1"])
def test_a_cursor_that_makes_no_sense_is_no_cursor(after: str):
    member = make_sender()
    task = ready(member)
    make_problem(task, 17)
    page = Reader(member).get(url(with_figures(task, refused=1)), after=after)
    assert rows_of(page) == [17]


def test_what_people_wrote_is_shown_as_text():
    member = make_sender()
    task = ready(member, name="<b>bold</b>")
    make_problem(task, value="<script>alert(1)</script>")
    page = Reader(member).get(url(with_figures(task, refused=1)))
    assert page.select_one(".cell-bad").text.strip() == "<script>alert(1)</script>"
    assert "<b>bold</b>" in page.h1.text


def test_refused_rows_download_with_their_columns_and_the_reason():
    member = make_sender()
    task = ready(member)
    make_problem(task, 17, value="=1+2", cells=["=1+2", "1234"])
    with_figures(task, refused=1, facts={"headings": ["mobile", "variable 1", "notes"]})
    response = Reader(member).client.get(reverse("send_tasks:problems", args=[task.pk]))
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    headings, row = csv.reader(io.StringIO(content))
    assert headings[:5] == ["mobile", "variable 1", "notes", "Row", "Cell"]
    assert row[:6] == ["'=1+2", "1234", "", "17", "A17", "MSISDN_INVALID"]
    assert "not a valid mobile number" in row[6]


def test_costly_characters_are_shown_with_what_replacing_them_saves():
    member = make_sender()
    task = ready(member, source="UPLOAD", upload=make_upload(member))
    with_figures(task, facts={"costly": {"–": [38, 38]}, "multi_segment_rows": 1_038})
    page = Reader(member).get(url(task))
    assert "1,038 rows need several" in words(page)
    assert "38 messages" in page.select_one("#costly").text
    assert "save at least 38 segments" in " ".join(page.select_one("#costly").text.split())
    assert page.select_one("#costly button[name=replace]")


def test_letters_in_parts_are_shown_with_what_joining_them_saves():
    member = make_sender()
    task = ready(member, source="UPLOAD", upload=make_upload(member))
    with_figures(task, facts={"in_parts": [12, 24]})
    page = Reader(member).get(url(task))
    shown = " ".join(page.select_one("#in-parts").text.split())
    assert "12 messages longer than necessary" in shown
    assert "save 24 segments" in shown
    assert page.select_one("#in-parts button[name=replace]")
    with_figures(task, facts={"in_parts": [0, 0]})
    assert not Reader(member).get(url(task)).select_one("#in-parts")


def test_reading_again_checks_from_the_start(django_capture_on_commit_callbacks, monkeypatch):
    member = make_sender()
    task = ready(member, source="UPLOAD", upload=make_upload(member))
    with_figures(task, facts={"sheets": ["Codes", "Old"], "sheet": "Codes"})
    asked = []
    monkeypatch.setattr(tasks.read_file, "delay", lambda: asked.append(True))
    reader = Reader(member)
    assert reader.get(url(task)).select_one("select[name=sheet]")
    again = reverse("send_tasks:read_again", args=[task.pk])
    with django_capture_on_commit_callbacks(execute=True):
        reader.post(again, sheet="Old", replace="yes")
    task.refresh_from_db()
    assert task.state == TaskState.CHECKING
    assert task.upload.reading == {"sheet": "Old", "replace": True}
    assert asked == [True]
    # It is being checked already.
    reader.post(again, sheet="Codes")
    task.upload.refresh_from_db()
    assert task.upload.reading["sheet"] == "Old"


def test_a_sheet_that_is_not_there_is_not_asked_for():
    member = make_sender()
    task = ready(member, source="UPLOAD", upload=make_upload(member))
    with_figures(task, facts={"sheets": ["Codes", "Old"]})
    Reader(member).post(reverse("send_tasks:read_again", args=[task.pk]), sheet="Other")
    task.refresh_from_db()
    assert task.upload.reading == {}


def test_it_says_when_the_day_has_too_few_segments_left():
    member = make_sender(daily_segment_limit=2)
    page = Reader(member).get(url(ready(member)))
    assert "2 segments left today, and this task needs 3" in words(page)


def test_a_sent_task_keeps_its_check_and_has_no_button():
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=NUMBERS)
    page = Reader(member).get(url(task))
    assert page.find("a", href=reverse("send_tasks:detail", args=[task.pk]))
    assert not page.select("form.commit")


def test_it_hides_what_is_not_yours():
    task = ready(make_sender())
    reader = Reader(make_sender(Role.OWNER))
    reader.get(url(task), status=404)
    reader.get(reverse("send_tasks:problems", args=[task.pk]), status=404)
    for name in ("read_again", "send", "cancel", "pause", "resume"):
        assert reader.post(reverse(f"send_tasks:{name}", args=[task.pk])).status_code == 404
    task.refresh_from_db()
    assert task.state == TaskState.READY


def test_large_numbers_are_grouped_for_people_and_plain_in_addresses():
    member = make_sender()
    task = ready(member, pk=1_234_567, source="UPLOAD", upload=make_upload(member))
    Message.objects.filter(task_id=task.pk).update(row=F("row") + 5_000)
    with_figures(task, accepted=6_000)
    reader = Reader(member)
    page = reader.get(url(task), row=5_003)
    assert page.select_one("form.commit input[name=messages]")["value"] == "6000"
    assert [a["href"] for a in page.select("#row form a")] == ["?row=5002#row", "?row=5004#row"]
    assert page.select_one("#id_row")["value"] == "5003"
    assert "What row 5,003 receives" in words(page)
    again = f"{reverse('send_tasks:compose')}?like=1234567"
    assert page.find("a", href=again)
    assert reader.get(again).select_one("input[name=corrects]")["value"] == "1234567"


@pytest.mark.parametrize(
    ("duplicates", "said"),
    [("first", "Each number gets one code"), ("none", "None of these rows is sent.")],
)
def test_rows_with_different_codes_are_named(duplicates, said):
    member = make_sender()
    upload = make_upload(member)
    upload.reading = {"duplicates": duplicates}
    upload.save()
    task = ready(member, source="UPLOAD", upload=upload)
    facts = task.facts | {"differing": {"numbers": 2, "rows": [[2, 4], [7, 9]]}}
    notice = Reader(member).get(url(with_figures(task, facts=facts))).select_one("#codes-differ")
    text = " ".join(notice.get_text(" ").split())
    assert "2 numbers have several rows with different codes." in text
    assert said in text
    assert "Rows 2 and 4 Rows 7 and 9" in text
