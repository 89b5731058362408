"""Owners are told, once, of receipts that wait for a client and that no bind takes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notice
from accounts.roles import Role
from accounts.tests.factories import make_active_organization, make_contact, make_member
from sending import smpp_notices
from sending.lifecycle import MessageState
from sending.models import BindType, SmppReceipt
from sending.tests.factories import a_number, move
from sending.tests.program_factories import make_program_messages
from sending.tests.smpp_factories import make_smpp_account, make_smpp_bind, make_smpp_receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    organization = make_active_organization()
    make_member(Role.OWNER, organization)
    make_member(Role.SENDER, organization)
    return make_smpp_account(organization.applications.get(), keep_days=7)


@pytest.fixture
def late(account):
    """Two receipts that have waited for more than an hour."""
    numbers = [a_number(1), a_number(2)]
    messages = make_program_messages(account.organization, numbers, application=account.application)
    move(messages, MessageState.DELIVERED)
    at = timezone.now() - timedelta(minutes=61)
    return [make_smpp_receipt(account, message, at=at) for message in messages]


def test_owners_and_alarm_contacts_are_told_once(account, late):
    account.application.alarm_contacts.add(make_contact(account.organization))
    assert smpp_notices.tell_due() == 1
    assert smpp_notices.tell_due() == 0
    owner, contact = Notice.objects.order_by("pk")
    assert owner.person
    assert contact.contact
    assert owner.subject == "Kannel has no receivers connected"
    assert "2 delivery receipts wait" in owner.text
    assert f"/developers/smpp/{account.pk}/" in owner.text


@pytest.mark.parametrize("kind", BindType)
def test_a_client_that_receives_is_none_of_our_business(account, late, kind):
    make_smpp_bind(account, kind)
    assert smpp_notices.tell_due() == (kind is BindType.TRANSMITTER)


def test_a_bind_of_a_server_that_died_receives_nothing(account, late):
    make_smpp_bind(account, BindType.RECEIVER, seen_at=timezone.now() - timedelta(minutes=5))
    assert smpp_notices.tell_due() == 1


def test_nothing_is_told_within_an_hour_nor_of_dead_letters_or_accounts_that_are_off(account, late):
    SmppReceipt.objects.update(at=timezone.now() - timedelta(minutes=59))
    assert smpp_notices.tell_due() == 0
    SmppReceipt.objects.update(at=timezone.now() - timedelta(hours=2), dead_at=timezone.now())
    assert smpp_notices.tell_due() == 0
    SmppReceipt.objects.update(dead_at=None)
    account.is_enabled = False
    account.save()
    assert smpp_notices.tell_due() == 0


def test_the_next_time_is_told_again(account, late):
    assert smpp_notices.tell_due() == 1
    bind = make_smpp_bind(account, BindType.TRANSCEIVER)
    assert smpp_notices.tell_due() == 0
    bind.delete()
    assert smpp_notices.tell_due() == 1
