"""Operators make an organization and invite its owner, and nobody into what belongs to others."""

import pytest
from django.core import mail as outbox
from django.urls import reverse

from accounts.models import AuditEntry, Invitation, Organization
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_operator, make_organization

pytestmark = pytest.mark.django_db
ADD = "admin:accounts_organization_add"
FIELDS = {
    "name": "Lumen and Oak Ltd",
    "time_zone": "Europe/London",
    "daily_segment_limit": "500",
    "website": "lumenoak.example",
    "allowed_countries": "[]",
    "members-TOTAL_FORMS": "0",
    "members-INITIAL_FORMS": "0",
}


@pytest.fixture
def operator(client):
    operator = make_operator()
    log_in(client, operator)
    return operator


def test_an_operator_gives_a_new_organization_its_owner(
    client, operator, send_mail_at_once, django_capture_on_commit_callbacks
):
    assert "Owner" in client.get(reverse(ADD)).text
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse(ADD), {**FIELDS, "owner_email": "Ada@lumenoak.example"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    organization = Organization.objects.get()
    assert organization.website == "https://lumenoak.example"
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("ada@lumenoak.example", Role.OWNER)
    assert (invitation.organization, invitation.invited_by) == (organization, operator)
    assert [mail.to for mail in outbox.outbox] == [["ada@lumenoak.example"]]
    trail = AuditEntry.objects.for_organization(organization).order_by("pk")
    assert [entry.action for entry in trail] == ["member.invited", "organization.added"]


def test_without_an_address_nobody_is_invited(client, operator):
    client.post(reverse(ADD), FIELDS)
    organization = Organization.objects.get()
    assert not Invitation.objects.exists()
    # It can be made up for as long as there is no owner.
    change = reverse("admin:accounts_organization_change", args=[organization.pk])
    client.post(change, {**FIELDS, "owner_email": "ada@lumenoak.example"})
    assert Invitation.objects.get().organization == organization


def test_nobody_is_let_into_what_has_an_owner(client, operator):
    organization = make_member(Role.OWNER, make_organization(name="Lumen and Oak Ltd")).organization
    change = reverse("admin:accounts_organization_change", args=[organization.pk])
    assert "Owner’s" not in client.get(change).text
    assert "owner_email" not in client.get(change).text
    client.post(change, {**FIELDS, "owner_email": "mallory@bad.example"})
    assert not Invitation.objects.exists()


def test_an_address_that_is_none_is_said(client, operator):
    answer = client.post(reverse(ADD), {**FIELDS, "owner_email": "ada"})
    assert answer.status_code == 200
    assert not Organization.objects.exists()
