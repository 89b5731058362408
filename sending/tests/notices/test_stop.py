"""Contacts who answer notices: STOP is obeyed, START undoes it, nobody answers for ever."""
# ruff: noqa: F811 - fixtures of another module.

import pytest
from django.core import mail as outbox

from accounts.actions import delete_contact, edit_contact
from accounts.models import Notice, Organization
from accounts.notice_delivery import deliver_mail
from accounts.roles import Role
from accounts.tests.factories import make_contact, make_member
from sending import tasks
from sending.lifecycle import MessageState
from sending.models import InboundMessage, Message, Suppression
from sending.notices import console
from sending.notices.delivery import deliver_sms
from sending.tests.factories import move
from sending.tests.notices.telling import (  # noqa: F401 - fixtures.
    NUMBER,
    approve,
    contact,
    organization,
    way,
)
from sending.tests.replies.handsets import answer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_wake_ups(monkeypatch):
    for name in ("put_replies_together", "submit"):
        monkeypatch.setattr(getattr(tasks, name), "delay", lambda: None)


def told(organization, thing):
    """Tell the contacts; the state and code of the newest notice by SMS."""
    approve(organization, thing=thing)
    deliver_sms()
    notice = Notice.objects.for_organization(organization).filter(channel="SMS").latest("pk")
    move(Message.objects.filter(state="QUEUED"), MessageState.DELIVERED)
    return notice.state, notice.code


def answered(text):
    """Let the contact answer its newest notice; the originator is the gateway's own."""
    answer(Message.objects.latest("pk"), text, destination="Harbourline")


def test_stop_ends_texts_of_notices_only_and_start_brings_them_back(organization, contact, way):
    other = make_contact(organization, name="Bo", email="bo@example.com", msisdn="+85261234568")
    assert told(organization, "One") == ("SENT", "")
    answer(Message.objects.get(msisdn=NUMBER), "STOP", destination="Harbourline")
    own = console.console_application().organization
    assert Suppression.objects.suppressed(own.pk, [NUMBER]) == {NUMBER}
    # It is the contact of an organization, not one of its customers.
    assert not Suppression.objects.for_organization(organization).exists()
    approve(organization, thing="Two")
    deliver_sms()
    newest = Notice.objects.for_organization(organization).filter(channel="SMS").order_by("-pk")
    assert {(n.to, n.state, n.code) for n in newest[:2]} == {
        (NUMBER, "FAILED", "SUPPRESSED"),
        (other.msisdn, "SENT", ""),
    }
    deliver_mail()
    assert [mail.to for mail in outbox.outbox].count([contact.email]) == 2
    answer(Message.objects.filter(msisdn=NUMBER).latest("pk"), "START", destination="Harbourline")
    assert told(organization, "Three") == ("SENT", "")


def test_a_handset_that_answers_everything_is_answered_nothing(organization, contact, way):
    told(organization, "One")
    for text in ("STOP", "START", "I am away.", "STOP", "START") * 4:
        answered(text)
    assert Message.objects.count() == 1
    assert InboundMessage.objects.count() == 20
    # Nor does a reply tell anybody anything that could be answered.
    assert Notice.objects.exclude(kind="REVIEW").count() == 0


def test_the_console_running_dry_tells_nobody_by_a_text(organization, contact, way):
    own = console.console_application().organization
    Organization.objects.filter(pk=own.pk).update(daily_segment_limit=2)
    states = [told(organization, str(number))[0] for number in range(6)]
    assert states == ["SENT"] * 2 + ["FAILED"] * 4
    assert not Notice.objects.for_organization(own).exists()
    assert Message.objects.count() == 2


@pytest.mark.parametrize("act", ["delete", "change"])
def test_what_waits_for_an_address_that_is_gone_goes_nowhere(organization, contact, way, act):
    actor = make_member(Role.OWNER, organization).user
    approve(organization)
    pk = contact.pk
    if act == "delete":
        delete_contact(contact=contact, actor=actor)
    else:
        edit_contact(
            contact=contact,
            actor=actor,
            name="Mei",
            email=contact.email,
            msisdn="+85261234569",
            notices={},
        )
    deliver_sms()
    deliver_mail()
    assert not Message.objects.exists()
    notice = Notice.objects.get(channel="SMS")
    assert (notice.state, notice.code) == ("FAILED", "CONTACT_CHANGED")
    # The mail still has somebody to go to, unless the contact is gone.
    assert len(outbox.outbox) == (0 if act == "delete" else 1)
    assert notice.contact_id in {None, pk}
