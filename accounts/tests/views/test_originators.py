"""The pages of originators: requested by who manages, decided on the desk, chosen by country."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Originator, OriginatorState
from accounts.roles import Role
from accounts.tests.factories import (
    log_in,
    make_active_organization,
    make_member,
    make_operator,
    make_organization,
    make_originator,
    make_reviewer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_member(Role.OWNER, make_active_organization())


def test_one_is_requested_decided_and_chosen_for_a_country(client, owner):
    log_in(client, owner)
    ask = reverse("accounts:originator_request")
    assert "Handsets cannot show" in client.post(ask, {"address": "Müller"}).text
    asked = {"address": "+44 7700 900123", "country": "GB", "remarks": "Rented."}
    assert "waiting for review" not in client.post(ask, asked, follow=True).text
    assert "waiting for review" in client.post(ask, asked).text
    originator = Originator.objects.get()
    assert (originator.address, originator.state) == ("+447700900123", "PENDING")
    make_originator(make_organization(), "+447700900123")
    log_in(client, make_reviewer())
    desk = reverse("admin:review_item", args=["originator", originator.pk])
    shown = client.get(desk).text
    assert "+447700900123" in shown
    assert "Organization " in shown, "another one has it, too"
    client.post(
        desk,
        {
            "decision": "approve",
            "note": "",
            "reasons-TOTAL_FORMS": "0",
            "reasons-INITIAL_FORMS": "0",
        },
    )
    log_in(client, owner)
    assert "Approved" in client.get(reverse("accounts:originators")).text
    application = owner.organization.applications.get()
    choose = reverse("applications:country_originators", args=[application.pk])
    refused = client.post(choose, {"country": "DE", "originator": "+447700900123"})
    assert "not an approved originator" in refused.text
    client.post(choose, {"country": "GB", "originator": "+447700900123"})
    choice = application.country_originators.get()
    assert (choice.country, choice.originator) == ("GB", originator)
    remove = reverse("applications:country_originator_remove", args=[application.pk, choice.pk])
    client.post(remove)
    assert not application.country_originators.exists()


def test_a_rejection_says_why(client, owner):
    originator = make_originator(
        owner.organization, "Bank", OriginatorState.PENDING, submitted_by=owner.user
    )
    log_in(client, make_reviewer())
    client.post(
        reverse("admin:review_item", args=["originator", originator.pk]),
        {"decision": "reject", "reasons": ["OWNER_UNCLEAR"], "note": "Show that it is yours."},
    )
    log_in(client, owner)
    page = client.get(reverse("accounts:originators")).text
    assert "Rejected" in page
    assert "Show that it is yours." in page


def test_staff_take_one_away(client, owner):
    originator = make_originator(owner.organization)
    log_in(client, make_operator())
    client.post(
        reverse("admin:accounts_originator_changelist"),
        {"action": "withdraw", "_selected_action": [originator.pk]},
    )
    originator.refresh_from_db()
    assert originator.state == "WITHDRAWN"
    acts = AuditEntry.objects.for_organization(owner.organization)
    assert acts.filter(action="originator.withdrawn").exists()
