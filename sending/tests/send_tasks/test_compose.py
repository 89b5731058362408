"""Compose: what is said, to whom, and what is refused before anything is checked."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import ActivationState, Member
from accounts.roles import Role
from accounts.tests.factories import make_activation, make_member
from sending import tasks
from sending.lifecycle import Lane, TaskState
from sending.models import (
    RecipientSource,
    SendTask,
    Upload,
)
from sending.tests.factories import (
    CODE_BODY,
    PLAIN_BODY,
    a_number,
    make_group,
    make_prices,
    make_sender,
    make_task,
    make_upload,
)
from sending.tests.send_tasks.reader import Reader, sound, words
from templates_app.models import SmsType, TextTemplate
from templates_app.tests.factories import (
    approved_signature,
    approved_template,
    pending_template,
)

pytestmark = pytest.mark.django_db
URL = reverse("send_tasks:compose")
HEADINGS = ["Recipient's Mobile Number", "SMS Content Variable 1", "SMS Content Variable 2"]
CSV = b"mobile,variable 1,variable 2\n85251230001,1234,5\n"


def plain(member: Member) -> TextTemplate:
    return approved_template(
        member.organization, PLAIN_BODY, SmsType.NOTIFICATION, name="Opening hours"
    )


def with_variables(member: Member) -> TextTemplate:
    return approved_template(member.organization, CODE_BODY, SmsType.OTP, name="Sign-in code")


def a_file(content: bytes = CSV, name: str = "people.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def the_task(response: HttpResponse, member: Member) -> SendTask:
    task = SendTask.objects.get(organization=member.organization)
    assert response.status_code == 302, words(sound(response))
    assert response["Location"] == reverse("send_tasks:check", args=[task.pk])
    return task


def test_it_asks_for_activation_first():
    member = make_member(Role.OWNER)
    page = Reader(member).get(URL)
    assert "The service is not activated" in words(page)
    assert page.find("a", href=reverse("accounts:activation"))
    assert not page.main.find("form")


def test_it_says_that_the_activation_is_under_review():
    member = make_member(Role.SENDER)
    make_activation(member.organization, ActivationState.PENDING)
    assert "being reviewed" in words(Reader(member).get(URL))


def test_nobody_composes_without_activation():
    member = make_member(Role.OWNER)
    template = plain(member)
    Reader(member).post(URL, name="x", template=template.pk, source="NUMBERS", numbers=a_number(1))
    assert not SendTask.objects.exists()


def test_it_offers_to_write_the_first_template():
    member = make_sender()
    page = Reader(member).get(URL)
    assert page.find("a", href=reverse("templates_app:template_create"))
    pending_template(member.organization)
    assert "1 is waiting for review" in words(Reader(member).get(URL))


def test_it_shows_the_chosen_template_as_a_handset_does():
    member = make_sender()
    signature = approved_signature(member.organization, "Harbourline")
    template = with_variables(member)
    make_group(member.organization)
    page = Reader(member).get(URL, template=template.pk, signature=signature.pk)
    bubble = page.select_one("#preview .bubble")
    assert bubble.text == "[Harbourline] Your verification code is 1234 (valid for 5 minutes)."
    assert [span.text for span in bubble.select(".var")] == ["1234", "5"]
    headings = [th.text for th in page.select("#sheet-help th")]
    assert headings == [
        "Recipient's Mobile Number",
        "SMS Content Variable 1",
        "SMS Content Variable 2",
    ]
    assert page.find("a", href=reverse("send_tasks:sample", args=[template.pk]))
    assert "which a spreadsheet or a customer group" in page.select_one("#hint-NUMBERS").text
    assert [label.text for label in page.select("#columns label")] == ["{1}", "{2}"]


def test_the_address_chooses_a_group():
    member = make_sender()
    plain(member)
    group = make_group(member.organization, [a_number(1)])
    page = Reader(member).get(URL, group=group.pk)
    assert page.select_one("#by_group").has_attr("checked")
    assert page.select_one("#id_group option[selected]")["value"] == str(group.pk)


def test_without_script_a_button_shows_the_preview_and_keeps_what_was_entered():
    member = make_sender()
    template = plain(member)
    response = Reader(member).post(
        URL, show="preview", name="Monday", template=template.pk, source="NUMBERS", numbers="123"
    )
    page = sound(response)
    assert page.select_one("#preview .bubble").text == PLAIN_BODY
    assert page.select_one("#id_name")["value"] == "Monday"
    assert page.select_one("#id_numbers").text.strip() == "123"
    assert not page.select(".invalid-feedback")
    assert not SendTask.objects.exists()


def test_an_upload_becomes_a_task_whose_check_begins(
    django_capture_on_commit_callbacks, monkeypatch
):
    member = make_sender()
    prices = make_prices()
    template, signature = with_variables(member), approved_signature(member.organization)
    asked = []
    monkeypatch.setattr(tasks.read_file, "delay", lambda: asked.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        response = Reader(member).post(
            URL,
            name="Codes",
            template=template.pk,
            signature=signature.pk,
            source="UPLOAD",
            file=a_file(name="../../etc/people.csv"),
        )
    task = the_task(response, member)
    assert asked == [True]
    assert (task.state, task.lane, task.source) == (
        TaskState.CHECKING,
        Lane.OTP,
        RecipientSource.UPLOAD,
    )
    assert task.text_template_version == template.approved
    assert task.signature_version == signature.approved
    assert task.price_version == prices
    assert task.created_by == member.user
    assert task.upload.name == "people.csv"
    path = Path(task.upload.file.path)
    assert path.read_bytes() == CSV
    assert "people" not in path.name


def test_a_group_becomes_a_task():
    member = make_sender()
    group = make_group(member.organization, [a_number(1)])
    response = Reader(member).post(
        URL, name="Hours", template=plain(member).pk, source="GROUP", group=group.pk
    )
    task = the_task(response, member)
    assert (task.group, task.lane, task.upload, task.numbers) == (group, Lane.BULK, None, "")


def test_pasted_numbers_become_a_task():
    member = make_sender()
    numbers = "\n".join(a_number(n).removeprefix("+") for n in range(100))
    response = Reader(member).post(
        URL, name="Hours", template=plain(member).pk, source="NUMBERS", numbers=numbers
    )
    assert the_task(response, member).numbers.split() == numbers.split()


def refused(member: Member, **data: object) -> str:
    """Return the errors of a form that comes back with all that was entered."""
    given = {"name": "Monday", "template": plain(member).pk, "source": "NUMBERS"} | data
    page = sound(Reader(member).post(URL, **given))
    assert not SendTask.objects.exists()
    assert page.select_one("#error-summary")
    assert page.select_one("#id_name")["value"] == given["name"]
    assert page.select_one(f"input[name=source][value={given['source']}]").has_attr("checked")
    return " ".join(error.get_text(" ", strip=True) for error in page.select(".invalid-feedback"))


def test_a_hundred_and_one_numbers_are_refused_with_the_count():
    numbers = "\n".join(a_number(n) for n in range(101))
    assert "You entered 101 numbers" in refused(make_sender(), numbers=numbers)


def test_each_wrong_line_is_named():
    numbers = f"{a_number(1)}\n\n613800138000\n8613800138000\n"
    errors = refused(make_sender(), numbers=numbers)
    assert "Line 3: 613800138000" in errors
    assert "Line 4: 8613800138000" in errors
    assert "Line 1" not in errors


def test_many_wrong_lines_are_not_all_listed():
    errors = refused(make_sender(), numbers="\n".join(["12"] * 14))
    assert "Line 10: 12" in errors
    assert "Line 11" not in errors
    assert "4 more lines have errors" in errors


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"numbers": " \n "}, "Enter at least one mobile number"),
        ({"source": "GROUP"}, "Choose a customer group"),
        ({"source": "UPLOAD"}, "Choose a spreadsheet"),
        ({"template": "999999", "numbers": "85251230001"}, "not approved"),
        ({"template": "", "numbers": "85251230001"}, "Choose a text template"),
        ({"numbers": "1" * 20_000}, "more than 100 numbers"),
    ],
)
def test_what_is_missing_is_said_at_its_field(data: dict, error: str):
    member = make_sender()
    make_group(member.organization, [a_number(1)])
    assert error in refused(member, **data)


def test_an_empty_group_is_refused():
    member = make_sender()
    group = make_group(member.organization)
    assert "This group is empty" in refused(member, source="GROUP", group=group.pk)


def test_pasted_numbers_fill_no_variables():
    member = make_sender()
    template = with_variables(member)
    errors = refused(member, source="NUMBERS", template=template.pk, numbers=a_number(1))
    assert "“Sign-in code”. It has the variables {1}, {2}" in errors


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7 and so on", "not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", "not a spreadsheet"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused_at_once(content: bytes, error: str):
    assert error in refused(make_sender(), source="UPLOAD", file=a_file(content, "list.xlsx"))
    assert not Upload.objects.exists()


def test_a_large_file_is_refused_with_its_size(settings):
    settings.UPLOAD_MAX_BYTES = 1_000_000
    errors = refused(make_sender(), source="UPLOAD", file=a_file(CSV * 60_000))
    assert "up to 976.6" in errors
    assert not Upload.objects.exists()


def test_a_file_on_disk_is_looked_at_where_it_is():
    member = make_sender()
    response = Reader(member).post(
        URL,
        name="Many",
        template=with_variables(member).pk,
        source="UPLOAD",
        file=a_file(CSV * 30_000),
    )
    assert the_task(response, member).upload.size > 1_000_000


def test_a_good_file_survives_another_mistake():
    member = make_sender()
    template = with_variables(member)
    reader = Reader(member)
    given = {"template": template.pk, "source": "UPLOAD"}
    page = sound(reader.post(URL, name="", file=a_file(), **given))
    kept = page.select_one("input[name=upload]")["value"]
    assert "people.csv" in words(page)
    response = reader.post(URL, name="Codes", upload=kept, **given)
    assert the_task(response, member).upload_id == int(kept)
    assert Upload.objects.count() == 1


def test_it_hides_what_is_not_yours():
    member, other = make_sender(), make_sender()
    mine = plain(member)
    theirs = plain(other)
    their_group = make_group(other.organization, [a_number(1)])
    their_upload = make_upload(other)
    their_task = make_task(other, TaskState.READY, numbers=[a_number(1)])
    reader = Reader(member)
    page = reader.get(URL, template=theirs.pk, group=their_group.pk, like=their_task.pk)
    assert not page.select_one("#preview .bubble")
    assert their_group.name not in page.text
    assert their_task.name not in str(page)
    for data in (
        {"template": theirs.pk, "source": "NUMBERS", "numbers": a_number(1)},
        {"template": mine.pk, "source": "GROUP", "group": their_group.pk},
        {"template": mine.pk, "source": "UPLOAD", "upload": their_upload.pk},
        {
            "template": mine.pk,
            "source": "NUMBERS",
            "numbers": a_number(1),
            "corrects": their_task.pk,
        },
    ):
        assert reader.post(URL, name="x", **data).status_code == 200, data
    assert not SendTask.objects.filter(organization=member.organization).exists()
    reader.get(reverse("send_tasks:sample", args=[theirs.pk]), status=404)


def test_who_may_only_look_cannot_compose():
    reader = Reader(make_sender(Role.VIEWER))
    reader.get(URL, status=403)
    assert reader.post(URL, name="x").status_code == 403


def test_the_sample_is_made_for_the_template():
    member = make_sender()
    template = with_variables(member)
    response = Reader(member).client.get(reverse("send_tasks:sample", args=[template.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="sign-in-code-sample.xlsx"'
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.rows]
    assert rows[0][1:] == [
        "Recipient's Mobile Number",
        "SMS Content Variable 1",
        "SMS Content Variable 2",
    ]
    assert rows[1][2:] == ["1234", "5"]
    assert rows[2][2:] == ["What replaces {1} in the text.", "What replaces {2} in the text."]


def test_the_page_asks_nothing_twice():
    member = make_sender()
    template = with_variables(member)
    signature = approved_signature(member.organization)
    reader = Reader(member)
    with CaptureQueriesContext(connection) as asked:
        reader.get(URL, template=template.pk, signature=signature.pk)
    said = [query["sql"] for query in asked]
    for table in ("templates_app_texttemplate", "templates_app_signature", "sending_customergroup"):
        assert sum(f'FROM "{table}"' in sql for sql in said) == 1, table
    assert len(said) == len(set(said))
