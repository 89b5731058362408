"""What became of programs' messages, by application, template, country and code."""

import pytest
from django.urls import reverse

from accounts.tests.factories import make_application
from sending.lifecycle import MessageState, SaidBy
from sending.reports import programs
from sending.tests.factories import a_number, make_task, move
from sending.tests.program_factories import make_program_messages
from sending.tests.reports.rows import table
from sending.tests.send_tasks.reader import Reader, words
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
URL = reverse("reports:programs")


@pytest.fixture
def member(member):
    """Two delivered and one failed of one template, one queued of another application's."""
    organization = member.organization
    codes = approved_template(organization, name="Codes")
    numbers = [a_number(1), a_number(2), a_number(3, "GB")]
    sent = make_program_messages(organization, numbers, template=codes)
    move(sent[:2], MessageState.DELIVERED, code="000", said_by=SaidBy.HANDSET)
    move(sent[2:], MessageState.UNDELIVERABLE, code="001")
    make_program_messages(
        organization,
        [a_number(4)],
        template=approved_template(organization, name="Shop"),
        application=make_application(organization, name="Shop"),
    )
    make_task(member, numbers=[a_number(9)])
    return member


def test_it_adds_up_by_everything_a_program_says(member):
    page = Reader(member).get(URL)
    default = str(member.organization.applications.order_by("pk").first())
    assert table(page, "By application")[1][:5] == [default, "3", "2", "66.6 %", "1"]
    assert [row[:3] for row in table(page, "By template")[1:]] == [
        ["Codes", "3", "2"],
        ["Shop", "1", "0"],
    ]
    assert [row[:2] for row in table(page, "By country")[1:]] == [
        ["Hong Kong", "3"],
        ["United Kingdom", "1"],
    ]
    assert [row[:2] for row in table(page, "By error")[1:]] == [["001", "1"]]


def test_country_application_and_period_narrow_it(member):
    reader = Reader(member)
    shop = member.organization.applications.get(name="Shop")
    assert len(table(reader.get(URL, application=shop.pk), "By template")) == 2
    british = reader.get(URL, country="GB")
    assert [row[:2] for row in table(british, "By template")[1:]] == [["Codes", "1"]]
    assert len(table(british, "By country")) == 3
    before = reader.get(URL, first="2020-01-01", last="2020-01-02")
    assert "No program sent a message in this period." in words(before)


def test_of_too_many_it_reads_the_newest_and_says_so(member, monkeypatch):
    monkeypatch.setattr(programs, "MOST_MESSAGES", 2)
    page = Reader(member).get(URL)
    assert [row[:2] for row in table(page, "By template")[1:]] == [["Codes", "1"], ["Shop", "1"]]
    assert "This period has more messages." in words(page)


def test_a_wrong_period_is_answered_at_its_field(member):
    page = Reader(member).get(URL, first="tomorrow")
    assert page.find(id="error-summary")
