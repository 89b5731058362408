"""The pages of members and invitations."""

import pytest
from django.urls import reverse

from accounts.actions import invite
from accounts.models import Invitation, Member, User
from accounts.roles import Role
from accounts.tests.factories import PASSWORD, log_in, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_viewers_see_members_but_no_controls(client):
    viewer = make_member(Role.VIEWER)
    page = log_in(client, viewer).get(reverse("accounts:members")).content.decode()
    assert viewer.user.email in page
    assert "Change role" not in page
    assert "Invite a member" not in page


def test_it_hides_what_is_not_yours(client):
    charlie = make_member(Role.OWNER)
    page = log_in(client, make_member(Role.OWNER)).get(reverse("accounts:members"))
    assert charlie.user.email not in page.content.decode()


def test_changing_a_role(client):
    owner = make_member(Role.OWNER)
    sender = make_member(Role.SENDER, owner.organization)
    address = reverse("accounts:member_role", args=[sender.pk])
    answer = log_in(client, owner).post(address, {"role": "VIEWER"}, follow=True)
    assert f"{sender.user} now has the role Viewer." in answer.content.decode()
    assert Member.objects.get(pk=sender.pk).role == "VIEWER"


@pytest.mark.parametrize("role", ["", "BOSS"])
def test_an_unknown_role_changes_nothing(client, role):
    owner = make_member(Role.OWNER)
    sender = make_member(Role.SENDER, owner.organization)
    address = reverse("accounts:member_role", args=[sender.pk])
    assert log_in(client, owner).post(address, {"role": role}, follow=True).status_code == 200
    assert Member.objects.get(pk=sender.pk).role == "SENDER"


def test_the_last_owner_is_told_why_not(client):
    owner = make_member(Role.OWNER)
    log_in(client, owner)
    page = client.post(
        reverse("accounts:member_role", args=[owner.pk]), {"role": "VIEWER"}, follow=True
    )
    assert "is the last owner" in page.content.decode()
    page = client.post(reverse("accounts:member_remove", args=[owner.pk]), follow=True)
    assert "is the last owner" in page.content.decode()
    assert Member.objects.get(pk=owner.pk).role == "OWNER"


def test_somebody_removed_is_out_at_once(client):
    owner = make_member(Role.OWNER)
    sender = make_member(Role.SENDER, owner.organization)
    log_in(client, owner).post(reverse("accounts:member_remove", args=[sender.pk]))
    answer = log_in(client, sender.user).get(reverse("accounts:members"))
    assert answer.url == reverse("accounts:organization_create")


def test_inviting_from_the_page_and_taking_it_back(client):
    owner = make_member(Role.OWNER)
    log_in(client, owner)
    form = {"email": "new@example.com", "role": "SENDER"}
    page = client.post(reverse("accounts:member_invite"), form, follow=True).content.decode()
    assert "An invitation was sent to new@example.com." in page
    invitation = Invitation.objects.get()
    client.post(reverse("accounts:invitation_revoke", args=[invitation.pk]))
    again = client.post(
        reverse("accounts:invitation_revoke", args=[invitation.pk]), follow=True
    ).content.decode()
    assert "no longer open" in again


def test_a_refused_invitation_keeps_what_was_entered(client):
    owner = make_member(Role.OWNER)
    form = {"email": owner.user.email, "role": "SENDER"}
    page = log_in(client, owner).post(reverse("accounts:member_invite"), form).content.decode()
    assert "is already a member" in page
    assert f'value="{owner.user.email}"' in page


def link_for(email, organization=None):
    owner = make_member(Role.OWNER, organization)
    invitation, token = invite(actor=owner, email=email, role=Role.SENDER)
    return reverse("accounts:invitation", args=[token]), invitation


def test_a_new_person_joins_and_is_logged_in(client):
    link, invitation = link_for("new@example.com")
    assert client.get(link).status_code == 200
    assert not User.objects.filter(email="new@example.com").exists()
    answer = client.post(link, {"name": "Mei Tan", "password": PASSWORD})
    assert answer.url == reverse("overview:overview")
    page = client.get(reverse("accounts:members")).content.decode()
    assert "Mei Tan" in page
    assert str(invitation.organization) in page
    client.logout()
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("password", ["short", "new@example.com", "password1234", ""])
def test_a_new_person_needs_a_good_password(client, password):
    link, _invitation = link_for("new@example.com")
    page = client.post(link, {"name": "Mei Tan", "password": password})
    assert page.status_code == 200
    assert 'value="Mei Tan"' in page.content.decode()
    assert not User.objects.filter(email="new@example.com").exists()


def test_a_known_person_signs_in_first_and_nobody_sets_their_password(client):
    person = make_user(email="known@example.com", password=PASSWORD)
    link, invitation = link_for(person.email)
    page = client.post(link, {"name": "Eve", "password": "taken over now!"}).content.decode()
    assert f"{reverse('account_login')}?next={link}" in page
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    log_in(client, person).post(link)
    assert Member.objects.get(user=person).organization == invitation.organization


def test_somebody_else_cannot_use_the_link(client):
    link, invitation = link_for("new@example.com")
    stranger = make_member(Role.OWNER)
    page = log_in(client, stranger).post(link).content.decode()
    assert "This invitation is for new@example.com" in page
    assert not Member.objects.filter(
        user=stranger.user, organization=invitation.organization
    ).exists()


def test_joining_makes_that_organization_the_current_one(client):
    member = make_member(Role.OWNER)
    link, invitation = link_for(member.user.email, make_organization(name="Lumen"))
    log_in(client, member).post(link)
    assert "Lumen" in client.get(reverse("accounts:settings")).content.decode()
    assert client.session["organization_id"] == invitation.organization_id
