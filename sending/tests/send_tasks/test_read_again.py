"""Reading a stored file in another way: sheet, encoding, delimiter, columns, replacements."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending import tasks
from sending.intake.task_check import check_task
from sending.lifecycle import TaskState
from sending.models import Message, RecipientSource, SendTask
from sending.tests.factories import CODE_BODY, make_gateway, make_sender, make_task, make_upload
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

CSV = b"wann;wer;kode\n5;85251230001;4821\n9;85251230002;1177\n"


@pytest.fixture(autouse=True)
def checked_by_hand(monkeypatch):
    """No worker is woken up: the tests check when they want."""
    monkeypatch.setattr(tasks.read_file, "delay", lambda: None)


def uploaded(member: Member, content: bytes = CSV, name: str = "codes.csv") -> SendTask:
    """A task whose file was checked as the product checks it."""
    template = approved_template(member.organization, CODE_BODY, SmsType.OTP)
    task = make_task(
        member,
        TaskState.CHECKING,
        source=RecipientSource.UPLOAD.value,
        upload=make_upload(member, content, name),
        template_version=template.approved,
    )
    return checked(task)


def checked(task: SendTask) -> SendTask:
    make_gateway()
    check_task(task.pk)
    task.refresh_from_db()
    return task


def ask(reader: Reader, task: SendTask, **data: Any):
    return reader.post(reverse("send_tasks:read_again", args=[task.pk]), **data)


def check_url(task: SendTask) -> str:
    return reverse("send_tasks:check", args=[task.pk])


@pytest.mark.django_db(transaction=True)
def test_columns_of_a_refused_file_are_chosen_by_hand():
    member = make_sender()
    refused = uploaded(member)
    assert refused.failure_code == "NO_NUMBER_COLUMN"
    reader = Reader(member)
    page = reader.get(check_url(refused))
    options = [option.text for option in page.select("select[name=number] option")]
    assert options == ["Found by its heading", "A: wann", "B: wer", "C: kode"]
    assert [td.text for td in page.select("#reading tbody tr:nth-of-type(2) td")] == [
        "5",
        "85251230001",
        "4821",
    ]
    ask(reader, refused, number="1", variable_1="2", variable_2="0")
    task = checked(SendTask.objects.exclude(pk=refused.pk).get())
    assert (task.state, task.accepted, task.name) == (TaskState.READY, 2, refused.name)
    assert "Your verification code is 4821 (valid for 5 minutes)." in words(
        reader.get(check_url(task))
    )
    refused.refresh_from_db()
    assert refused.state == TaskState.REJECTED


@pytest.mark.django_db(transaction=True)
def test_a_checked_file_is_read_with_other_columns():
    member = make_sender()
    content = b"mobile,var1,var2,spare\n85251230001,1111,5,2222\n"
    task = uploaded(member, content)
    assert task.accepted == 1
    reader = Reader(member)
    ask(reader, task, number="0", variable_1="3", variable_2="2")
    task = checked(task)
    assert task.upload.reading == {
        "columns": {"number": 0, "variables": [3, 2], "has_headings": True}
    }
    page = reader.get(check_url(task))
    assert "code is 2222 " in words(page)
    assert page.select_one("select[name=variable_1] option[selected]")["value"] == "3"
    # Left alone again, the headings decide.
    ask(reader, task)
    assert "code is 1111 " in words(reader.get(check_url(checked(task))))


@pytest.mark.django_db(transaction=True)
def test_a_file_without_headings_and_with_another_delimiter():
    member = make_sender()
    task = uploaded(member, b"85251230001|1111|5,0\n85251230002|2222|7,0\n")
    assert task.state == TaskState.REJECTED
    reader = Reader(member)
    ask(reader, task, delimiter="|")
    task = checked(SendTask.objects.exclude(pk=task.pk).get())
    ask(reader, task, delimiter="|", number="0", variable_1="1", variable_2="2", no_headings="on")
    task = checked(SendTask.objects.order_by("pk").last())
    assert (task.accepted, task.facts["first_row"]) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_an_encoding_chosen_by_hand_is_used():
    member = make_sender()
    text = "mobile,var1,var2\n85251230001,1111,五\n"
    task = uploaded(member, text.encode("big5"))
    reader = Reader(member)
    assert reader.get(check_url(task)).select_one("select[name=encoding]")
    ask(reader, task, encoding="big5")
    task = checked(SendTask.objects.order_by("pk").last())
    assert task.facts["encoding"] == "big5"
    assert task.facts["preview"][1][2] == "五"


@pytest.mark.django_db(transaction=True)
def test_what_was_found_in_a_text_file_is_said():
    member = make_sender()
    task = uploaded(member, "Mobile;var1;var2\n85251230001;1111;fünf\n".encode("utf-8-sig"))
    page = Reader(member).get(check_url(task))
    offered = [page.select_one(f"select[name={name}] option") for name in ("encoding", "delimiter")]
    assert [option.text for option in offered] == ["As found: UTF-8", "As found: Semicolon"]


@pytest.mark.django_db(transaction=True)
def test_half_a_choice_of_columns_is_asked_for_and_kept():
    member = make_sender()
    task = uploaded(member)
    response = ask(Reader(member), task, number="1", variable_1="2")
    page = response.content.decode()
    assert "Choose a column for this, too." in page
    assert '<option value="1" selected>B: wer</option>' in page
    assert SendTask.objects.count() == 1
    assert ask(Reader(member), task, number="99").status_code == 200


@pytest.mark.django_db
def test_who_may_only_look_sees_the_rows_and_no_form():
    member = make_sender()
    task = make_task(member, TaskState.READY, source="UPLOAD", upload=make_upload(member))
    SendTask.objects.filter(pk=task.pk).update(facts={"preview": [["mobile"], ["85251230001"]]})
    viewer = Reader(make_member(Role.VIEWER, member.organization))
    page = viewer.get(check_url(task))
    assert page.select_one("#reading td").text == "mobile"
    assert not page.select("#reading form")
    assert ask(viewer, task).status_code == 403


@pytest.mark.django_db
def test_a_task_that_was_sent_is_never_read_again():
    member = make_sender()
    task = make_task(member, TaskState.SENDING, source="UPLOAD", upload=make_upload(member))
    reader = Reader(member)
    assert not reader.get(check_url(task)).select("#reading")
    ask(reader, task, number="0")
    task.refresh_from_db()
    assert (task.state, task.upload.reading) == (TaskState.SENDING, {})


@pytest.mark.django_db(transaction=True)
def test_which_row_of_a_number_is_sent_is_a_choice_and_said():
    member = make_sender()
    sheet = b"mobile,1,2\n85261230001,1111,5\n85261230001,2222,5\n"
    task = uploaded(member, sheet)
    reader = Reader(member)
    page = reader.get(check_url(task))
    assert "first one kept" in words(page)
    choices = [option["value"] for option in page.select("select[name=duplicates] option")]
    assert choices == ["", "last", "none"]
    ask(reader, task, duplicates="last")
    task = checked(task)
    assert task.upload is not None
    assert task.upload.reading["duplicates"] == "last"
    page = reader.get(check_url(task))
    assert "last one kept" in words(page)
    assert "The last row is kept" in words(page)
    ask(reader, task, duplicates="")
    assert "first one kept" in words(reader.get(check_url(checked(task))))


@pytest.mark.django_db(transaction=True)
def test_an_uncertain_encoding_is_asked_before_anything_can_be_sent():
    member = make_sender()
    text = "mobile,var1,var2\n85251230001,1111,Łukasz\n85251230002,2222,Święta\n"
    task = uploaded(member, text.encode("cp1250"), name="list")
    assert (task.state, task.failure_code) == (TaskState.REJECTED, "ENCODING_UNCERTAIN")
    assert not Message.objects.filter(task_id=task.pk).exists()
    reader = Reader(member)
    page = reader.get(check_url(task))
    offered = {o["value"]: o.text for o in page.select("select[name=encoding] option")}
    assert offered["cp1250"] == "Łukasz, Święta: Central European (Windows 1250)"
    assert {"koi8-r", "cp949", "utf-16"} <= offered.keys()
    assert ask(reader, task).status_code == 200, "no choice is no answer"
    ask(reader, task, encoding="cp1250")
    task = checked(SendTask.objects.order_by("pk").last())
    assert task.facts["preview"][1][2] == "Łukasz"


@pytest.mark.django_db(transaction=True)
def test_numbers_that_may_lack_86_are_confirmed_on_the_check_page():
    member = make_sender()
    headings = b"Mobile,SMS Content Variable 1,SMS Content Variable 2\n"
    refused = uploaded(member, headings + b"13122345678,1,2\n")
    assert refused.failure_code == "COUNTRY_CODE_UNCLEAR"
    reader = Reader(member)
    page = reader.get(check_url(refused))
    assert "without 86" in words(page)
    assert page.select_one("input[name=plus_one]")
    ask(reader, refused)
    again = checked(SendTask.objects.latest("pk"))
    assert again.failure_code == "COUNTRY_CODE_UNCLEAR"
    ask(reader, again, plus_one="on")
    ready = checked(SendTask.objects.latest("pk"))
    assert (ready.state, ready.accepted) == (TaskState.READY, 1)
    assert reader.get(check_url(ready)).select_one("input[name=plus_one][checked]")


@pytest.mark.django_db(transaction=True)
def test_nobody_else_is_asked_about_country_codes():
    member = make_sender()
    page = Reader(member).get(check_url(uploaded(member)))
    assert page.select_one("input[name=plus_one]") is None
