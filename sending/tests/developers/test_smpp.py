"""The pages of SMPP accounts: made, changed, watched, and what waits for their clients."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import (
    make_active_organization,
    make_originator,
)
from sending.developers.smpp import actions, statuses
from sending.developers.smpp.forms import SmppAccountForm
from sending.models import BindType, SmppAccount
from sending.smpp_accounts import making
from sending.smpp_server import statuses as answered
from sending.tests.developers.smpp_pages import (
    fields_of,
    member_of,
    press,
    receipts_of,
    shown,
    words,
)
from sending.tests.smpp_factories import (
    SMPP_PASSWORD,
    make_smpp_account,
    make_smpp_bind,
    make_smpp_lock_out,
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


def test_owners_are_told_of_accounts_and_passwords(owner, organization, account, monkeypatch):
    mails = []
    for module in (actions, making):
        monkeypatch.setattr(module, "send_later", mails.extend)
    fresh = fields_of(
        SmppAccount(),
        name="Shop",
        requires_tls="on",
        application=organization.applications.get().pk,
    )
    press(owner, "smpp_create", **fresh)
    owner.post(reverse("developers:smpp_password", args=[account.pk]), {"hours": 24})
    made, renewed = mails
    assert "has a new SMPP account" in made.subject
    assert "It may bind from everywhere, over TLS." in made.text
    assert "has a new password" in renewed.subject
    assert "The earlier password works until" in renewed.text


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
    monkeypatch.setattr(making, "MOST_SMPP_ACCOUNTS", 1)
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
        "names_templates": "on",
        "certificate_sha256": f"sha256 Fingerprint={':'.join(['AB'] * 32)}",
        "default_coding": "LATIN_1",
        "receipt_zone": "Asia/Hong_Kong",
    }
    press(owner, "smpp_edit", account.pk, **fields_of(account, **changes))
    account.refresh_from_db()
    assert (account.rate, account.window, account.originator) == (50, 20, "Harbour")
    assert account.allowed_networks == ["203.0.113.9/32"]
    assert account.uses_plain_statuses
    assert account.names_templates
    assert account.certificate_sha256 == "ab" * 32
    entry = AuditEntry.objects.get(action="smppaccount.changed")
    assert set(entry.details["fields"]) == changes.keys()
    page = words(shown(owner, "smpp_account", account.pk))
    assert "50 submit_sm a second, a window of 20 for each bind" in page


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
    assert "Its binds end within seconds" in words(shown(owner, "smpp_disable", account.pk))
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
    assert "Locked out until" in text


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
