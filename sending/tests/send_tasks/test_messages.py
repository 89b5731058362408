"""Messages of a task: filtered, paged, told one by one, exported."""

import csv
import io
import shutil
import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.lifecycle import MessageState, SaidBy, TaskState
from sending.models import DeliveryReceipt, Message, SendTask, Submission
from sending.searches import KEPT, SESSION_KEY
from sending.send_tasks.queries import messages as queries
from sending.tests.factories import (
    a_number,
    make_gateway,
    make_messages,
    make_sender,
    make_task,
    move,
)
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db
NUMBERS = [a_number(n) for n in range(6)] + [a_number(n, "GB") for n in range(3)]


def url(task: SendTask, name: str = "messages", *more: int) -> str:
    return reverse(f"send_tasks:{name}", args=[task.pk, *more])


def sending(member: Member, **fields: Any) -> SendTask:
    """Rows 2 to 10: two undeliverable, one delivered, the others queued."""
    task = make_task(member, TaskState.SENDING, numbers=NUMBERS, **fields)
    messages = make_messages(task)
    move([messages[1], messages[7]], MessageState.UNDELIVERABLE, code="001")
    move(messages[2:3], MessageState.DELIVERED, code="000", said_by=SaidBy.HANDSET)
    return task


def rows_of(page) -> list[int]:
    return [int(cell.text) for cell in page.select("td[data-label=Row]")]


def test_it_lists_them_in_the_order_of_the_sheet():
    member = make_sender()
    page = Reader(member).get(url(sending(member)))
    assert rows_of(page) == list(range(2, 11))
    second = page.select("tbody tr")[1].get_text(" ", strip=True)
    assert second.startswith("+852 5123 0001 Hong Kong Undeliverable 001 Network 3 1 0.0480")
    assert "Export 9 rows as csv" in words(page)


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({"state": "UNDELIVERABLE"}, [3, 9]),
        ({"state": "UNDELIVERABLE", "country": "GB"}, [9]),
        ({"state": "DELIVERED"}, [4]),
        ({"state": "EXPIRED"}, []),
        ({"country": "GB"}, [8, 9, 10]),
        ({"country": "gb"}, [8, 9, 10]),
        ({"number": "+44"}, [8, 9, 10]),
        ({"number": "0044"}, [8, 9, 10]),
        ({"number": "44 7400 123001"}, [9]),
        ({"number": "852", "state": "QUEUED"}, [2, 5, 6, 7]),
        ({"number": "nothing", "state": "no such", "country": "no such"}, []),
    ],
)
def test_filters_find_messages(filters: dict[str, str], rows: list[int]):
    member = make_sender()
    assert rows_of(Reader(member).search(url(sending(member)), **filters)) == rows


def test_state_and_country_live_in_the_address():
    member = make_sender()
    page = Reader(member).get(url(sending(member)), state="UNDELIVERABLE", country="GB")
    assert rows_of(page) == [9]


def test_what_makes_no_sense_in_an_address_is_as_if_it_was_not_there():
    member = make_sender()
    page = Reader(member).get(url(sending(member)), state="no such", after="y", message="z")
    assert rows_of(page) == list(range(2, 11))


def test_a_search_belongs_to_the_session_that_made_it():
    member = make_sender()
    task = sending(member)
    mine = Reader(member).client
    found = mine.post(url(task), {"number": "+44"}).url
    assert mine.post(url(task), {"number": "+44"}).url == found
    somebody = Reader(make_member(Role.VIEWER, member.organization))
    assert "This search has expired" in words(somebody.get(found))
    # Rather than every message of the task.
    export = somebody.client.get(f"{url(task, 'export')}?{found.partition('?')[2]}")
    assert export.url == found


def test_a_session_remembers_a_bounded_number_of_searches():
    member = make_sender()
    task, client = sending(member), Reader(member).client
    first = client.post(url(task), {"number": "1"}).url
    for number in range(2, KEPT + 2):
        client.post(url(task), {"number": str(number)})
    assert len(client.session[SESSION_KEY]) == KEPT
    assert "This search has expired" in client.get(first).content.decode()


@pytest.mark.parametrize("state", ["", "QUEUED", "UNDELIVERABLE"])
def test_pages_show_each_message_once(state: str, monkeypatch):
    monkeypatch.setattr(queries, "MESSAGES_A_PAGE", 2)
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(7)])
    if state == "UNDELIVERABLE":
        move(make_messages(task), MessageState.UNDELIVERABLE)
    reader, seen, after = Reader(member), [], ""
    while True:
        page = reader.get(url(task), state=state, after=after)
        seen += rows_of(page)
        links = [a["href"] for a in page.select(".table-foot a") if "Next" in a.text]
        if not links:
            break
        after = links[0].rpartition("after=")[2]
    assert seen == list(range(2, 9))


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({"state": "DELIVERED"}, [4]),
        ({"country": "GB"}, [8, 9, 10]),
        ({"number": "+44"}, [8, 9, 10]),
        ({"state": "UNDELIVERABLE", "country": "GB"}, [9]),
        ({"state": "CANCELLED"}, []),
    ],
)
def test_a_page_reads_a_bounded_number_of_rows_and_the_next_goes_on(
    filters: dict[str, str], rows: list[int], monkeypatch
):
    monkeypatch.setattr(queries, "LOOKED_THROUGH", 2)
    monkeypatch.setattr(queries, "RARE_LOOKED_THROUGH", 1)
    monkeypatch.setattr(queries, "FEW_BY_NUMBER", 1)
    member = make_sender()
    reader, href, seen = Reader(member), url(task := sending(member)), []
    page = reader.search(href, **filters)
    while True:
        seen += rows_of(page)
        links = [
            a for a in page.select("#found a") if a.text.strip() in {"Look further", "Next page"}
        ]
        if not links:
            break
        assert rows_of(page) or "No messages match so far" in words(page)
        page = reader.get(url(task) + links[0]["href"])
    assert seen == rows
    assert rows_of(page) or "essages match." in words(page)


def test_rare_states_are_found_without_reading_the_others():
    member = make_sender()
    task = sending(member)
    reader = Reader(member)
    with CaptureQueriesContext(connection) as captured:
        reader.get(url(task), state="UNDELIVERABLE")
    asked = [q["sql"] for q in captured if 'FROM "sending_message"' in q["sql"]]
    assert len(asked) == 1
    assert '"sending_message"."id" IN' in asked[0]


def test_a_chosen_message_is_shown_beside_the_list():
    member = make_sender()
    task = sending(member)
    message = make_messages(task)[1]
    page = Reader(member).get(url(task), state="UNDELIVERABLE", message=message.pk)
    assert page.select_one("#message h2").text.strip() == "+852 5123 0001"
    assert page.select_one("tr[aria-current=true] td[data-label=Row]").text == "3"


def a_story(task: SendTask) -> Message:
    """One delivered message of two attempts."""
    message = make_messages(task)[2]
    gateway = make_gateway(name="hk-direct")
    at = timezone.now()
    owned = {"organization_id": task.organization_id, "message_id": message.pk}
    Submission.objects.create(
        gateway_id=gateway.pk,
        segment=1,
        attempt=1,
        command_status="ESME_RTHROTTLED",
        submitted_at=at,
        **owned,
    )
    Submission.objects.create(
        gateway_id=gateway.pk,
        segment=1,
        attempt=2,
        command_status="ESME_ROK",
        gateway_message_id="7F3A",
        submitted_at=at + timedelta(seconds=1),
        **owned,
    )
    DeliveryReceipt.objects.create(
        gateway_id=gateway.pk,
        gateway_message_id="7F3A",
        message_state="DELIVERED",
        error="000",
        said_by="HANDSET",
        received_at=at + timedelta(seconds=2),
        **owned,
    )
    return message


def test_a_message_tells_its_story():
    member = make_sender()
    task = sending(member)
    message = a_story(task)
    page = Reader(member).get(url(task, "message", message.pk))
    story = [li.get_text(" ", strip=True) for li in page.select(".timeline li")]
    assert story[0].startswith("Queued")
    assert "Line 4 of the pasted numbers" in story[0]
    assert story[1].startswith("Rejected")
    assert story[1].endswith("Gateway: hk-direct, ESME_RTHROTTLED")
    assert story[2].endswith("Gateway: hk-direct, ESME_ROK, message id 7F3A, attempt 2")
    assert story[3].endswith("Handset: hk-direct, deliver_sm DELIVERED, error 000")
    assert len(story) == 4
    assert page.select_one(".bubble").text == task.text_template_version.body


@pytest.mark.parametrize(("minutes", "told"), [(1, False), (480, True), (-480, True)])
def test_a_receipt_whose_own_time_is_far_from_ours_says_so(minutes: int, told: bool):
    member = make_sender()
    task = sending(member)
    message = a_story(task)
    receipt = DeliveryReceipt.objects.get()
    done_at = receipt.received_at - timedelta(minutes=minutes)
    DeliveryReceipt.objects.update(done_at=done_at)
    shown = words(Reader(member).get(url(task, "message", message.pk)))
    assert ("by the network's clock" in shown) == told


def test_a_message_without_a_receipt_says_who_decided():
    member = make_sender()
    task = sending(member)
    [message] = make_messages(task)[:1]
    move([message], MessageState.BLOCKED, code="SUPPRESSED", said_by=SaidBy.US)
    page = Reader(member).get(url(task, "message", message.pk))
    story = [li.get_text(" ", strip=True) for li in page.select(".timeline li")]
    assert len(story) == 2
    assert story[1].startswith("Blocked")
    assert "SUPPRESSED" in words(page)


def test_erased_variables_are_said_to_be_erased():
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=NUMBERS[:1], values=[["1234", "5"]])
    [message] = make_messages(task)
    Message.objects.filter(pk=message.pk).erase_variables()
    assert "Variables erased" in words(Reader(member).get(url(task, "message", message.pk)))


def exported(reader: Reader, task: SendTask, **filters: str) -> list[list[str]]:
    response = reader.client.get(url(task, "export"), filters)
    assert response.streaming
    assert "attachment" in response["Content-Disposition"]
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_the_export_has_every_message_and_no_formula(monkeypatch):
    monkeypatch.setattr(queries, "EXPORT_CHUNK", 2)
    member = make_sender(time_zone="Asia/Hong_Kong")
    task = sending(member)
    headings, *rows = exported(Reader(member), task)
    assert headings[:4] == ["Row", "Mobile number", "Country", "State"]
    assert headings[7] == "Cost, USD"
    assert [int(row[0]) for row in rows] == list(range(2, 11))
    assert rows[1][1:8] == ["85251230001", "HK", "Undeliverable", "Network", "001", "1", "0.048"]
    assert rows[1][8].endswith("+08:00")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_export_keeps_the_filters():
    member = make_sender()
    task = sending(member)
    reader = Reader(member)
    rows = exported(reader, task, state="UNDELIVERABLE", country="GB")
    assert [row[0] for row in rows[1:]] == ["9"]
    page = reader.get(url(task), state="UNDELIVERABLE", country="GB")
    href = f"{url(task, 'export')}?state=UNDELIVERABLE&country=GB"
    assert page.find("a", href=href)


@pytest.mark.parametrize("state", [TaskState.CHECKING, TaskState.REJECTED, TaskState.DRAFT])
def test_messages_of_an_incomplete_check_are_not_shown(state: TaskState):
    member = make_sender()
    task = make_task(member, state)
    reader = Reader(member)
    reader.get(url(task), status=404)
    reader.get(url(task, "export"), status=404)


def test_it_hides_what_is_not_yours():
    theirs, mine = sending(make_sender()), sending(member := make_sender(Role.OWNER))
    message = make_messages(theirs)[0]
    reader = Reader(member)
    reader.get(url(theirs), status=404)
    reader.get(url(theirs, "export"), status=404)
    reader.get(url(theirs, "message", message.pk), status=404)
    # Not through a task of one's own either.
    reader.get(url(mine, "message", message.pk), status=404)
    assert not reader.get(url(mine), message=message.pk).select_one("#message")
    assert rows_of(reader.get(url(mine), after=message.pk)) == []


@pytest.mark.parametrize("engine", ["openpyxl", "calamine"])
def test_the_list_downloads_as_xlsx_filtered_as_it_is(engine: str):
    member = make_sender()
    client = Reader(member).client
    response = client.get(url(sending(member), "export_xlsx"), {"country": "GB"})
    content = io.BytesIO(b"".join(response.streaming_content))
    assert response["Content-Disposition"].endswith('.xlsx"')
    if engine == "openpyxl":
        sheet = load_workbook(content, read_only=True)["Messages"]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    else:
        rows = CalamineWorkbook.from_filelike(content).get_sheet_by_name("Messages").to_python()
    assert rows[0][:4] == ["Row", "Mobile number", "Country", "State"]
    assert [row[:4] for row in rows[1:]] == [
        [8, "447400123000", "GB", "Queued"],
        [9, "447400123001", "GB", "Undeliverable"],
        [10, "447400123002", "GB", "Queued"],
    ]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_the_xlsx(tmp_path):
    member = make_sender()
    response = Reader(member).client.get(url(sending(member), "export_xlsx"))
    path = tmp_path / "messages.xlsx"
    path.write_bytes(b"".join(response.streaming_content))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(path)], check=True, timeout=120)
    lines = path.with_suffix(".csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 10
    assert lines[1].startswith("2,85251230000,HK,Queued")
