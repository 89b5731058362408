"""Exports: written piece by piece, whole after a kill, given to those who may have them."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as project
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from sending.exporting import erasing, sources, writing
from sending.lifecycle import MessageState, TaskState
from sending.models import Export, ExportKind, ExportState
from sending.reports import actions
from sending.retention import number_erasure
from sending.spreadsheets.writer import XLSX
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move
from sending.tests.program_factories import make_program_messages
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db
LIST, CREATE = reverse("reports:exports"), reverse("reports:export_create")


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def at_once() -> Iterator[None]:
    """Run Celery tasks in this process as soon as a transaction commits."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.fixture
def member() -> Member:
    return make_sender(time_zone="Asia/Kolkata")


def write_all(seconds: float = 0.0) -> int:
    """Write until nothing is left, a piece at a time; return how many slices it took."""
    slices = 0
    while writing.write_next(seconds):
        slices += 1
        assert slices < 200
    return slices


def rows_of(export: Export) -> list[list[str]]:
    export.refresh_from_db()
    assert export.state == ExportState.READY
    assert writing.path_of(export).stat().st_size == export.size
    text = writing.path_of(export).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def a_day(member: Member) -> dict[str, str]:
    today = member.organization.local_day(timezone.now()).isoformat()
    return {"first": today, "last": today}


def test_a_period_has_the_messages_of_tasks_and_programs(member, monkeypatch):
    monkeypatch.setattr(sources, "ROWS_A_PIECE", 3)
    tasks = [
        make_task(member, TaskState.SENDING, numbers=[a_number(10 * k + n) for n in range(7)])
        for k in range(2)
    ]
    move(make_messages(tasks[0])[:2], MessageState.DELIVERED)
    make_task(member, TaskState.READY, numbers=[a_number(80)])
    make_program_messages(member.organization, [a_number(90), a_number(91)])
    make_task(make_sender(), TaskState.SENDING, numbers=[a_number(99)])
    Reader(member).post(CREATE, kind="PERIOD", **a_day(member))

    assert write_all() > 4

    export = Export.objects.get()
    heading, *rows = rows_of(export)
    assert heading[:2] == ["Task", "Currency"]
    assert [row[0] for row in rows] == [tasks[0].name] * 7 + [tasks[1].name] * 7 + ["", ""]
    assert len({row[-1] for row in rows}) == len(rows) == export.rows == export.expected == 16
    assert [row[5] for row in rows[:3]] == ["Delivered", "Delivered", "Queued"]
    assert rows[0][3] == a_number(0).removeprefix("+")


def test_after_a_kill_no_row_is_missing_and_none_is_twice(member, monkeypatch):
    monkeypatch.setattr(sources, "ROWS_A_PIECE", 2)
    task = make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(9)])
    asked = {"task": task.pk}
    export = actions.ask_for_export(member=member, kind=ExportKind.TASK, asked=asked, name="a.csv")
    writing.write_next(0)
    # Killed after its bytes were written and before the row said so; its lease runs out.
    export.refresh_from_db()
    with writing.path_of(export).open("ab") as file:
        file.write(b"4,half a ro")
    Export.objects.update(leased_until=timezone.now() + timedelta(seconds=30))
    assert not writing.write_next(0), "somebody has it"
    Export.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    write_all()

    assert [row[0] for row in rows_of(export)[1:]] == [str(n) for n in range(2, 11)]


@pytest.mark.parametrize("kind", ["PERIOD", "STATISTICS"])
def test_a_workbook_has_the_same_rows_in_one_piece_or_many(member, monkeypatch, kind):
    monkeypatch.setattr(sources, "ROWS_A_PIECE", 3)
    make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(8)], name="=1+1")
    reader = Reader(member)
    page = reader.get(reverse("reports:statistics"), **a_day(member))
    buttons = page.select(f"input[name=kind][value={kind}] ~ button")
    assert [button["value"] for button in buttons] == ["csv", "xlsx"]
    for form in ("csv", "xlsx"):
        reader.post(CREATE, kind=kind, format=form, **a_day(member))
        write_all()
    text, book = Export.objects.order_by("pk")
    answer = reader.client.get(reverse("reports:export_download", args=[book.pk]))
    assert answer["Content-Type"] == XLSX
    assert book.name.endswith(".xlsx")
    content = answer.getvalue()
    assert len(content) == book.size
    cells = list(load_workbook(io.BytesIO(content), read_only=True).active.values)
    rows = rows_of(text)
    assert [str(cell) for cell in cells[0]] == rows[0]
    assert len(cells) == len(rows) == book.rows + 1
    # No text is a formula, and numbers are numbers.
    assert {type(cell) for row in cells[1:] for cell in row} <= {str, int, float, type(None)}
    assert {path.name for path in files()} == {Path(text.file).name, Path(book.file).name}


def files():
    return sorted(path for path in Path(project.MEDIA_ROOT).rglob("*") if path.is_file())


def test_a_workbook_survives_the_death_of_who_packs_it(member, monkeypatch):
    make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(3)])
    Reader(member).post(CREATE, kind="PERIOD", format="xlsx", **a_day(member))
    with monkeypatch.context() as patch:
        patch.setattr(writing, "_keep", lambda *_a, **_k: 1 / 0)
        patch.setattr(writing, "remove_files", lambda _export: None)
        patch.setattr(writing, "_mine", lambda _export: Export.objects.none())
        for _turn in range(5):
            writing.write_next(0.0)
            Export.objects.update(leased_until=None)
    write_all()
    book = Export.objects.get()
    with writing.path_of(book).open("rb") as file:
        assert len(list(load_workbook(file, read_only=True).active.values)) == 4
    assert [path.name for path in files()] == [Path(book.file).name]
    erasing.erase(Export.objects.all())
    assert files() == []


def test_more_than_a_workbook_gets_is_refused_or_fails(member, monkeypatch):
    monkeypatch.setattr(Export, "MOST_XLSX_ROWS", 2)
    make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(3)])
    reader = Reader(member)
    reader.post(CREATE, kind="PERIOD", format="xlsx", **a_day(member))
    assert not Export.objects.exists()
    assert "at most 2 rows" in words(reader.get(LIST))
    monkeypatch.setattr(actions, "expected_rows", lambda _export: 0)
    reader.post(CREATE, kind="PERIOD", format="xlsx", **a_day(member))
    write_all()
    assert Export.objects.get().state == ExportState.FAILED
    assert files() == []


def test_who_asked_is_told_when_it_is_ready(member, at_once, django_capture_on_commit_callbacks):
    task = make_task(member, TaskState.SENDING, numbers=[a_number(1)])
    with django_capture_on_commit_callbacks(execute=True):
        Reader(member).post(CREATE, kind="TASK", task=task.pk)
    (told,) = [each for each in mail.outbox if member.user.email in each.to]
    assert "export" in told.subject
    assert f"task-{task.pk}-messages.csv" in told.subject
    assert LIST in told.body


def test_whole_numbers_are_for_those_who_may_see_them(member):
    viewer = make_member(Role.VIEWER, member.organization)
    task = make_task(member, TaskState.SENDING, numbers=[a_number(1)])
    for each in (member, viewer):
        Reader(each).post(CREATE, kind="TASK", task=task.pk)
    write_all()
    whole, masked = Export.objects.order_by("pk")
    digits = a_number(1).removeprefix("+")
    assert digits in rows_of(whole)[1]
    assert digits not in writing.path_of(masked).read_text()

    def status(who: Member, export: Export) -> int:
        url = reverse("reports:export_download", args=[export.pk])
        response = log_in(Client(), who).get(url)
        if response.status_code == 200:
            assert b"".join(response.streaming_content)
        return int(response.status_code)

    assert [status(viewer, each) for each in (whole, masked)] == [404, 200]
    assert [status(member, each) for each in (whole, masked)] == [200, 200]
    assert [status(make_sender(), each) for each in (whole, masked)] == [404, 404]
    page = Reader(viewer).get(LIST)
    assert len(page.find_all("a", string=lambda text: text and "Download" in text)) <= 1
    assert "numbers masked" in words(page)


def test_statistics_have_a_line_a_day_and_country(member):
    make_task(member, TaskState.SENDING, numbers=[a_number(1), a_number(2, "GB")])
    reader = Reader(member)
    reader.post(CREATE, kind="STATISTICS", days="7")
    write_all()
    export = Export.objects.get()
    assert [(row[1], row[3]) for row in rows_of(export)[1:]] == [("GB", "1"), ("HK", "1")]
    assert not export.has_numbers


@pytest.mark.parametrize(
    "asked", [{}, {"kind": "TASK", "task": "x"}, {"kind": "PERIOD", "first": "never"}]
)
def test_what_is_unclear_is_not_exported(member, asked):
    assert Reader(member).post(CREATE, **asked).status_code == 302
    assert not Export.objects.exists()


def test_an_organization_has_a_few_at_once(member):
    for _time in range(actions.MOST_AT_ONCE + 1):
        Reader(member).post(CREATE, kind="PERIOD", days="7")
    assert Export.objects.count() == actions.MOST_AT_ONCE


def test_files_are_deleted_in_time_and_with_a_number(member):
    task = make_task(member, TaskState.SENDING, numbers=[a_number(1)])
    move(make_messages(task), MessageState.DELIVERED)
    exports = []
    for kind in (ExportKind.TASK, ExportKind.STATISTICS):
        asked = {"task": task.pk, **a_day(member)}
        exports.append(
            actions.ask_for_export(member=member, kind=kind, asked=asked, name=f"{kind}.csv")
        )
    write_all()
    number_erasure.run(
        number_erasure.request(
            msisdn=a_number(1), organization=member.organization, actor=member.user
        ).pk
    )
    states = [Export.objects.get(pk=each.pk).state for each in exports]
    assert states == [ExportState.ERASED, ExportState.READY]

    old = timezone.now() - timedelta(days=project.KEEP_EXPORTS_DAYS, minutes=1)
    Export.objects.update(created_at=old)
    assert erasing.erase_due() == 1
    assert not [path for path in Path(project.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert not writing.write_next()


def test_one_that_fails_says_so_and_leaves_no_file(member):
    export = actions.ask_for_export(
        member=member, kind=ExportKind.TASK, asked={"task": 10**9}, name="gone.csv"
    )
    assert writing.write_next()
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert not writing.path_of(export).exists()
    assert "Ask for it again" in words(Reader(member).get(LIST))


def test_deleting_stops_it(member):
    Reader(member).post(CREATE, kind="PERIOD", days="7")
    export = Export.objects.get()
    Reader(member).post(reverse("reports:export_delete", args=[export.pk]))
    export.refresh_from_db()
    assert export.state == ExportState.ERASED
    assert not writing.write_next()


def test_what_no_page_of_ours_asks_for_is_no_error_of_ours(member):
    task = make_task(member, TaskState.SENDING, numbers=[a_number(1)])
    reader = Reader(member)
    reader.post(CREATE, kind="TASK", task=task.pk, country="\0a", state="\0")
    assert Export.objects.get().asked == {"task": task.pk}
