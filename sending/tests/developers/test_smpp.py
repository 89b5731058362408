"""The pages of SMPP accounts: made, changed, watched, and what waits for their clients."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import (
    PASSWORD,
    log_in,
    make_active_organization,
    make_member,
    make_originator,
    make_user,
)
from sending import smpp_accounts
from sending.developers.smpp import again, statuses
from sending.developers.smpp.forms import SmppAccountForm, initial_of
from sending.lifecycle import MessageState
from sending.models import BindType, SmppAccount, SmppReceipt
from sending.smpp_server import statuses as answered
from sending.tests.factories import a_number, move
from sending.tests.program_factories import make_program_messages
from sending.tests.smpp_factories import (
    SMPP_PASSWORD,
    make_smpp_account,
    make_smpp_bind,
    make_smpp_lock_out,
    make_smpp_receipt,
    make_smpp_refusal,
)

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


def member_of(organization, role):
    client = log_in(Client(), make_member(role, organization, make_user(password=PASSWORD)))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def shown(client, name, *args, **query):
    response = client.get(reverse(f"developers:{name}", args=args, query=query))
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def words(page):
    return page.get_text(" ", strip=True)


def press(client, page_name, /, *args, **fields):
    response = client.post(reverse(f"developers:{page_name}", args=args), fields, follow=True)
    assert response.status_code == 200
    return words(BeautifulSoup(response.content.decode(), "html.parser"))


def fields_of(account, **changes):
    given = {name: value for name, value in initial_of(account).items() if value is not False}
    return given | changes


def receipts_of(account, count=3, **fields):
    messages = make_program_messages(
        account.organization,
        [a_number(n) for n in range(count)],
        application=account.application,
    )
    move(messages, MessageState.DELIVERED)
    return [make_smpp_receipt(account, message, **fields) for message in messages]


# --- Accounts -------------------------------------------------------------------------------------


def test_a_new_account_shows_its_password_once_beside_how_to_bind(owner, organization):
    application = organization.applications.get()
    fresh = fields_of(SmppAccount(), name="Shop", requires_tls="on", application=application.pk)
    page = owner.post(reverse("developers:smpp_create"), fresh)
    account = SmppAccount.objects.get()
    text = BeautifulSoup(page.content.decode(), "html.parser")
    password = text.select_one("#copy-smpp-password").text
    assert len(password) == 8
    assert account.has_password(password)
    assert password not in account.password
    assert text.select_one("#copy-system-id").text == account.system_id
    assert account.system_id.startswith("sms-")
    assert password not in str(shown(owner, "smpp_account", account.pk))
    entry = AuditEntry.objects.get(action="smppaccount.created")
    assert password not in str(entry.details)


def test_a_client_may_keep_its_system_id_unless_somebody_has_it(owner, organization, account):
    fresh = fields_of(
        SmppAccount(),
        name="Shop",
        requires_tls="on",
        application=organization.applications.get().pk,
    )
    taken = press(owner, "smpp_create", **fresh | {"system_id": account.system_id})
    assert "This system_id is taken" in taken
    wrong = press(owner, "smpp_create", **fresh | {"system_id": "no spaces"})
    assert "Use 1 to 15 letters" in wrong
    press(owner, "smpp_create", **fresh | {"system_id": "MY_shop-1"})
    assert SmppAccount.objects.filter(system_id="MY_shop-1").exists()


def test_an_application_of_others_gets_no_account(owner):
    other = make_active_organization().applications.get()
    fresh = fields_of(SmppAccount(), name="X", requires_tls="on", application=other.pk)
    for pk in (other.pk, "9" * 40, "x", ""):
        press(owner, "smpp_create", **fresh | {"application": pk})
    assert not SmppAccount.objects.exists()


def test_an_application_has_so_many_accounts_and_no_more(owner, organization, monkeypatch):
    monkeypatch.setattr(smpp_accounts, "MOST_SMPP_ACCOUNTS", 1)
    application = organization.applications.get()
    make_smpp_account(application)
    fresh = fields_of(SmppAccount(), name="X", requires_tls="on", application=application.pk)
    assert "has 1 SMPP accounts" in press(owner, "smpp_create", **fresh)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"allowed_networks": "", "requires_tls": ""}, "Choose TLS, or enter the addresses"),
        ({"allowed_networks": "0.0.0.0/0"}, "is every address"),
        ({"allowed_networks": "nowhere"}, "is not an address or a network"),
        ({"most_binds": 2, "most_transmitters": 3}, "Enter at most as many as binds"),
        ({"rate": 101}, "Enter a whole number from 1 to 100."),
        ({"window": "ten"}, "Enter a whole number from 1 to 100."),
        ({"replaces_originators": "on"}, "Choose the originator to send with."),
        ({"originator": "Theirs"}, "Choose an approved originator"),
        ({"keep_days": 31}, "Enter a whole number from 1 to 30."),
        ({"receipt_zone": "Moon/Far"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_in_words(owner, account, changes, sentence):
    assert sentence in press(owner, "smpp_edit", account.pk, **fields_of(account, **changes))


def test_settings_are_changed_and_written_down(owner, account):
    make_originator(account.organization, "Harbour")
    changes = {
        "rate": 50,
        "window": 20,
        "originator": "Harbour",
        "allowed_networks": "203.0.113.9",
        "uses_plain_statuses": "on",
        "default_coding": "LATIN_1",
        "receipt_zone": "Asia/Hong_Kong",
    }
    press(owner, "smpp_edit", account.pk, **fields_of(account, **changes))
    account.refresh_from_db()
    assert (account.rate, account.window, account.originator) == (50, 20, "Harbour")
    assert account.allowed_networks == ["203.0.113.9/32"]
    assert account.uses_plain_statuses
    entry = AuditEntry.objects.get(action="smppaccount.changed")
    assert set(entry.details["fields"]) == changes.keys()
    page = words(shown(owner, "smpp_account", account.pk))
    assert "50 submit_sm a second, window 20 a bind" in page


def test_what_operators_gave_stays_possible(owner, account):
    account.rate = 2_000
    account.save()
    press(owner, "smpp_edit", account.pk, **fields_of(account, window=11))
    account.refresh_from_db()
    assert (account.rate, account.window) == (2_000, 11)


@pytest.mark.parametrize(("hours", "works"), [(24, True), (0, False)])
def test_a_new_password_takes_over_with_or_without_an_overlap(owner, account, hours, works):
    response = owner.post(reverse("developers:smpp_password", args=[account.pk]), {"hours": hours})
    page = BeautifulSoup(response.content.decode(), "html.parser")
    password = page.select_one("#copy-smpp-password").text
    account.refresh_from_db()
    assert account.has_password(password)
    assert account.has_password(SMPP_PASSWORD) is works
    assert ("The earlier password works until" in words(page)) is works
    account.earlier_until = timezone.now() - timedelta(seconds=1) if works else None
    assert not account.has_password(SMPP_PASSWORD)


def test_an_account_is_switched_off_and_on(owner, account):
    assert "Its binds are ended" in words(shown(owner, "smpp_disable", account.pk))
    assert "is switched off" in press(owner, "smpp_disable", account.pk)
    account.refresh_from_db()
    assert not account.is_enabled
    assert "is switched on" in press(owner, "smpp_enable", account.pk)
    account.refresh_from_db()
    assert account.is_enabled
    assert {"smppaccount.disabled", "smppaccount.enabled"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_the_buttons_are_for_those_who_manage(organization, account):
    receipts_of(account, dead=True)
    viewer = member_of(organization, Role.VIEWER)
    for name, args in (
        ("smpp_accounts", []),
        ("smpp_account", [account.pk]),
        ("smpp_receipts", [account.pk]),
    ):
        page = shown(viewer, name, *args, show="dead")
        assert not page.select("main form[method=post]")
        assert not page.select("main .page-actions")


# --- Binds ----------------------------------------------------------------------------------------


def test_live_binds_are_shown_and_dead_ones_are_not(owner, account):
    make_smpp_bind(account, BindType.TRANSCEIVER, is_tls=True, submitted=1234, throttled=5)
    old = timezone.now() - timedelta(minutes=5)
    make_smpp_bind(account, BindType.RECEIVER, address="192.0.2.99", seen_at=old)
    (row,) = shown(owner, "smpp_account", account.pk).select("[aria-labelledby=binds-h] tbody tr")
    text = words(row)
    assert "Submits and receives TLS 192.0.2.7" in text
    assert "3 of 10 7 of 10 1,234" in text
    assert "5 throttled" in text


@pytest.mark.parametrize(
    ("kinds", "warned"),
    [
        ([], True),
        ([BindType.TRANSMITTER], True),
        ([BindType.TRANSMITTER, BindType.RECEIVER], False),
        ([BindType.TRANSCEIVER], False),
    ],
)
def test_receipts_that_nothing_receives_are_said_so(owner, account, kinds, warned):
    for kind in kinds:
        make_smpp_bind(account, kind)
    receipts_of(account)
    for name, args in (
        ("smpp_accounts", []),
        ("smpp_account", [account.pk]),
        ("smpp_receipts", [account.pk]),
    ):
        text = words(shown(owner, name, *args))
        assert ("Kannel has no receivers connected. 3 receipts wait" in text) is warned


def test_refusals_and_failed_binds_are_told_with_the_reason(owner, account):
    make_smpp_refusal(account)
    make_smpp_refusal(account, status=0x58, code="RATE", sentence="Too fast.")
    make_smpp_lock_out(account)
    text = words(shown(owner, "smpp_account", account.pk))
    assert "not one of your approved text templates" in text
    assert "0x58 ESME_RTHROTTLED +852****05 Too fast. RATE" in text
    assert "198.51.100.9 Wrong password." in text
    assert "are not looked at until" in text


# --- Receipts -------------------------------------------------------------------------------------


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
    from sending.developers.smpp import queries

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


# --- Statuses -------------------------------------------------------------------------------------


def test_every_status_that_a_refusal_can_be_is_explained(owner):
    listed = {status.value for status in statuses.STATUSES}
    possible = {*answered._OF_CODE.values(), *answered._OF_KIND.values(), *answered.Vendor}
    possible |= {answered.shown(status, plain=True) for status in possible}
    assert possible <= listed
    page = shown(owner, "smpp_statuses")
    assert len(page.select("tbody tr")) == len(listed) == len(statuses.STATUSES)
    assert "0x401 (0x45) LIMIT_REACHED" in words(page)


def test_the_form_has_every_setting_of_an_account():
    settings = {"application", "system_id", "is_enabled"}
    own = {field.name for field in SmppAccount._meta.fields if field.editable} - settings
    own -= {"id", "organization", "created_by", "created_at"}
    assert own == set(SmppAccountForm.base_fields)
