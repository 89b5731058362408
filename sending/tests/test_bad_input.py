"""Bad input through the real pages and the real check: a clear sentence, never half a task."""

import re
from dataclasses import dataclass, field

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import log_in
from sending.intake.task_check import check_task
from sending.lifecycle import TaskState
from sending.models import Batch, Counter, Message, Problem, RecipientSource, SendTask, TaskCountry
from sending.tests import bad_files
from sending.tests.bad_files import GOOD, HEADINGS, workbook
from sending.tests.factories import make_gateway, make_group, make_prices, make_sender
from templates_app.models import TextTemplate
from templates_app.tests.factories import approved_template

BODY = "Your code is {1} (valid for {2} minutes). Delivery on {3}."


@dataclass
class Composing:
    """A sender at the compose page, and what came of pressing its button."""

    client: Client
    template: TextTemplate
    plain: TextTemplate
    group: int
    fields: dict[str, object] = field(default_factory=dict)

    def press(self, **given: object) -> HttpResponse:
        """Send the form in and follow it to the page that people see."""
        fields = {"name": "Codes", "template": self.template.pk, **given}
        return self.client.post(reverse("send_tasks:compose"), fields, follow=True)

    def upload(self, content: bytes, name: str = "recipients.xlsx", **given: object) -> str:
        """Upload, let the check run where it was begun, and return what the page then says."""
        file = SimpleUploadedFile(name, content)
        given = {"source": RecipientSource.UPLOAD.value, "file": file, **given}
        return self.shown_after(self.press(**given))

    def shown_after(self, response: HttpResponse) -> str:
        assert response.status_code == 200
        task = SendTask.objects.order_by("pk").last()
        if task is not None and task.state == TaskState.CHECKING:
            check_task(task.pk)
            response = self.client.get(reverse("send_tasks:check", args=[task.pk]))
            assert response.status_code == 200
        return words(response)


def words(response: HttpResponse) -> str:
    """Return what a person reads in the page's main part, spaces as one."""
    page = BeautifulSoup(response.content, "html.parser")
    return re.sub(r"\s+", " ", page.main.get_text(" "))


@pytest.fixture
def composing(db: None) -> Composing:
    member = make_sender()
    make_gateway()
    make_prices()
    organization = member.organization
    return Composing(
        client=log_in(Client(), member),
        template=approved_template(organization, BODY, "NOTIFICATION"),
        plain=approved_template(organization, "We close at 16:00.", "NOTIFICATION"),
        group=make_group(organization, ["+85261234567"]).pk,
    )


def assert_nothing_is_half_made() -> None:
    """No row of a refused file stays, and its task, if there is one, says that it was refused."""
    for model in (Message, Batch, Problem, TaskCountry, Counter):
        assert not model.objects.exists(), model
    for task in SendTask.objects.all():
        assert task.state == TaskState.REJECTED
        assert task.failure_code
        assert (task.accepted, task.segments, task.cost_micro) == (0, 0, 0)


WHOLE_FILES = [
    pytest.param(b"", "empty", id="empty file"),
    pytest.param(b"%PDF-1.7 and more", "csv", id="pdf"),
    pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(99), "csv", id="picture"),
    pytest.param(bad_files.docx(), "csv", id="renamed docx"),
    pytest.param(bad_files.encrypted(), "password", id="encrypted"),
    pytest.param(bad_files.truncated(), "damaged|incomplete|broken", id="half a zip"),
    pytest.param(workbook(), "empty|no rows", id="empty sheet"),
    pytest.param(workbook(HEADINGS), "no rows|no recipients|only the headings", id="only headings"),
    pytest.param(workbook(["Name", "Colour"], ["Ann", "red"]), "number", id="no number column"),
    pytest.param(
        workbook(HEADINGS[:3], GOOD[:3]),
        r"needs 3 variables. The sheet has 2.*for each of: 3",
        id="two variables of three",
    ),
    pytest.param(
        workbook([HEADINGS[0], *HEADINGS], ["85261234567", *GOOD]), "two|twice", id="two numbers"
    ),
]


@pytest.mark.once
@pytest.mark.parametrize(("content", "sentence"), WHOLE_FILES)
@pytest.mark.parametrize("name", ["recipients.xlsx", "recipients.csv"])
def test_a_file_is_refused_with_a_sentence(
    composing: Composing, content: bytes, sentence: str, name: str
) -> None:
    shown = composing.upload(content, name)
    assert re.search(sentence, shown, re.IGNORECASE), shown
    assert_nothing_is_half_made()


@pytest.mark.once
def test_31_megabytes(composing: Composing) -> None:
    shown = composing.upload(bad_files.too_large(), "recipients.csv")
    assert "31.0\xa0MB" in shown or "31.0 MB" in shown
    assert "30.0\xa0MB" in shown or "30.0 MB" in shown
    assert not SendTask.objects.exists()
    assert_nothing_is_half_made()


@pytest.mark.once
def test_all_sheets_hidden(composing: Composing) -> None:
    shown = composing.upload(bad_files.all_hidden())
    assert re.search("hidden", shown)
    assert_nothing_is_half_made()


@pytest.mark.once
def test_a_hidden_sheet_beside_a_good_one_is_named(composing: Composing) -> None:
    def add(book: object) -> None:
        book.create_sheet("Old numbers").sheet_state = "hidden"
        book["Old numbers"].append(["+85261239999"])

    shown = composing.upload(workbook(HEADINGS, GOOD, change=add))
    assert "Old numbers" in shown
    assert Message.objects.count() == 1


BAD_ROWS = [
    pytest.param(["1.23E+11", "4821", "5", "x"], "A3", "round|digits|scientific", id="1.23E+11"),
    pytest.param([1.23e11 + 0.5, "4821", "5", "x"], "A3", "number|round", id="a fraction"),
    pytest.param(["=A1", "4821", "5", "x"], "A3", "formula", id="formula in the number"),
    pytest.param(["85261234568", "=B1", "5", "x"], "B3", "formula", id="formula in a variable"),
    pytest.param(["85261234568", None, "5", "x"], "B3", "Variable 1|empty|missing", id="no value"),
    pytest.param(["8613800138000", "1", "5", "x"], "A3", "mainland", id="Chinese mainland"),
    pytest.param(["442071838750", "1", "5", "x"], "A3", "landline|mobile", id="landline"),
    pytest.param([None, "1", "5", "x"], "A3", "no mobile number|empty|missing", id="no number"),
    pytest.param(["not a number", "1", "5", "x"], "A3", "not a", id="words"),
    pytest.param(["85261234567", "1", "5", "x"], "A3", "row 2", id="the same number"),
    pytest.param(["'+85 2555", "1", "5", "x"], "A3", "number", id="too short"),
    pytest.param(["85261234568", "x" * 3000, "5", "x"], "3", "long", id="too long a text"),
]


@pytest.mark.parametrize(("row", "cell", "sentence"), BAD_ROWS)
def test_a_bad_row_is_explained_and_the_good_one_can_go(
    composing: Composing, row: list[object], cell: str, sentence: str
) -> None:
    shown = composing.upload(workbook(HEADINGS, GOOD, row))
    problem = Problem.objects.get()
    assert problem.row == 3
    assert cell in shown
    assert problem.code in shown
    assert re.search(sentence, shown, re.IGNORECASE), shown
    assert [message.msisdn for message in Message.objects.all()] == ["+85261234567"]
    task = SendTask.objects.get()
    assert (task.state, task.rows_read, task.accepted) == (TaskState.READY, 2, 1)
    assert "Send 1 message" in shown


def test_no_good_row_at_all(composing: Composing) -> None:
    shown = composing.upload(workbook(HEADINGS, ["8613800138000", "1", "5", "x"]))
    assert "mainland" in shown
    assert not Message.objects.exists()
    assert not Batch.objects.exists()
    assert not re.search(r"Send \d+ message", shown)


def test_cells_are_text_wherever_they_are_shown(composing: Composing) -> None:
    evil = "<script>alert(1)</script>"
    row = [f"{evil}", "=HYPERLINK(1)", evil, "x"]
    response = composing.press(
        source=RecipientSource.UPLOAD.value,
        file=SimpleUploadedFile("a<b>.xlsx", workbook(HEADINGS, GOOD, row)),
    )
    composing.shown_after(response)
    task = SendTask.objects.get()
    page = composing.client.get(reverse("send_tasks:check", args=[task.pk]))
    assert evil.encode() not in page.content
    download = composing.client.get(reverse("send_tasks:problems", args=[task.pk]))
    lines = b"".join(download.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) >= 2
    # A spreadsheet program must not take a refused cell for a formula.
    assert not any(re.search(r'(^|,)"?[=+@-][A-Za-z(]', line) for line in lines)


def test_a_corrected_file_is_not_half_of_two(composing: Composing) -> None:
    composing.upload(workbook(["Name"], ["Ann"]))
    composing.upload(workbook(HEADINGS, GOOD))
    good = SendTask.objects.order_by("pk").last()
    assert good.state == TaskState.READY
    assert set(Message.objects.values_list("task_id", flat=True)) == {good.pk}


# --- The form itself ------------------------------------------------------------------------------


def test_an_empty_form_keeps_what_was_entered(composing: Composing) -> None:
    shown = composing.press(name="My codes", template="", source="UPLOAD").content.decode()
    assert "Choose a text template." in shown
    assert 'value="My codes"' in shown
    assert not SendTask.objects.exists()


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("GROUP", "Choose what fills this variable."),
        ("NUMBERS", "which a spreadsheet or a customer group can fill"),
    ],
)
def test_variables_need_something_that_fills_them(
    composing: Composing, source: str, sentence: str
) -> None:
    response = composing.press(source=source, group=composing.group, numbers="85261234567")
    assert sentence in words(response)
    assert not SendTask.objects.exists()


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ("", "number"),
        ("85261234567\n\nhello", r"Line 3: hello"),
        ("8613800138000", r"Line 1: 8613800138000.*mainland"),
        ("1.23E+11", r"Line 1: 1\.23E\+11"),
        ("\n".join(f"8526123{n:04}" for n in range(101)), "100"),
        ("9" * 10_001, "100"),
        ("8526\x001234567", "."),
    ],
)
def test_pasted_numbers_are_refused_line_by_line(
    composing: Composing, numbers: str, sentence: str
) -> None:
    response = composing.press(template=composing.plain.pk, source="NUMBERS", numbers=numbers)
    assert response.status_code == 200
    shown = words(response)
    assert re.search(sentence, shown), shown
    assert not SendTask.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"source": "ELSEWHERE"},
        {"source": "UPLOAD"},
        {"source": "UPLOAD", "upload": "1"},
        {"source": "UPLOAD", "upload": "x" * 5000},
        {"source": "GROUP"},
        {"source": "GROUP", "group": "999999999999999999999999"},
        {"source": "NUMBERS", "numbers": "85261234567", "template": "-1"},
        {"source": "NUMBERS", "numbers": "85261234567", "name": "x" * 500},
        {"source": "NUMBERS", "numbers": "85261234567", "name": "a\x00b"},
        {"source": "NUMBERS", "numbers": "85261234567", "signature": "nothing"},
        {"source": "NUMBERS", "numbers": "85261234567", "corrects": "77"},
        {"source": "UPLOAD", "file": "only words"},
    ],
)
def test_odd_fields_are_answered_with_the_form(
    composing: Composing, given: dict[str, object]
) -> None:
    response = composing.press(**{"template": composing.plain.pk, **given})
    assert response.status_code == 200
    assert "to correct" in words(response)
    assert not SendTask.objects.exists()


def test_too_many_fields_are_no_500(composing: Composing) -> None:
    response = composing.client.post(
        reverse("send_tasks:compose"), {f"field{n}": "x" for n in range(3_500)}
    )
    assert response.status_code == 400
