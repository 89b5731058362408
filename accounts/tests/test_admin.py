"""The administration: one way in, read-only history, no way to give oneself more."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, User
from accounts.tests.factories import (
    log_in,
    make_activation,
    make_api_key,
    make_application,
    make_contact,
    make_member,
    make_operator,
    make_organization,
    make_reviewer,
    make_user,
)

pytestmark = pytest.mark.django_db

MODELS = (
    "user",
    "organization",
    "member",
    "serviceactivation",
    "smsapplication",
    "apikey",
    "contact",
    "auditentry",
)


def test_the_admins_login_is_the_consoles_own(client):
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_people_who_are_not_staff_stay_out(client):
    answer = log_in(client, make_user()).get(reverse("admin:login"))
    assert answer.status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_operators_see_every_list_and_row(client, model):
    member = make_member()
    make_activation(member.organization)
    make_api_key(make_application(member.organization))
    make_contact(member.organization)
    AuditEntry.record(action="x.y", subject="z", organization=member.organization)
    log_in(client, make_operator())
    listed = client.get(reverse(f"admin:accounts_{model}_changelist"))
    assert listed.status_code == 200
    row = listed.context["cl"].result_list[0]
    assert client.get(reverse(f"admin:accounts_{model}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", ["member", "serviceactivation", "contact", "auditentry"])
def test_history_cannot_be_added_changed_or_deleted_even_by_superusers(client, model):
    member = make_member()
    make_activation(member.organization)
    make_contact(member.organization)
    entry = AuditEntry.record(action="x.y", subject="z", organization=member.organization)
    log_in(client, User.objects.create_superuser("root@example.com"))
    assert client.get(reverse(f"admin:accounts_{model}_add")).status_code == 403
    row = client.get(reverse(f"admin:accounts_{model}_changelist")).context["cl"].result_list[0]
    for view in ("change", "delete"):
        address = reverse(f"admin:accounts_{model}_{view}", args=[row.pk])
        assert client.post(address, {"post": "yes", "subject": "forged"}).status_code == 403
    entry.refresh_from_db()
    assert entry.subject == "z"


@pytest.mark.parametrize("chosen", ["abc", "9" * 30, "9" * 5_000, "a\0", "1e5", "-1"])
def test_an_action_on_what_is_no_row_is_refused(client, chosen):
    log_in(client, make_operator())
    posted = {"action": "delete_selected", "_selected_action": chosen, "index": "0"}
    assert client.post(reverse("admin:sending_route_changelist"), posted).status_code == 400


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ('["SG", "HK"]', ["HK", "SG"]),
        ("[]", []),
        ("", []),
        *((wrong, ["GB"]) for wrong in (
            '["\\u0000"]', '["\\ud800"]', "NaN", "[1e999]", '{"HK": 1}', "5", '"HK"', '[["HK"]]',
            '["CN"]', '["XX"]', "{",
        )),
    ],
)  # fmt: skip
def test_operators_store_countries_that_there_are(client, written, stored):
    organization = make_organization(allowed_countries=["GB"])
    log_in(client, make_operator())
    address = reverse("admin:accounts_organization_change", args=[organization.pk])
    page = client.get(address)
    posted = {
        name: "" if value is None else value
        for name, value in page.context["adminform"].form.initial.items()
    }
    posted |= {"members-TOTAL_FORMS": 0, "members-INITIAL_FORMS": 0}
    posted |= {"initial-allowed_countries": '["GB"]'}
    answer = client.post(address, {**posted, "allowed_countries": written})
    assert answer.status_code == (200 if stored == ["GB"] else 302)
    organization.refresh_from_db()
    assert organization.allowed_countries == stored


@pytest.mark.parametrize("model", MODELS)
def test_reviewers_see_none_of_it(client, model):
    log_in(client, make_reviewer())
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 403


def test_a_person_is_added_without_a_password_and_in_lower_case(client):
    log_in(client, User.objects.create_superuser("root@example.com"))
    form = {"email": "New@Example.com", "name": "New", "usable_password": "false"}
    form |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    client.post(reverse("admin:accounts_user_add"), form)
    assert not User.objects.get(email="new@example.com").has_usable_password()


def test_the_consoles_own_organization_is_shown_to_who_asks_for_it(client):
    make_organization(name="Harbourline")
    make_organization(name="The console itself", is_system=True)
    log_in(client, make_operator())
    address = reverse("admin:accounts_organization_changelist")
    customers = client.get(address).text
    assert "Harbourline" in customers
    assert "The console itself" not in customers
    own = client.get(address, {"own": "1"}).text
    assert "The console itself" in own
    assert "Harbourline" not in own
