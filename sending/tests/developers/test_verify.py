"""Pages of Verify services: what they show, and what their forms do."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import log_in, make_application, make_member
from sending.models import VerifyService
from sending.tests.factories import a_number
from sending.tests.verify.asking import Verifying, sent_codes, wrong
from sending.verify import service_settings
from templates_app.models import SmsType, TextTemplate
from templates_app.tests.factories import approved_signature, approved_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Verifying()


@pytest.fixture
def owner(program):
    return log_in(Client(), make_member(Role.OWNER, program.organization))


def shown(client, name, *args):
    response = client.get(reverse(f"developers:{name}", args=args))
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def text_of(page):
    return page.get_text(" ", strip=True)


def given(program, **fields):
    return {
        "application": str(program.application.pk),
        "friendly_name": "Sign-up",
        "text_template": "",
        "signature": "",
        "code_length": "6",
    } | fields


def test_figures_say_what_was_sent_approved_and_converted(program, owner):
    assert "Nobody has asked for a code." in text_of(
        shown(owner, "verify_service", program.service.pk)
    )
    program.start(a_number(0))
    program.check(sent_codes()[0], a_number(0))
    program.start(a_number(1))
    program.start(a_number(0, "GB"))
    for _time in range(5):
        program.check(wrong(sent_codes()[2]), a_number(0, "GB"))
    page = shown(owner, "verify_service", program.service.pk)
    figures = page.select_one("section[aria-labelledby=figures-h]")
    facts = dict(
        zip(map(text_of, figures.select("dt")), map(text_of, figures.select("dd")), strict=True)
    )
    assert facts == {
        "Verifications": "3",
        "Waiting for the code": "1",
        "Approved": "1",
        "Too many wrong codes": "1",
        "Codes sent": "3",
    }
    rows = [text_of(row) for row in figures.select("tbody tr")]
    assert [row.replace("\u00a0", " ") for row in rows] == [
        "Hong Kong 2 1 50.0 %",
        "United Kingdom 1 0 0.0 %",
    ]
    assert program.service.sid in text_of(page)


def test_a_service_is_made_and_changed_by_people(program, owner):
    text = approved_template(program.organization, "Your code: {1}", SmsType.OTP, name="Short")
    signature = approved_signature(program.organization, "Harbourline")
    other = make_application(program.organization, name="Shop")
    fields = given(program, application=str(other.pk), text_template=str(text.pk))
    made = owner.post(
        reverse("developers:verify_create"),
        fields | {"signature": str(signature.pk), "code_length": "8"},
    )
    service = VerifyService.objects.latest("pk")
    assert made.url == reverse("developers:verify_service", args=[service.pk])
    assert (service.application, service.text_template, service.signature, service.code_length) == (
        *(other, text, signature, 8),
    )
    assert "Your code: {1}" in text_of(shown(owner, "verify_service", service.pk))
    change = reverse("developers:verify_change", args=[service.pk])
    owner.post(change, given(program, friendly_name="Log in", custom_code_enabled="on"))
    service.refresh_from_db()
    assert (service.friendly_name, service.custom_code_enabled) == ("Log in", True)
    assert (service.text_template, service.application) == (None, other)
    actions = AuditEntry.objects.filter(action__startswith="verifyservice.")
    assert [*actions.order_by("pk").values_list("action", flat=True)][-2:] == [
        *("verifyservice.created", "verifyservice.changed"),
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"friendly_name": "Call 12345"}, "at most 4 digits"),
        ({"friendly_name": ""}, "required"),
        ({"code_length": "3"}, "not one of the available choices"),
        ({"application": "0"}, "not one of the available choices"),
        ({"text_template": "x"}, "not one of the available choices"),
    ],
)
def test_what_a_form_refuses(program, owner, fields, sentence):
    answer = owner.post(reverse("developers:verify_create"), given(program, **fields))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert VerifyService.objects.count() == 1


def test_there_are_so_many_at_most(program, owner, monkeypatch):
    monkeypatch.setattr(service_settings, "MOST_SERVICES", 1)
    answer = owner.post(reverse("developers:verify_create"), given(program))
    assert "Delete one of them first." in answer.content.decode()


def test_a_service_is_deleted_after_a_question(program, owner):
    address = reverse("developers:verify_delete", args=[program.service.pk])
    assert "cannot take it back" in owner.get(address).content.decode()
    answer = owner.post(address, follow=True)
    assert "There is no Verify service yet" in answer.content.decode()
    assert owner.get(address).status_code == 404
    assert AuditEntry.objects.filter(action="verifyservice.deleted").count() == 1


def test_a_page_says_when_no_code_can_be_sent(program, owner):
    service_settings.change(program.service, text_template=program.code)
    approved_template(program.organization, "Code {1}", SmsType.OTP, name="Other")
    TextTemplate.objects.filter(pk=program.code.pk).update(approved=None)
    page = text_of(shown(owner, "verify_service", program.service.pk))
    assert "Another text is sent:" in page
    TextTemplate.objects.update(approved=None)
    page = text_of(shown(owner, "verify_service", program.service.pk))
    assert "No code can be sent:" in page


def test_members_who_may_not_change_see_no_buttons(program):
    viewer = log_in(Client(), make_member(Role.VIEWER, program.organization))
    assert "New service" not in text_of(shown(viewer, "verify_services"))
    page = text_of(shown(viewer, "verify_service", program.service.pk))
    assert "Delete" not in page
