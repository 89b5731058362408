"""The same file, or the same text to the same numbers, within a day: said, never blocked."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from sending.intake.task_check import check_task
from sending.models import RecipientSource, SendTask, Upload
from sending.send_tasks.actions import compose_task, send_task
from sending.send_tasks.queries.repeats import repeats_of
from sending.tests.factories import (
    CODE_BODY,
    PLAIN_BODY,
    a_number,
    make_gateway,
    make_group,
    make_prices,
    make_sender,
)
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import SmsType
from templates_app.tests.factories import approved_signature, approved_template

pytestmark = pytest.mark.django_db
CODES = b"mobile,variable 1,variable 2\n85251230001,1234,5\n85251230002,5678,5\n"
TURNED = b"mobile,variable 1,variable 2\n85251230002,5678,5\n85251230001,1234,5\n"
OTHER_VALUE = b"mobile,variable 1,variable 2\n85251230001,1234,5\n85251230002,5679,5\n"
SWAPPED = b"mobile,variable 1,variable 2\n85251230001,5678,5\n85251230002,1234,5\n"


@pytest.fixture
def sender() -> Member:
    make_gateway()
    make_prices()
    return make_sender()


def checked(sender: Member, content: bytes = b"", **options: Any) -> SendTask:
    """Compose and check what a file, or the options, say."""
    organization = sender.organization
    body, kind = (CODE_BODY, SmsType.OTP) if content else (PLAIN_BODY, SmsType.NOTIFICATION)
    if content:
        file = SimpleUploadedFile("a.csv", content)
        options["upload"] = Upload.keep(organization=organization, user=sender.user, file=file)
    task = compose_task(
        organization=organization,
        user=sender.user,
        name="Monday",
        text_template=approved_template(organization, body, kind),
        **{"signature": None, "source": RecipientSource.UPLOAD, **options},
    )
    check_task(task.pk)
    task.refresh_from_db()
    return task


def sent(task: SendTask) -> SendTask:
    assert send_task(task=task, user=task.created_by, messages=task.accepted)
    return task


def found(task: SendTask, **options: Any) -> list[tuple[int, bool]]:
    return [(each.task.pk, each.has_same_text) for each in repeats_of(task, **options)]


@pytest.mark.parametrize(
    ("again", "same_text"),
    [(CODES, True), (TURNED, True), (OTHER_VALUE, None), (SWAPPED, None)],
)
def test_files(sender: Member, again: bytes, same_text: bool | None):
    first = sent(checked(sender, CODES))
    expected = [] if same_text is None else [(first.pk, same_text)]
    assert found(checked(sender, again)) == expected


def test_the_same_file_with_another_signature(sender: Member):
    first = sent(checked(sender, CODES))
    signature = approved_signature(sender.organization)
    assert found(checked(sender, CODES, signature=signature)) == [(first.pk, False)]


def test_pasted_numbers_and_a_group_are_the_same_recipients(sender: Member):
    numbers = {"source": RecipientSource.NUMBERS, "numbers": f"{a_number(1)}\n{a_number(2)}"}
    first = sent(checked(sender, **numbers))
    group = make_group(sender.organization, [a_number(2), a_number(1)])
    again = checked(sender, source=RecipientSource.GROUP, group=group)
    assert found(again) == [(first.pk, True)]
    fewer = make_group(sender.organization, [a_number(2)])
    assert found(checked(sender, source=RecipientSource.GROUP, group=fewer)) == []


def test_a_day_later_and_of_others_nothing_is_said(sender: Member):
    sent(checked(sender, CODES))
    again = checked(sender, CODES)
    assert found(again)
    assert not found(again, at=timezone.now() + timedelta(hours=25))
    assert not found(checked(make_sender(), CODES))


def test_the_page_names_the_task_and_still_sends(sender: Member):
    first = sent(checked(sender, CODES))
    again = checked(sender, CODES)
    page = Reader(sender).get(reverse("send_tasks:check", args=[again.pk]))
    assert "The same text was sent to the same recipients in the last 24 hours." in words(page)
    assert page.find("a", href=reverse("send_tasks:detail", args=[first.pk]))
    assert page.select_one("#send button")
