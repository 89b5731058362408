"""Text templates that match the same texts: said where one is written and reviewed."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_organization
from templates_app.desk.queries import item
from templates_app.desk.shown import about_item
from templates_app.equal_texts import equal_texts
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template, make_reviewer, pending_template

pytestmark = pytest.mark.django_db
BODY = "Your table is kept until {1}, {2}."
NOTIFICATION = SmsType.NOTIFICATION.value


def test_approved_ones_of_the_organization_count_and_not_itself():
    organization = make_organization()
    same = approved_template(organization, "Your table is kept until {2}, {1}.", NOTIFICATION)
    wider = approved_template(organization, "Your table is kept {1}", NOTIFICATION)
    pending_template(organization, BODY, NOTIFICATION)
    approved_template(make_organization(), BODY, NOTIFICATION)
    own = approved_template(organization, BODY, NOTIFICATION)
    found = equal_texts(organization, BODY, NOTIFICATION, of=own.pk)
    assert [(one.code, one.params["id"]) for one in found] == [
        ("SAME_TEXTS", same.pk),
        ("TEXTS_OF_ANOTHER", wider.pk),
    ]
    assert len(equal_texts(organization, BODY, NOTIFICATION)) == 3
    assert equal_texts(organization, "  ", NOTIFICATION) == []
    assert equal_texts(organization, "{2}", NOTIFICATION) == []


def test_the_editor_the_page_and_the_desk_say_it():
    organization = make_organization()
    same = approved_template(organization, BODY, NOTIFICATION)
    waiting = pending_template(organization, BODY, NOTIFICATION)
    client = log_in(Client(), make_member(Role.SENDER, organization))
    words = f"“{same.name}” (number {same.pk}) matches the same texts"
    page = client.get(reverse("templates_app:template_detail", args=[waiting.pk]))
    assert words in page.content.decode()
    live = client.post(
        reverse("templates_app:template_preview"), {"body": BODY, "sms_type": NOTIFICATION}
    )
    assert words in live.content.decode()
    shown = item("template", waiting.versions.get().pk)
    codes = [one.code for one in about_item(shown, make_reviewer())["check"].said]
    assert "SAME_TEXTS" in codes
