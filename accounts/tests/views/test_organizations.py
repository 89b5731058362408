"""Settings, a new organization, the switch, the audit trail."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Member, Organization
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Lumen and Oak",
    "country": "GB",
    "website": "lumenoak.example",
    "time_zone": "Europe/London",
}


def test_somebody_without_an_organization_starts_one_and_owns_it(client):
    person = make_user()
    log_in(client, person)
    assert client.get(reverse("accounts:settings")).url == reverse("accounts:organization_create")
    answer = client.post(reverse("accounts:organization_create"), FORM)
    assert answer.url == reverse("accounts:activation_apply")
    organization = Organization.objects.get()
    assert organization.website == "https://lumenoak.example"
    assert Member.objects.get(user=person, organization=organization).role == "OWNER"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("country", "XX"), ("time_zone", "Mars/Base"), ("website", "not an address")],
)
def test_bad_input_is_explained_and_kept(client, field, value):
    log_in(client, make_user())
    page = client.post(reverse("accounts:organization_create"), {**FORM, field: value})
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert 'id="error-summary"' in page.content.decode()
    assert not Organization.objects.exists()


def test_changed_settings_show_and_leave_a_trail(client):
    owner = make_member(Role.OWNER)
    log_in(client, owner)
    client.post(reverse("accounts:organization_edit"), FORM)
    page = client.get(reverse("accounts:settings")).content.decode()
    assert "Lumen and Oak" in page
    assert "Europe/London" in page
    entry = AuditEntry.objects.for_organization(owner.organization).get()
    assert entry.details["after"]["time_zone"] == "Europe/London"


def test_a_zone_that_is_not_offered_stays_when_it_is_in_use(client):
    owner = make_member(Role.OWNER, make_organization(time_zone="Etc/GMT-8"))
    log_in(client, owner)
    page = client.get(reverse("accounts:organization_edit"))
    assert page.context["form"]["time_zone"].value() == "Etc/GMT-8"
    form = {**FORM, "time_zone": "Etc/GMT-8"}
    assert client.post(reverse("accounts:organization_edit"), form).status_code == 302


def test_saving_without_a_change_leaves_no_trail(client):
    owner = make_member(Role.OWNER)
    same = {"name": owner.organization.name, "time_zone": "UTC", "country": "", "website": ""}
    log_in(client, owner).post(reverse("accounts:organization_edit"), same)
    assert not AuditEntry.objects.exists()


def test_switching_to_another_of_ones_own(client):
    first = make_member(Role.OWNER, make_organization(name="First Ltd"))
    second = make_member(Role.VIEWER, make_organization(name="Second Ltd"), first.user)
    log_in(client, first)
    client.post(reverse("accounts:switch", args=[second.organization_id]))
    assert client.get(reverse("accounts:settings")).context["organization"] == second.organization
    assert client.get(reverse("accounts:organization_edit")).status_code == 403


def test_one_cannot_switch_to_what_is_not_ones_own(client):
    mine, other = make_member(), make_member()
    log_in(client, mine)
    answer = client.post(reverse("accounts:switch", args=[other.organization_id]))
    assert answer.status_code == 404
    assert client.get(reverse("accounts:settings")).context["organization"] == mine.organization


def test_the_trail_is_paged_the_newest_first_and_only_ones_own(client):
    owner = make_member(Role.OWNER)
    AuditEntry.record(action="x.y", subject="secret", organization=make_organization())
    for number in range(60):
        AuditEntry.record(
            action="send_task.sent", subject=f"task {number:02}", organization=owner.organization
        )
    log_in(client, owner)
    first = client.get(reverse("accounts:audit_trail"))
    assert "task 59" in first.content.decode()
    assert "task 09" not in first.content.decode()
    assert "Send task: sent" in first.content.decode()
    older = client.get(reverse("accounts:audit_trail"), {"after": first.context["page"].next})
    assert [entry.subject for entry in older.context["page"].rows][-1] == "task 00"
    assert older.context["page"].next == ""
    assert "secret" not in first.content.decode() + older.content.decode()


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "²"])
def test_a_bent_page_address_is_no_error(client, after):
    log_in(client, make_member(Role.OWNER))
    answer = client.get(reverse("accounts:audit_trail"), {"after": after})
    assert answer.status_code == 200


@pytest.mark.parametrize(("entered", "stored"), [("30", 30), ("", None)])
def test_an_organization_chooses_how_long_messages_are_kept(client, entered, stored) -> None:
    owner = make_member(Role.OWNER, make_organization(keep_messages_days=60))
    log_in(client, owner).post(
        reverse("accounts:organization_edit"), {**FORM, "keep_messages_days": entered}
    )
    owner.organization.refresh_from_db()
    assert owner.organization.keep_messages_days == stored


def test_the_settings_say_how_long_messages_are_kept(client, settings) -> None:
    settings.KEEP_MESSAGES_DAYS = 90
    owner = make_member(Role.OWNER, make_organization(keep_messages_days=30))
    page = log_in(client, owner).get(reverse("accounts:settings")).content.decode()
    assert "Numbers and texts of messages for 30 days" in " ".join(page.split())
    owner.organization.keep_messages_days = None
    owner.organization.save()
    page = client.get(reverse("accounts:settings")).content.decode()
    assert "for 90 days, set by the operator" in " ".join(page.split())
