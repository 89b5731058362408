"""The pages of rights, approval, and one's own profile."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Member, Organization, User
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_user

pytestmark = pytest.mark.django_db


def test_rights_are_given_and_shown(client):
    owner = make_member(Role.OWNER)
    sender = make_member(Role.SENDER, owner.organization)
    page = reverse("accounts:member_rights", args=[sender.pk])
    log_in(client, owner)
    client.post(page, {"most_messages": "1200", "numbers": "masked"})
    sender.refresh_from_db()
    assert (sender.most_messages, sender.sees_numbers) == (1200, False)
    text = client.get(reverse("accounts:members")).text
    assert "Up to 1,200 messages in one task" in text
    assert "Sees masked numbers" in text
    shown = client.get(page).context["form"].initial
    assert shown == {"most_messages": 1200, "numbers": "masked"}
    client.post(page, {"most_messages": "", "numbers": "role"})
    sender.refresh_from_db()
    assert (sender.most_messages, sender.sees_numbers) == (None, None)


@pytest.mark.parametrize(
    "bent",
    [
        {"most_messages": "0", "numbers": "role"},
        {"most_messages": "-1", "numbers": "role"},
        {"most_messages": "9" * 30, "numbers": "role"},
        {"most_messages": "x", "numbers": "role"},
        {"most_messages": "5"},
        {"most_messages": "5", "numbers": "all"},
    ],
)
def test_bent_rights_are_said(client, bent):
    owner = make_member(Role.OWNER)
    sender = make_member(Role.SENDER, owner.organization)
    answer = log_in(client, owner).post(reverse("accounts:member_rights", args=[sender.pk]), bent)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert Member.objects.get(pk=sender.pk).most_messages is None


@pytest.mark.parametrize(
    ("asked", "above", "said"),
    [
        ({"when": "never", "above": ""}, None, "Tasks are sent without approval"),
        ({"when": "never", "above": "7"}, None, "Tasks are sent without approval"),
        ({"when": "above", "above": "500"}, 500, "tasks of more than 500 messages"),
        ({"when": "always", "above": ""}, 0, "Someone else approves every task"),
    ],
)
def test_owners_decide_what_needs_approval(client, asked, above, said):
    owner = make_member(Role.OWNER)
    Organization.objects.update(approval_above=3)
    page = reverse("accounts:send_approval")
    answer = log_in(client, owner).post(page, asked, follow=True)
    owner.organization.refresh_from_db()
    assert owner.organization.approval_above == above
    assert said in " ".join(answer.text.split())
    entry = AuditEntry.objects.get()
    assert entry.action == "organization.approval_changed"
    assert entry.details == {"before": 3, "after": above}
    initial = client.get(page).context["form"].initial
    assert initial == {"when": asked["when"], "above": above or None}


@pytest.mark.parametrize("bent", [{"sent": "yes"}, {"when": "above", "above": ""}, {"when": "x"},
                                  {"when": "above", "above": "0"}])  # fmt: skip
def test_a_bent_setting_is_said(client, bent):
    answer = log_in(client, make_member(Role.OWNER)).post(reverse("accounts:send_approval"), bent)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_the_page_says_who_could_approve_and_who_stands_alone(client):
    owner = make_member(Role.OWNER)
    log_in(client, owner)
    page = reverse("accounts:send_approval")
    assert f"Only {owner.user} can approve tasks" in client.get(page).text
    make_member(Role.SENDER, owner.organization)
    assert f"Only {owner.user} can approve tasks" in client.get(page).text
    approver = make_member(Role.APPROVER, owner.organization)
    text = client.get(page).text
    assert "can approve tasks, so nobody" not in text
    assert approver.user.email in text


def test_admins_do_not_decide_what_needs_approval(client):
    log_in(client, make_member(Role.ADMIN))
    assert client.get(reverse("accounts:send_approval")).status_code == 403
    assert "Change approval" not in client.get(reverse("accounts:settings")).text


@pytest.mark.parametrize("member", [True, False])
def test_people_change_their_own_name(client, member):
    user = make_member(Role.VIEWER).user if member else make_user()
    page = reverse("accounts:profile")
    client.force_login(user)
    assert user.email in client.get(page).text
    assert "Your name was changed." in client.post(page, {"name": "Mei Lin"}, follow=True).text
    assert User.objects.get(pk=user.pk).name == "Mei Lin"
    entry = AuditEntry.objects.get(action="account.name_changed")
    assert (entry.person, entry.organization) == (user, None)
    assert "Name changed" in client.get(reverse("accounts:security_events")).text


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "see https://bad.example"])
def test_a_name_that_is_none_is_said(client, name):
    user = make_user(name="Mei Tan")
    client.force_login(user)
    answer = client.post(reverse("accounts:profile"), {"name": name})
    assert answer.context["form"].errors
    assert User.objects.get(pk=user.pk).name == "Mei Tan"
