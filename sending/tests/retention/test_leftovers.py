"""Rows and files that belong to nothing any more."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sending.delivery.receipts.inbox import NEVER
from sending.models import (
    ApiRequest,
    CallbackEvent,
    InboundMessage,
    InboundSegment,
    ReceiptInbox,
    UnmatchedText,
)
from sending.retention import leftovers
from sending.tests.factories import (
    a_number,
    make_gateway,
    make_messages,
    make_reply,
    make_sender,
    make_task,
    make_upload,
)
from sending.tests.program_factories import make_request, make_unmatched

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def an_inbound(days):
    return InboundSegment.objects.create(
        gateway_id=make_gateway().pk,
        source="447400987123",
        data_coding=0,
        esm_class=0,
        octets=b"STOP",
        text="STOP",
        received_at=days_ago(days),
    )


def a_receipt(days, next_try_at=NEVER):
    return ReceiptInbox.objects.create(
        gateway_id=1,
        gateway_message_id="id-1",
        message_state="DELIVERED",
        said_by="HANDSET",
        received_at=days_ago(days),
        next_try_at=next_try_at,
    )


def test_messages_from_handsets_are_deleted_after_their_days(settings):
    settings.KEEP_INBOUND_DAYS = 10
    an_inbound(11)
    young = an_inbound(9)
    leftovers.delete_due()
    assert list(InboundSegment.objects.all()) == [young]


def test_receipts_that_fit_no_message_go_and_those_that_wait_stay(settings):
    settings.KEEP_INBOUND_DAYS = 10
    a_receipt(11)
    waiting, young = a_receipt(11, timezone.now()), a_receipt(9)
    leftovers.delete_due()
    assert list(ReceiptInbox.objects.order_by("pk")) == [waiting, young]


def test_the_log_of_requests_goes_after_its_days(settings):
    settings.KEEP_API_REQUESTS_DAYS = 10
    organization = make_sender().organization
    make_request(organization, at=days_ago(11))
    young = make_request(organization, at=days_ago(9))
    leftovers.delete_due()
    assert list(ApiRequest.objects.all()) == [young]


def aged(path: Path, days: float) -> Path:
    at = days_ago(days).timestamp()
    os.utime(path, (at, at))
    return path


def test_files_that_no_upload_refers_to_are_deleted():
    upload = make_upload(make_sender())
    known = aged(Path(upload.file.path), 2)
    stray = known.with_name("stray")
    stray.write_bytes(b"447400987123")
    aged(stray, 2)
    fresh = known.with_name("fresh")
    fresh.write_bytes(b"447400987123")
    leftovers.delete_files()
    assert [path.exists() for path in (known, stray, fresh)] == [True, False, True]


def test_mails_and_logs_go_after_their_days(settings, tmp_path):
    settings.VAR_DIR, settings.KEEP_FILES_DAYS = tmp_path, 10
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    for name in ("mail", "log"):
        (tmp_path / name).mkdir()
    old, young = tmp_path / "mail" / "old.log", tmp_path / "mail" / "young.log"
    for path, days in ((old, 11), (young, 9)):
        path.write_text("Subject: x\n\ny")
        aged(path, days)
    log = tmp_path / "log" / "web.log"
    log.write_text(f"{days_ago(6):%Y-%m-%d} first\n{days_ago(0):%Y-%m-%d} last\n")
    leftovers.delete_files()
    assert [old.exists(), young.exists()] == [False, True]
    assert log.read_text() == ""
    put_aside = log.with_suffix(".log.old")
    assert put_aside.read_text().endswith("last\n")
    aged(put_aside, 11)
    leftovers.delete_files()
    assert not put_aside.exists()


def test_replies_are_kept_as_long_as_their_organization_keeps_messages(settings):
    settings.KEEP_INBOUND_DAYS = 90
    ours, theirs = make_sender(), make_sender(keep_messages_days=30)
    for member in (ours, theirs):
        task = make_task(member, numbers=[a_number(n) for n in range(3)])
        for message, days in zip(make_messages(task), (10, 60, 100), strict=True):
            make_reply(message, f"{days} days", received_at=days_ago(days))
    assert leftovers.delete_due() == 3
    kept = InboundMessage.objects.order_by("pk").values_list("organization_id", "text")
    assert list(kept) == [
        (ours.organization_id, "10 days"),
        (ours.organization_id, "60 days"),
        (theirs.organization_id, "10 days"),
    ]


def test_callbacks_are_kept_a_week_when_told_and_a_month_otherwise():
    now = timezone.now()

    def event(days, **ended):
        at = now - timedelta(days=days)
        moments = dict.fromkeys(ended, at) | {"at": at}
        own = {"organization_id": 1, "application_id": 1, "kind": "STATUS", "subject_id": 1}
        return CallbackEvent.objects.create(**own, state="DELIVERED", **moments).pk

    kept = {
        event(6, delivered_at=1),
        event(29, dead_at=1),
        event(29),
        # It still waits, however long.
        event(90, due_at=1),
    }
    event(8, delivered_at=1)
    event(31, dead_at=1)
    event(31)
    assert leftovers.delete_due() == 3
    assert set(CallbackEvent.objects.values_list("pk", flat=True)) == kept


def test_unmatched_texts_go_a_month_after_they_came_last_or_with_the_texts_of_their_organization(
    settings,
):
    settings.KEEP_API_REQUESTS_DAYS = 30
    ours, theirs = make_sender(), make_sender(keep_messages_days=10)
    now = timezone.now()
    for member in (ours, theirs):
        for days in (5, 20, 40):
            at = now - timedelta(days=days)
            make_unmatched(member.organization, f"{days}", first_at=at, last_at=at)
    leftovers.delete_due()
    left = UnmatchedText.objects.order_by("pk").values_list("organization_id", "sample")
    assert list(left) == [
        (ours.organization_id, "5"),
        (ours.organization_id, "20"),
        (theirs.organization_id, "5"),
    ]
