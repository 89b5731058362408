"""Notices: written with the act, to whom by which way, delivered whatever happens to workers."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import notice_delivery
from accounts.models import Contact, Notice
from accounts.notice_delivery import LEASE, MOST_ATTEMPTS, claim, deliver_mail, failed, sent
from accounts.notice_kinds import NoticeChannel, NoticeKind
from accounts.notices import tell
from accounts.roles import Role
from accounts.tests.factories import (
    log_in,
    make_active_organization,
    make_contact,
    make_member,
    make_user,
)

pytestmark = pytest.mark.django_db
EMAIL, SMS = NoticeChannel.EMAIL, NoticeChannel.SMS
NUMBER = "+85261234567"


@pytest.fixture
def organization():
    return make_active_organization(name="Harbourline", time_zone="Asia/Hong_Kong")


def tell_test(organization, **fields):
    tell(NoticeKind.TEST, organization, person="Mei", path="/settings/", **fields)


def told(**only):
    rows = Notice.objects.filter(**only).order_by("pk")
    return [(row.channel, row.to) for row in rows]


# --- To whom, and how -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "chosen", "expected"),
    [
        # As rows that nobody has touched since there is a choice.
        (NoticeKind.REVIEW, {}, {EMAIL, SMS}),
        (NoticeKind.LIMIT, {}, {EMAIL, SMS}),
        (NoticeKind.SUSPENSION, {}, {EMAIL, SMS}),
        (NoticeKind.IMPORT, {}, {EMAIL}),
        (NoticeKind.IMPORT, {"IMPORT": ["SMS"]}, {SMS}),
        (NoticeKind.REVIEW, {"REVIEW": []}, set()),
        (NoticeKind.LIMIT, {"REVIEW": []}, {EMAIL, SMS}),
        # No choice is offered.
        (NoticeKind.EXPORT, {}, {EMAIL}),
        (NoticeKind.TEST, {"REVIEW": []}, {EMAIL, SMS}),
    ],
)
def test_by_which_ways_a_contact_is_told(kind, chosen, expected):
    contact = Contact(email="a@b.example", msisdn=NUMBER, notices=chosen)
    assert set(contact.told_by(kind)) == expected
    without_number = Contact(email="a@b.example", notices=chosen)
    assert set(without_number.told_by(kind)) == expected - {SMS}
    assert set(Contact(msisdn=NUMBER, notices=chosen).told_by(kind)) == expected - {EMAIL}


def test_each_address_is_told_once_and_people_first(organization):
    person = make_user(email="mei@example.com")
    make_contact(organization, email="Mei@example.com", msisdn=NUMBER)
    make_contact(organization, email="ops@example.com", msisdn=NUMBER)
    make_contact(make_active_organization(), email="elsewhere@example.com")
    tell_test(organization, people=[person, make_user(is_active=False)], contacts=True)
    assert told() == [
        ("EMAIL", "mei@example.com"),
        ("SMS", NUMBER),
        ("EMAIL", "ops@example.com"),
    ]
    assert Notice.objects.get(to="mei@example.com").person == person


def test_a_person_is_not_told_what_they_do_not_want(organization):
    person = make_user(unwanted_notices=["REVIEW"])
    assert not person.wants(NoticeKind.REVIEW)
    assert person.wants(NoticeKind.TASK_FAILED)
    other = make_user(unwanted_notices=["TEST"])
    tell_test(organization, people=[person, other])
    assert told() == [("EMAIL", person.email)]


def test_who_chose_nothing_reads_it_in_the_language_of_the_installation(organization):
    tell_test(organization, people=[make_user(language=""), make_user(language="fr")])
    assert list(Notice.objects.order_by("pk").values_list("language", flat=True)) == ["en", "fr"]


def test_times_are_those_of_the_organization_and_say_so(organization):
    tell(
        NoticeKind.SUSPENSION,
        organization,
        people=[make_user()],
        since=timezone.datetime(2026, 11, 29, 20, 30, tzinfo=timezone.get_fixed_timezone(0)),
        reason="Unpaid",
    )
    assert "30 November 2026, 04:30 HKT" in Notice.objects.get().text


# --- Durable --------------------------------------------------------------------------------------


def test_what_is_undone_tells_nobody(organization):
    with transaction.atomic():
        tell_test(organization, people=[make_user()])
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_a_lost_wake_up_costs_one_round(organization):
    """Nothing runs on commit here, as when the broker is away."""
    make_contact(organization, email="ops@example.com", msisdn=NUMBER)
    tell_test(organization, contacts=True)
    assert deliver_mail() == 1
    assert [mail.to for mail in outbox.outbox] == [["ops@example.com"]]
    assert "Mei of Harbourline sent you this test" in outbox.outbox[0].body
    done = Notice.objects.get(channel="EMAIL")
    assert (done.state, done.text, done.due_at) == ("SENT", "", None)
    assert deliver_mail() == 0
    # Whoever sends SMS has not been here.
    assert Notice.objects.get(channel="SMS").state == "WAITING"


def test_a_broker_that_is_away_breaks_nothing(
    organization, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def away(**_arguments):
        raise ConnectionError("no broker")

    monkeypatch.setattr("accounts.tasks.deliver_notices.delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        tell_test(organization, people=[make_user()])
    assert "no broker" in caplog.text
    assert Notice.objects.get().state == "WAITING"


class Killed(BaseException):
    """What kill -9 looks like from within: nothing after it runs."""


@pytest.mark.parametrize("has_left", [False, True])
def test_a_killed_worker_loses_no_mail(organization, monkeypatch, has_left):
    """Before the server has it, or after that and before it is written down."""
    for _number in range(3):
        tell_test(organization, people=[make_user()])
    send = EmailMessage.send

    def killed(mail):
        if has_left:
            send(mail)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", killed)
        with pytest.raises(Killed):
            deliver_mail()
    # The others do not wait; that one does, as long as somebody may still be at it.
    assert deliver_mail() == 2
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert deliver_mail() == 1
    assert {mail.to[0] for mail in outbox.outbox} == {to for _channel, to in told(state="SENT")}
    # At least once, and never more than the one that nobody could know of.
    assert len(outbox.outbox) == 3 + has_left


def test_who_comes_back_too_late_touches_nothing(organization):
    tell_test(organization, people=[make_user()])
    (slow,) = claim(EMAIL)
    assert list(claim(EMAIL)) == []
    with time_machine.travel(timezone.now() + LEASE * 2):
        (quick,) = claim(EMAIL)
        assert not sent(slow)
        failed(slow, "LATE", is_final=True)
        assert Notice.objects.get().state == "WAITING"
        assert sent(quick)
    assert (Notice.objects.get().state, Notice.objects.get().attempts) == ("SENT", 2)


# --- Mail servers ---------------------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch):
    """A mail server that answers with what the test names, by address; None takes the mail."""
    answers = {}

    def send(mail):
        (to,) = mail.to
        if answer := answers.get(to, answers.get("")):
            raise answer
        outbox.outbox.append(mail)

    monkeypatch.setattr(EmailMessage, "send", send)
    return answers


def test_a_server_that_is_away_is_asked_again_ever_later(organization, server):
    for _number in range(2):
        tell_test(organization, people=[make_user()])
    server[""] = ConnectionRefusedError()
    # One question a round, however much waits.
    assert deliver_mail() == 0
    first, second = Notice.objects.order_by("pk")
    assert (first.code, first.attempts, second.attempts) == ("MAIL_SERVER_AWAY", 1, 0)
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while (first := Notice.objects.get(pk=first.pk)).due_at:
            waits.append(first.due_at - timezone.now())
            clock.move_to(first.due_at + timedelta(seconds=1))
            deliver_mail()
            deliver_mail()
    assert sorted(waits[1:]) == waits[1:]
    assert (first.state, first.attempts) == ("FAILED", MOST_ATTEMPTS)
    assert first.text == ""


def test_a_server_that_comes_back_gets_all(organization, server):
    for _number in range(2):
        tell_test(organization, people=[make_user()])
    server[""] = smtplib.SMTPServerDisconnected()
    deliver_mail()
    del server[""]
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert deliver_mail() == 2
    assert set(Notice.objects.values_list("state", "code")) == {("SENT", "")}


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), "FAILED", "MAIL_REFUSED"),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), "WAITING", "MAIL_REFUSED"),
        (smtplib.SMTPDataError(554, b"spam"), "FAILED", "MAIL_REFUSED"),
        # Of the console's own login, not of this mail.
        (smtplib.SMTPAuthenticationError(535, b"no"), "WAITING", "MAIL_SERVER_AWAY"),
        (ValueError("a header"), "WAITING", "BROKEN"),
    ],
)
def test_what_is_wrong_with_one_mail_delays_no_other(organization, server, answer, state, code):
    bad, good = make_user(), make_user()
    tell_test(organization, people=[bad, good])
    server[bad.email] = answer
    deliver_mail()
    refused = Notice.objects.get(to=bad.email)
    assert (refused.state, refused.code) == (state, code)
    if code == "MAIL_SERVER_AWAY":
        deliver_mail()
    assert Notice.objects.get(to=good.email).state == "SENT"


def test_a_round_ends(organization):
    tell_test(organization, people=[make_user()])
    assert list(claim(EMAIL, seconds=0)) == []
    assert LEASE.total_seconds() > notice_delivery.ROUND_SECONDS


# --- Choosing -------------------------------------------------------------------------------------


def test_a_contact_is_told_what_was_checked(client):
    owner = make_member(Role.OWNER)
    log_in(client, owner)
    page = client.get(reverse("accounts:contact_create")).content.decode()
    assert page.count("checked") == 9
    form = {"name": "Ops", "email": "ops@example.com", "msisdn": NUMBER}
    chosen = ["REVIEW-SMS", "IMPORT-EMAIL", "IMPORT-SMS"]
    client.post(reverse("accounts:contact_create"), {**form, "notices": chosen})
    contact = Contact.objects.get()
    wanted = {kind: [] for kind in ("LIMIT", "GUARD", "SUSPENSION")}
    wanted |= {"REVIEW": ["SMS"], "IMPORT": ["EMAIL", "SMS"]}
    assert contact.notices == wanted
    where = reverse("accounts:contact_edit", args=[contact.pk])
    assert client.get(where).content.decode().count("checked") == 3
    answer = client.post(where, {**form, "notices": ["REVIEW-PIGEON"]})
    assert answer.status_code == 200
    assert answer.context["form"].errors["notices"]
    client.post(where, form)
    contact.refresh_from_db()
    assert set(map(len, contact.notices.values())) == {0}


def test_a_person_chooses_what_is_mailed(client):
    member = make_member(Role.VIEWER)
    log_in(client, member)
    where = reverse("accounts:notifications")
    assert client.get(where).content.decode().count("checked") == 7
    assert client.post(where, {"kinds": ["TASK_FAILED"]}).status_code == 302
    member.user.refresh_from_db()
    assert member.user.wants(NoticeKind.TASK_FAILED)
    assert not member.user.wants(NoticeKind.TASK_ENDED)
    # A suspension is told to owners whatever they choose.
    assert member.user.wants(NoticeKind.SUSPENSION)
    assert client.get(where).content.decode().count("checked") == 1
    assert client.post(where, {"kinds": ["SUSPENSION"]}).status_code == 200
    client.post(where, {})
    member.user.refresh_from_db()
    assert len(member.user.unwanted_notices) == 7
