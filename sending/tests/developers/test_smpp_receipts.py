"""The pages of receipts for SMPP clients: what waits, what was given up, and sent again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import make_active_organization
from sending.developers.smpp import again, queries
from sending.models import Message, SmppReceipt
from sending.models.smpp_receipt import OutboxKind
from sending.tests.developers.smpp_pages import member_of, press, receipts_of, shown, words
from sending.tests.factories import make_reply
from sending.tests.smpp_factories import make_smpp_account
from smsconsole.templatetags.ui import spaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_active_organization(time_zone="Asia/Hong_Kong")


@pytest.fixture
def account(organization):
    return make_smpp_account(organization.applications.get())


@pytest.fixture
def owner(organization):
    return member_of(organization, Role.OWNER)


def test_what_waits_is_the_oldest_first_and_what_was_given_up_the_newest(owner, account):
    waiting = receipts_of(account)
    dead = receipts_of(account, dead=True)
    rows = shown(owner, "smpp_receipts", account.pk).select("tbody th")
    assert [int(row.text) for row in rows] == [one.subject_id for one in waiting]
    page = shown(owner, "smpp_receipts", account.pk, show="dead")
    assert [int(row.text) for row in page.select("tbody th")] == [
        one.subject_id for one in reversed(dead)
    ]
    assert "The client answered ESME_RX_P_APPN." in words(page)


def test_a_reply_shows_who_replied(owner, account, organization):
    [receipt] = receipts_of(account, 1)
    message = Message.objects.for_organization(organization).get(pk=receipt.message_id)
    reply = make_reply(message)
    SmppReceipt.objects.update(
        kind=OutboxKind.REPLY.value, subject_id=reply.pk, message_id=reply.pk, state=""
    )
    [row] = shown(owner, "smpp_receipts", account.pk).select("tbody tr")
    assert row.select_one(".msisdn").text == spaced(reply.msisdn)
    assert "Reply" in row.text


def test_a_list_is_filtered_by_message_id_and_state(owner, account):
    _first, second, third = receipts_of(account)
    SmppReceipt.objects.filter(pk=third.pk).update(state="EXPIRED")

    def ids(**query):
        rows = shown(owner, "smpp_receipts", account.pk, **query).select("tbody th")
        return [int(row.text) for row in rows]

    assert ids(message_id=second.subject_id) == [second.subject_id]
    assert ids(state="EXPIRED") == [third.subject_id]
    # What is no filter is none.
    assert len(ids(message_id="x" * 500, state="NO")) == 3
    assert len(ids(message_id="9" * 30)) == 3


def test_a_list_goes_on_from_page_to_page(owner, account, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    for dead in (False, True):
        receipts = receipts_of(account, 5, dead=dead)
        query, seen = {"show": "dead" if dead else "waiting"}, []
        while query:
            page = shown(owner, "smpp_receipts", account.pk, **query)
            seen += [int(row.text) for row in page.select("tbody th")]
            further = page.select("nav.table-foot a[href*='after=']")
            after = further and further[-1]["href"].partition("after=")[2].partition("&")[0]
            query = {**query, "after": after} if after and after != query.get("after") else {}
            if not further or len(seen) >= 5:
                break
        wanted = [one.subject_id for one in receipts]
        assert seen == (wanted[::-1] if dead else wanted)


def test_one_is_sent_again_and_waits(owner, account):
    (dead,) = receipts_of(account, 1, dead=True)
    assert "sent again as soon as" in press(owner, "smpp_receipt_again", account.pk, dead.pk)
    assert "waiting already" in press(owner, "smpp_receipt_again", account.pk, dead.pk)
    dead.refresh_from_db()
    assert (dead.dead_at, dead.attempts, dead.error) == (None, 0, "")
    assert AuditEntry.objects.filter(action="smppaccount.sent_again").count() == 1


@pytest.mark.parametrize("by", ["id", "state", "period", "nothing"])
def test_many_are_sent_again_by_id_state_or_period(owner, account, by):
    one, other = receipts_of(account, 2, dead=True)
    # 23:30 of the day before in Hong Kong.
    before = timezone.now().astimezone(account.organization.zone).replace(hour=0, minute=0)
    SmppReceipt.objects.filter(pk=other.pk).update(
        state="EXPIRED", dead_at=before - timedelta(minutes=30)
    )
    yesterday = (before - timedelta(minutes=30)).date().isoformat()
    fields, expected = {
        "id": ({"message_id": one.subject_id}, [one]),
        "state": ({"state": "EXPIRED"}, [other]),
        "period": ({"first": yesterday, "last": yesterday}, [other]),
        "nothing": ({}, [one, other]),
    }[by]
    said = press(owner, "smpp_receipts_again", account.pk, **fields)
    assert f"{len(expected)} {'is' if len(expected) == 1 else 'are'} sent again." in said
    assert list(SmppReceipt.objects.waiting().order_by("pk")) == expected
    again_said = press(owner, "smpp_receipts_again", account.pk, message_id=9)
    assert "Nothing that was given up matches." in again_said


def test_one_press_takes_so_many(owner, account, monkeypatch):
    monkeypatch.setattr(again, "MOST_AGAIN", 2)
    receipts_of(account, 3, dead=True)
    assert "There may be more" in press(owner, "smpp_receipts_again", account.pk)
    assert SmppReceipt.objects.dead().count() == 1


def test_days_in_the_wrong_order_are_refused(owner, account):
    receipts_of(account, 1, dead=True)
    said = press(owner, "smpp_receipts_again", account.pk, first="2026-05-05", last="2026-05-04")
    assert "not before the first" in said


def test_receipts_of_another_account_are_not_sent_again(owner, account, organization):
    other = make_smpp_account(organization.applications.get())
    (dead,) = receipts_of(other, 1, dead=True)
    url = reverse("developers:smpp_receipt_again", args=[account.pk, dead.pk])
    assert owner.post(url).status_code == 404
    press(owner, "smpp_receipts_again", account.pk)
    assert SmppReceipt.objects.dead().count() == 1
