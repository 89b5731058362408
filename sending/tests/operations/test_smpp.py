"""Operators see every client over SMPP, and end its binds."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import log_in, make_active_organization, make_operator
from sending.models import BindType, SmppAccount, SmppBind, SmppLockOut
from sending.tests.factories import a_number
from sending.tests.program_factories import make_program_messages
from sending.tests.smpp_factories import (
    make_bound_client,
    make_smpp_account,
    make_smpp_bind,
    make_smpp_lock_out,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return log_in(Client(), make_operator())


def page_of(client):
    response = client.get(reverse("operations:smpp_binds"))
    return BeautifulSoup(response.content.decode(), "html.parser")


def test_every_live_bind_is_listed_by_account(operator):
    first = make_active_organization(name="Harbourline Ltd")
    (message,) = make_program_messages(first, [a_number(1)])
    account = make_bound_client(message)
    other = make_smpp_account(make_active_organization().applications.get())
    make_smpp_bind(other, BindType.TRANSCEIVER)
    make_smpp_account(first.applications.get(), system_id="unbound")
    page = page_of(operator)
    text = page.get_text(" ", strip=True)
    assert "2 binds are live." in text
    assert len(page.select("main tbody tr")) == 2
    assert account.system_id in text
    assert "Harbourline Ltd" in text
    assert "1 receipt waits" in text
    assert "unbound" not in text


def test_ending_binds_is_written_down_and_told(operator, django_capture_on_commit_callbacks):
    account = make_smpp_account(make_active_organization().applications.get())
    other = make_smpp_account(make_active_organization().applications.get())
    for one in (account, other):
        make_smpp_bind(one, BindType.TRANSCEIVER)
    url = reverse("operations:smpp_disconnect", args=[account.pk])
    assert operator.post(url).status_code == 302
    account.refresh_from_db()
    assert account.is_enabled
    assert list(SmppBind.objects.values_list("account_id", flat=True)) == [other.pk]
    entry = AuditEntry.objects.get(action="smppaccount.binds_ended")
    assert entry.organization_id == account.organization_id


def test_operators_give_more_than_members_may_and_unlock_addresses(operator):
    account = make_smpp_account(make_active_organization().applications.get())
    lock_out = make_smpp_lock_out(account)
    url = reverse("admin:sending_smppaccount_change", args=[account.pk])
    fields = {"is_enabled": "on", "rate": 2_000, "window": 500, "most_binds": 10}
    operator.post(url, fields | {"most_transmitters": 10})
    assert SmppAccount.objects.get().rate == 2_000
    operator.post(reverse("admin:sending_smpplockout_delete", args=[lock_out.pk]), {"post": "yes"})
    assert not SmppLockOut.objects.exists()
