"""Notices by SMS: one message at most, by the console's own application, or a reason why not."""
# ruff: noqa: F811 - fixtures of another module.

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.utils import timezone

from accounts.actions import suspend
from accounts.actions.suspension import end_suspension
from accounts.errors import NotAllowed
from accounts.models import Member, Notice, Organization, SmsApplication, User
from accounts.notice_delivery import LEASE, claim, deliver_mail
from accounts.notice_kinds import NoticeChannel, NoticeKind
from accounts.notices import tell
from accounts.tests.factories import make_contact, make_operator
from sending import tasks
from sending.acceptance import messages as acceptance
from sending.delivery.queue import rendering
from sending.message_history import histories_of
from sending.models import ApiMessage, Message, Route, Suppression
from sending.notices import console, delivery, texts
from sending.notices.delivery import deliver_sms
from sending.tests.notices.telling import (  # noqa: F401 - fixtures.
    NUMBER,
    approve,
    contact,
    organization,
    way,
)
from templates_app.models import TextTemplateVersion

pytestmark = pytest.mark.django_db


def by_sms():
    return Notice.objects.get(channel="SMS")


def test_a_contact_is_told_by_the_consoles_own_application(organization, contact, way):
    approve(organization)
    assert deliver_sms() == 1
    notice, message = by_sms(), Message.objects.get()
    assert (notice.state, notice.code, notice.message_id) == ("SENT", "", message.pk)
    own = Organization.objects.get(is_system=True)
    assert (message.organization_id, message.msisdn, message.state) == (own.pk, NUMBER, "QUEUED")
    assert message.segments == 1
    assert message.cost_micro == 48_000
    asked = ApiMessage.objects.get()
    assert asked.request_id == f"notice-{notice.pk}"
    assert not asked.confirms_reply
    (history,) = histories_of([message])
    assert history.lines[0].sentence == "A notice of the console"
    assert deliver_sms() == 0


def test_the_console_itself_is_made_once_and_nobody_is_in_it(organization, contact, way):
    first = console.console_application()
    assert console.console_application() == first
    assert Organization.objects.filter(is_system=True).count() == 1
    assert not Member.objects.filter(organization=first.organization).exists()
    author = User.objects.get(email=console.ADDRESS)
    assert not author.is_active
    assert not author.has_usable_password()


def test_the_console_itself_is_never_suspended_by_accident(way):
    application = console.console_application()
    for subject in (application.organization, application):
        with pytest.raises(NotAllowed, match="own organization"):
            suspend(subject, actor=make_operator(), reason="x", cancels=True, stop=lambda: None)
        with pytest.raises(Exception, match="not suspended"):
            end_suspension(subject, actor=make_operator())


def test_a_wording_that_changed_is_the_next_version(monkeypatch, organization, contact, way):
    application = console.console_application()

    def template():
        return console.console_template(application, NoticeKind.REVIEW, "en")

    first = template()
    assert template().approved == first.approved
    kinds = {**texts.TEXTS["en"], NoticeKind.REVIEW: "SMS Console for {1}: {2}"}
    monkeypatch.setattr(texts, "TEXTS", {"en": kinds})
    approve(organization)
    assert deliver_sms() == 1
    versions = TextTemplateVersion.objects.filter(text_template=first).order_by("number")
    assert [(one.number, one.state) for one in versions] == [(1, "REPLACED"), (2, "APPROVED")]
    assert Message.objects.get().text_template_version_id == versions[1].pk


# --- Nothing can be sent --------------------------------------------------------------------------


def no_route():
    Route.objects.all().delete()


def switched_off():
    own = console.console_application()
    SmsApplication.objects.filter(pk=own.pk).update(is_enabled=False)


def answered_stop():
    own = console.console_application()
    Suppression.objects.create(
        organization_id=own.organization_id, msisdn=NUMBER, since=timezone.now()
    )


def used_up():
    own = console.console_application()
    Organization.objects.filter(pk=own.organization_id).update(daily_segment_limit=0)


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (no_route, "NO_ROUTE"),
        (switched_off, "APPLICATION_DISABLED"),
        (answered_stop, "SUPPRESSED"),
        (used_up, "DAILY_LIMIT"),
    ],
)
def test_where_nothing_can_be_sent_the_notice_says_why_and_mail_goes(
    organization, contact, way, prepare, code
):
    prepare()
    approve(organization)
    assert deliver_sms() == 0
    notice = by_sms()
    assert (notice.state, notice.code, notice.due_at) == ("FAILED", code, None)
    assert not Message.objects.exists()
    assert deliver_mail() == 1
    assert outbox.outbox[0].to == [contact.email]


def test_a_console_without_prices_and_gateways_says_so_too(organization, contact):
    approve(organization)
    deliver_sms()
    assert by_sms().code == "NO_PRICE"


def test_an_organization_has_so_many_a_day(organization, contact, way, monkeypatch):
    monkeypatch.setattr(delivery, "MOST_A_DAY", 2)
    for number in range(3):
        approve(organization, thing=f"Offer {number}")
    assert deliver_sms() == 2
    assert Notice.objects.get(channel="SMS", state="FAILED").code == "TOO_MANY_NOTICES"
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        approve(organization, thing="Offer 4")
        assert deliver_sms() == 1


# --- Killed workers -------------------------------------------------------------------------------


class Killed(BaseException):
    """What kill -9 looks like from within: nothing after it runs."""


def kill(*_arguments, **_options):
    raise Killed


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "place",
    [
        # Before it asks, and within the one transaction, around its writes.
        (delivery, "accept_messages"),
        (delivery, "sent"),
        (acceptance, "storage"),
        (acceptance.daily_use, "totals"),
    ],
)
def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(
    organization, contact, way, monkeypatch, place
):
    approve(organization)
    with monkeypatch.context() as patch:
        patch.setattr(*place, kill)
        with pytest.raises(Killed):
            deliver_sms()
    assert not Message.objects.exists()
    assert by_sms().state == "WAITING"
    assert deliver_sms() == 0
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert deliver_sms() == 1
        assert deliver_sms() == 0
    assert Message.objects.count() == 1
    assert by_sms().state == "SENT"


@pytest.mark.django_db(transaction=True)
def test_killed_after_the_commit_it_is_sent_all_the_same(organization, contact, way, monkeypatch):
    approve(organization)
    with monkeypatch.context() as patch:
        accept = delivery.accept_messages
        patch.setattr(delivery, "accept_messages", lambda *a, **o: kill(accept(*a, **o)))
        with pytest.raises(Killed):
            deliver_sms()
    with time_machine.travel(timezone.now() + 10 * LEASE):
        assert deliver_sms() == 0
    assert Message.objects.count() == 1
    assert by_sms().message_id == Message.objects.get().pk


def test_of_two_workers_one_has_it_accepted(organization, contact, way):
    """The first is so slow that another one takes its lease over."""
    approve(organization)
    (slow,) = claim(NoticeChannel.SMS)
    with time_machine.travel(timezone.now() + LEASE * 2):
        assert deliver_sms() == 1
        with pytest.raises(delivery._LeaseLost):
            delivery._deliver(slow)
    assert Message.objects.count() == 1


def test_one_that_is_broken_delays_no_other(organization, contact, way):
    approve(organization)
    Notice.objects.filter(channel="SMS").update(kind="EXPORT")
    make_contact(organization, email="", msisdn="+85261234568")
    tell(NoticeKind.TEST, organization, contacts=True, person="Mei")
    assert deliver_sms() == 2
    broken = Notice.objects.get(channel="SMS", kind="EXPORT")
    assert (broken.state, broken.code) == ("WAITING", "BROKEN")


@pytest.mark.django_db(transaction=True)
def test_the_commit_wakes_who_delivers(organization, contact, way, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks.submit, "delay", lambda: woken.append("senders"))
    monkeypatch.setattr(tasks.deliver_notices, "delay", tasks.deliver_notices)
    approve(organization)
    assert woken == ["senders"]
    assert rendering.text_of(Message.objects.get()).startswith(
        "SMS Console, review result for Harbourline"
    )
