"""A number and a code go every way that the console has; then they are erased, and looked for."""

import io
import logging
import time
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from accounts.roles import Role
from accounts.tests.factories import log_in, make_contact, make_operator
from sending import tasks
from sending.delivery.receipts import inbox
from sending.delivery.receipts.inbox import NEVER
from sending.delivery.sender.manager import SenderManager
from sending.gateways.base import InboundIn
from sending.gateways.smpp.receipts import read_receipt
from sending.lifecycle import TaskState
from sending.models import (
    Customer,
    CustomerChange,
    CustomerGroup,
    DeliveryReceipt,
    Gateway,
    Message,
    NumberErasure,
    ReceiptInbox,
    SendTask,
    Submission,
    Suppression,
)
from sending.replies import segments
from sending.retention import number_erasure
from sending.smpp.pdu import DeliverSm
from sending.tests.delivery.fakes import FakeCarrier
from sending.tests.factories import CODE_BODY, PLAIN_BODY, make_gateway, make_prices, make_sender
from sending.tests.gateways.http_peer import LARKSPUR
from sending.tests.retention.traces import Planted, in_files, in_tables
from sending.tests.send_tasks.reader import Reader, sound, words
from sending.tests.waiting import wait_until
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
NATIONAL = "7400555737"
NUMBER = f"+44{NATIONAL}"
CODE = "860417"
ELSEWHERE = "85251230001"
DATABASE_FILES = {"test.sqlite3", "test.sqlite3-wal"}


@pytest.fixture(autouse=True)
def _workers(monkeypatch):
    """Celery tasks run at once, but the senders are started by the test."""
    for name in ("read_file", "cancel", "erase_number", "erase_source"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "delay", task)
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.DEBUG)
    return lambda: caplog.text.encode()  # noqa: PLW0108 - the text at that time.


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal"


@pytest.fixture
def deliver(journal):
    """Send what is due, to a carrier that brings receipts, and apply these."""

    def run():
        carrier = FakeCarrier(receipts=True)
        manager = SenderManager(journal, build=carrier.build)
        manager.start()
        sending = SendTask.objects.filter(state=TaskState.SENDING.value)
        wait_until(lambda: not sending.exists())
        manager.stop()
        carrier.cut()
        assert manager.join(120)
        while inbox.apply_due():
            pass

    return run


@pytest.fixture
def reader():
    make_prices()
    make_gateway(rate=10_000)
    return Reader(make_sender(Role.ADMIN, daily_segment_limit=1_000_000))


def codes_xlsx() -> bytes:
    """Good, repeated and refused rows; a second sheet and a number as a number."""
    book = Workbook()
    sheet = book.active
    sheet.append(["mobile", "variable 1", "variable 2", "Notes"])
    sheet.append([NUMBER, CODE, "5", "x"])
    sheet.append([f"0044 {NATIONAL[:4]} {NATIONAL[4:]}", CODE, "5", "the same again"])
    sheet.append([f"{NATIONAL}-12", CODE, "5", "no number"])
    sheet.append([int(NUMBER[1:]), CODE, "", "without a value"])
    sheet.append([ELSEWHERE, "111111", "5", ""])
    book.create_sheet("Old").append([int(NUMBER[1:]), NUMBER, CODE])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(reader, template, source, **given):
    """Compose, check and send, as people do."""
    response = reader.post(
        reverse("send_tasks:compose"),
        name=f"By {source}",
        template=template.pk,
        source=source,
        **given,
    )
    assert response.status_code == 302, words(sound(response))
    task = SendTask.objects.latest("pk")
    assert task.state == TaskState.READY
    for page in ("check", "problems"):
        reader.client.get(reverse(f"send_tasks:{page}", args=[task.pk]))
    reader.post(reverse("send_tasks:send", args=[task.pk]), messages=task.accepted)
    task.refresh_from_db()
    assert task.state == TaskState.SENDING
    return task


def plant(reader, deliver):
    """Bring the number and the code everywhere."""
    organization = reader.member.organization
    codes = approved_template(organization, CODE_BODY, SmsType.OTP, name="Code")
    plain = approved_template(organization, PLAIN_BODY, SmsType.NOTIFICATION, name="Hours")
    _customers(reader)
    group = CustomerGroup.objects.get()
    send(reader, codes, "UPLOAD", file=SimpleUploadedFile("codes.xlsx", codes_xlsx()))
    send(reader, plain, "GROUP", group=group.pk)
    pasted = f"+{NUMBER[1:3]} {NATIONAL[:4]} {NATIONAL[4:]}\n{ELSEWHERE}"
    send(reader, plain, "NUMBERS", numbers=pasted)
    assert Message.objects.filter(msisdn=NUMBER).count() == 3
    _cannot_be_rendered()
    deliver()
    _from_gateways(reader)
    _looked_at(reader)


def _customers(reader):
    reader.post(reverse("groups:create"), name="Staff")
    group = CustomerGroup.objects.get()
    reader.post(reverse("customers:fields"), label="Partner")
    rows = [
        "Mobile,Name,Partner",
        f"{NUMBER},Mr Chan,Ada",
        f"{ELSEWHERE},Ada,Mr Chan {NUMBER}",
        f"{NATIONAL}x,wrong,",
    ]
    reader.post(
        reverse("groups:import_file", args=[group.pk]),
        file=SimpleUploadedFile(f"c {NUMBER}.csv", "\n".join(rows).encode("utf-16")),
        consent=f"By telephone {NUMBER}",
    )
    assert Customer.objects.get(msisdn=f"+{ELSEWHERE}").fields
    CustomerChange.objects.create(
        organization=reader.member.organization,
        kind="ADD",
        filter={"text": NUMBER},
        target=group,
        until=0,
        started_by=reader.member.user,
    )
    reader.post(reverse("customers:find"), q=NUMBER)
    numbers = f"00{NUMBER[1:]}\n{ELSEWHERE}"
    reader.post(reverse("groups:enter", args=[group.pk]), numbers=numbers)
    make_contact(reader.member.organization, msisdn=NUMBER)


def _cannot_be_rendered():
    """Make one message fail in the sender, whose log must not quote what was in it."""
    wrong = Message.objects.filter(msisdn=f"+{ELSEWHERE}", lane="OTP")
    assert wrong.update(variables=f'["{CODE}"]') == 1


def _from_gateways(reader):
    """Receipts over SMPP and HTTP, matched and not, and a message from the handset."""
    message = Message.objects.filter(msisdn=NUMBER, lane="BULK").latest("pk")
    smpp = Submission.objects.get(message_id=message.pk)
    for identifier in (smpp.gateway_message_id, "nobody knows this one"):
        text = f"id:{identifier} sub:001 dlvrd:001 stat:DELIVRD err:000 text:{NUMBER} {CODE}"
        deliver_sm = DeliverSm(NUMBER[1:], "Brand", text.encode(), esm_class=4)
        inbox.store(_gateway(smpp), [read_receipt(deliver_sm)])
    text = f"STOP {NUMBER}"
    inbound = InboundIn(NUMBER[1:], "3939", 8, 0, text.encode("utf-16-be"), text)
    inbox.store(_gateway(smpp), [inbound])
    # From somebody else, who quotes it; from nobody's customer; and a part of a long one.
    quoting = f"Ask {NUMBER}"
    inbox.store(
        _gateway(smpp),
        [
            InboundIn(ELSEWHERE, "3939", 8, 0, quoting.encode("utf-16-be"), quoting),
            InboundIn("447400999999", "3939", 8, 0, quoting.encode("utf-16-be"), quoting),
            InboundIn(NUMBER[1:], "3939", 8, 0, b"\0x", "x", reference=1, segments=2, segment=2),
        ],
    )
    segments.put_together_due()
    http = make_gateway(kind="http", receipts_per_segment=False, http_settings=LARKSPUR)
    report = {"id": "unknown", "to": NUMBER[1:], "status": {"name": "delivered"}}
    url = reverse("api:receipts", args=[http.receipt_secret])
    reader.client.post(url, {"reports": [report], "x": NUMBER}, content_type="application/json")
    reader.client.post(url, f"{NUMBER} {CODE} is no report", content_type="application/json")
    inbox.apply_due()
    _leave_free_pages(_gateway(smpp))
    # As the gateways of some aggregators word it.
    assert DeliveryReceipt.objects.filter(message_id=message.pk).update(raw=f"to {NUMBER}")


def _leave_free_pages(gateway):
    """Let a burst of receipts come and go: their pages are free, and still have what they had."""
    waiting = ReceiptInbox(
        gateway_id=gateway.pk, raw=f"to {NUMBER}", received_at=timezone.now(), next_try_at=NEVER
    )
    ReceiptInbox.objects.bulk_create(
        ReceiptInbox(**{f.attname: getattr(waiting, f.attname) for f in waiting._meta.fields})
        for _row in range(3_000)
    )
    ReceiptInbox.objects.filter(raw=waiting.raw).delete()


def _gateway(submission):
    return Gateway.objects.get(pk=submission.gateway_id)


def _looked_at(reader):
    """Searches, traces, exports, the suppression list and its trail, and a mail on disk."""
    operator = log_in(reader.client.__class__(), make_operator())
    operator.post(reverse("operations:trace"), {"number": NUMBER}, follow=True)
    task = SendTask.objects.latest("pk")
    for name in ("export", "export_xlsx"):
        b"".join(reader.client.get(reverse(f"send_tasks:{name}", args=[task.pk])).streaming_content)
    reader.search(reverse("send_tasks:messages", args=[task.pk]), number=NUMBER)
    for _time in range(2):
        reader.post(reverse("groups:suppress"), numbers=NUMBER[1:])
        suppression = Suppression.objects.get()
        if not _time:
            reader.post(reverse("groups:unsuppress", args=[suppression.pk]))
            reader.get(reverse("groups:suppressions"))
    Suppression.objects.update(reason=f"{NUMBER} asked")
    files = get_connection("django.core.mail.backends.filebased.EmailBackend")
    EmailMessage("A question", f"Who is {NUMBER}?", to=["a@example.com"], connection=files).send()


def everywhere(planted, *folders, since):
    return in_tables(planted), in_files(planted, *folders, since=since)


def test_a_number_and_a_code_leave_no_trace(reader, deliver, logged, journal, settings):
    settings.EMAIL_FILE_PATH = project.VAR_DIR / "mail"
    folders, since = (Path(project.VAR_DIR), journal), time.time() - 1
    plant(reader, deliver)
    number, code = Planted(NATIONAL), Planted(CODE)

    # It was there, and would be found.
    tables, files = everywhere(number, *folders, since=since)
    assert {
        "sending_message",
        "sending_messagenumber",
        "sending_customer",
        "sending_customerchange",
        "sending_suppression",
        "sending_sendtask",
        "sending_groupimport",
        "sending_problem",
        "sending_receiptinbox",
        "sending_deliveryreceipt",
        "sending_inboundsegment",
        "sending_inboundmessage",
        "accounts_contact",
    } <= {table for table, *_rest in tables}
    assert {form for _name, form in files} >= {"ascii", "utf-16-le"}
    if connection.vendor == "sqlite":
        assert DATABASE_FILES & {name for name, _form in files}
    # Codes went when their messages were over, and their file when they were sent.
    tables, files = everywhere(code, *folders, since=since)
    assert tables == set()
    assert {name for name, _form in files} <= DATABASE_FILES

    call_command("erase_number", NUMBER, yes=True, stdout=io.StringIO())
    assert NumberErasure.objects.get().finished_at
    for planted in (number, code):
        assert everywhere(planted, *folders, since=since) == (set(), set())
        assert planted.forms_in(logged()) == []
    assert number_erasure.unfinished() == []
    # Who asked to stop stays suppressed, and everything else goes on.
    assert Suppression.objects.suppressed(reader.member.organization_id, [NUMBER]) == {NUMBER}
    assert Message.objects.filter(msisdn=f"+{ELSEWHERE}").count() == 3
    for message in Message.objects.filter(msisdn=""):
        address = reverse("send_tasks:message", args=[message.task_id, message.pk])
        assert "Erased number" in str(reader.get(address))
