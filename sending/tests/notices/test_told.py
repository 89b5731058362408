"""Notices: the list, its states and reasons, and the test message."""
# ruff: noqa: F811 - fixtures of another module.

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Notice
from accounts.notice_delivery import deliver_mail
from accounts.notice_kinds import NoticeChannel
from accounts.roles import Role
from accounts.tests.factories import log_in, make_contact, make_member, make_user
from sending.delivery.database import durably
from sending.lifecycle import MessageState, SaidBy
from sending.models import Message, Route
from sending.models.stepping import MessageChange, step
from sending.notices.delivery import deliver_sms
from sending.retention import number_erasure
from sending.retention.messages import erase_due
from sending.retention.number_export import export
from sending.tests.notices.telling import (  # noqa: F401 - fixtures.
    NUMBER,
    approve,
    contact,
    organization,
    way,
)
from sending.told import queries
from sending.told.reasons import REASONS, reason_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, organization):
    return log_in(client, make_member(Role.ADMIN, organization))


def shown(client):
    page = client.get(reverse("told:list"))
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def become(state, said_by=SaidBy.GATEWAY, code=""):
    with durably():
        assert step(state, [MessageChange(Message.objects.get().pk, code)], said_by=said_by)


def test_a_text_is_delivered_when_a_receipt_says_so_and_not_before(
    reader, organization, contact, way
):
    assert "No notices yet" in shown(reader)
    approve(organization)
    assert shown(reader).count("Waiting") == 2
    deliver_mail()
    deliver_sms()
    page = shown(reader)
    assert "Accepted by the mail server" in page
    assert "Queued" in page
    assert "+852 6123 4567" in page
    for state, said_by in (
        (MessageState.SUBMITTING, SaidBy.US),
        (MessageState.SUBMITTED, SaidBy.GATEWAY),
    ):
        become(state, said_by)
        assert "Delivered" not in shown(reader)
    assert "every 3s" in shown(reader)
    become(MessageState.DELIVERED, SaidBy.NETWORK)
    page = shown(reader)
    assert "Delivered" in page
    # Nothing is to come.
    assert "every 3s" not in page


def test_what_failed_says_why_and_what_to_do(reader, organization, contact, way):
    Route.objects.all().delete()
    approve(organization)
    deliver_sms()
    page = shown(reader)
    assert "Not sent" in page
    assert "No gateway of the console serves this number. Ask the operator" in page


def test_what_the_network_refused_says_why(reader, organization, contact, way):
    approve(organization)
    deliver_sms()
    for state in (MessageState.SUBMITTING, MessageState.SUBMITTED):
        become(state)
    become(MessageState.UNDELIVERABLE, SaidBy.NETWORK, "ABSENT")
    (told, _mail) = queries.told_page(organization, None).rows
    assert told.by_sms
    assert told.reason


def test_every_reason_says_what_to_do():
    for reason in (*REASONS.values(), reason_of("SOMETHING_NEW")):
        assert str(reason.what)
        assert str(reason.to_do)
    again, never = (reason_of("MAIL_SERVER_AWAY", is_final=final) for final in (False, True))
    assert "keep trying" in again.to_do
    assert "given up" in never.what


def test_viewers_see_stars_and_strangers_nothing(client, organization, contact):
    approve(organization, thing="Call +852 6123 4567")
    log_in(client, make_member(Role.VIEWER, organization))
    page = shown(client)
    assert "6123" not in page
    assert "mei@example.com" in page
    log_in(client, make_member(Role.OWNER))
    assert "No notices yet" in shown(client)


def test_pages_follow_one_another(reader, organization, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(5):
        make_contact(organization, email=f"c{number}@example.com")
    approve(organization)
    found, after = [], ""
    while True:
        page = reader.get(reverse("told:list"), {"after": after} if after else {}).context["page"]
        found += [told.notice.to for told in page.rows]
        if not (after := page.next):
            break
    assert found == [f"c{number}@example.com" for number in (4, 3, 2, 1, 0)]


def test_who_left_leaves_what_was_told(reader, organization, contact):
    approve(organization)
    contact.delete()
    page = shown(reader)
    assert "Winter offer" in page
    assert "mei@example.com" in page


# --- A test ---------------------------------------------------------------------------------------


def test_a_test_goes_every_way_of_the_contact_and_is_recorded(reader, organization, way):
    contact = make_contact(
        organization, email="ops@example.com", msisdn=NUMBER, notices={"REVIEW": []}
    )
    address = reverse("told:test", args=[contact.pk])
    assert address in reader.get(reverse("accounts:contact_edit", args=[contact.pk])).text
    assert reader.post(address, follow=True).redirect_chain == [(reverse("told:list"), 302)]
    deliver_sms()
    states = Notice.objects.order_by("pk").values_list("channel", "state")
    assert list(states) == [("EMAIL", "WAITING"), ("SMS", "SENT")]
    assert AuditEntry.objects.latest("pk").action == "contact.tested"
    # The same again at once costs nothing.
    reader.post(address)
    deliver_sms()
    assert Message.objects.count() == 1
    assert Notice.objects.latest("pk").code == "REPEATED_TEXT"


# --- Kept for a time ------------------------------------------------------------------------------


def test_addresses_are_erased_in_time(reader, organization, contact, way, settings):
    settings.KEEP_MESSAGES_DAYS = 30
    approve(organization)
    deliver_mail()
    old = timezone.now() - timezone.timedelta(days=31)
    Notice.objects.update(created_at=old)
    erase_due()
    mail, sms = Notice.objects.order_by("pk")
    assert (mail.to, mail.subject) == ("", "")
    # It still waits to go there.
    assert (sms.to, sms.state) == (NUMBER, "WAITING")
    deliver_sms()
    erase_due()
    assert list(Notice.objects.values_list("to", "subject", "text").distinct()) == [("", "", "")]
    page = shown(reader)
    assert "Erased address" in page
    assert "Erased number" in page


@pytest.mark.parametrize("is_delivered", [False, True])
def test_a_number_is_exported_and_erased(organization, contact, way, is_delivered):
    approve(organization, thing="Ask +85261234567")
    if is_delivered:
        deliver_sms()
        for state in (MessageState.SUBMITTING, MessageState.SUBMITTED, MessageState.DELIVERED):
            become(state)
    (told,) = export(NUMBER, organization)["notices"]
    assert told["kind"] == "REVIEW"
    number_erasure.run(
        number_erasure.request(msisdn=NUMBER, organization=organization, actor=make_user()).pk
    )
    sms = Notice.objects.get(channel=NoticeChannel.SMS)
    assert (sms.to, sms.subject, sms.due_at) == ("", "", None)
    assert NUMBER not in Notice.objects.get(channel=NoticeChannel.EMAIL).text
    assert sms.state == ("SENT" if is_delivered else "FAILED")
    assert not Message.objects.filter(msisdn=NUMBER).exists()
