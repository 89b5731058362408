"""What a handset will show: placeholders, replies nobody can give, texts from right to left."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.tests.factories import make_originator
from sending.tests.factories import CODE_BODY, a_number, make_sender, make_task
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import SmsType, TextTemplateVersion
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
URL = reverse("send_tasks:compose")


def test_missing_samples_are_shown_as_placeholders():
    member = make_sender()
    template = approved_template(member.organization, CODE_BODY, SmsType.OTP)
    TextTemplateVersion.objects.update(samples=["1234"])
    page = Reader(member).get(URL, template=template.pk)
    bubble = page.select_one("#preview .bubble")
    assert bubble.text == "Your verification code is 1234 (valid for {2} minutes)."
    assert page.select_one("#sheet-help tbody tr").text.split() == ["85251230001", "1234", "{2}"]
    response = Reader(member).client.get(reverse("send_tasks:sample", args=[template.pk]))
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[2]][2:] == ["1234", "{2}"]


def test_a_high_variable_alone_makes_one_column():
    member = make_sender()
    template = approved_template(member.organization, "Table {99}", SmsType.NOTIFICATION)
    page = Reader(member).get(URL, template=template.pk)
    assert len(page.select("#sheet-help th")) == 2


@pytest.mark.parametrize(
    ("body", "kind", "originator", "warned"),
    [
        ("Offer. Reply STOP to opt out.", SmsType.MARKETING, "Harbourline", True),
        ("Offer. Reply STOP to opt out.", SmsType.MARKETING, "+85251230001", False),
        ("Offer. Reply STOP to opt out.", SmsType.MARKETING, "12345", False),
        ("Reply STOP or see https://a.example/x", SmsType.MARKETING, "Harbourline", False),
        ("Offer of the week.", SmsType.MARKETING, "Harbourline", False),
        ("Reply STOP. Your code is {1}", SmsType.OTP, "Harbourline", False),
    ],
)
def test_a_text_that_asks_for_a_reply_nobody_can_give(
    body: str, kind: SmsType, originator: str, warned: bool
):
    member = make_sender()
    template = approved_template(member.organization, body, kind)
    application = member.organization.applications.get()
    make_originator(member.organization, originator)
    application.originator = originator
    application.save()
    page = Reader(member).get(URL, template=template.pk)
    assert ("nobody can reply to" in page.select_one("#preview").text) is warned
    if kind == SmsType.OTP:
        return
    task = make_task(
        member,
        numbers=[a_number(1)],
        template_version=template.approved,
        originator=originator,
        source="NUMBERS",
    )
    check = Reader(member).get(reverse("send_tasks:check", args=[task.pk]))
    assert ("nobody can reply to" in words(check)) is warned


@pytest.mark.parametrize("body", ["متجرنا مغلق يوم الخميس", "החנות סגורה ביום חמישי"])
def test_texts_from_right_to_left_stand_right(body: str):
    member = make_sender()
    template = approved_template(member.organization, body, SmsType.NOTIFICATION)
    task = make_task(member, numbers=[a_number(1)], template_version=template.approved)
    reader = Reader(member)
    for page in (
        reader.get(URL, template=template.pk),
        reader.get(reverse("send_tasks:check", args=[task.pk])),
    ):
        bubble = page.select_one(".bubble")
        assert bubble["dir"] == "auto"
        assert bubble.text == body
