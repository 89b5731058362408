"""A link works once, for seven days, for the address it was sent to."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.utils import timezone

from accounts.actions import (
    accept_invitation,
    accept_invitation_as_new_person,
    change_role,
    invite,
    remove_member,
    revoke_invitation,
)
from accounts.actions.invitations import (
    MOST_A_DAY,
    MOST_TO_ONE_ADDRESS,
    MOST_TO_ONE_ADDRESS_BY_ALL,
)
from accounts.errors import Conflict, NotAllowed
from accounts.models import AuditEntry, Invitation, Member
from accounts.queries import invitation_by_token, open_invitations
from accounts.roles import Role
from accounts.tests.factories import PASSWORD, make_member, make_user

pytestmark = pytest.mark.django_db


def test_the_link_is_mailed_and_the_token_is_not_stored(
    django_capture_on_commit_callbacks, send_mail_at_once
):
    owner = make_member(Role.OWNER)
    with django_capture_on_commit_callbacks(execute=True):
        invitation, token = invite(actor=owner, email="New@Example.com", role=Role.SENDER)
    assert outbox.outbox[0].to == ["new@example.com"]
    assert f"http://127.0.0.1:8000/settings/invitation/{token}/" in outbox.outbox[0].body
    stored = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(stored)
    assert invitation_by_token(token) == invitation


def test_a_new_person_joins_with_the_role_and_a_password():
    owner = make_member(Role.OWNER)
    invitation, token = invite(actor=owner, email="new@example.com", role=Role.VIEWER)
    member = accept_invitation_as_new_person(
        invitation=invitation, name="Mei Tan", password=PASSWORD
    )
    assert (member.role, member.organization) == ("VIEWER", owner.organization)
    assert member.user.check_password(PASSWORD)
    assert invitation_by_token(token) is None


def test_a_known_person_joins():
    owner = make_member(Role.OWNER)
    person = make_user(email="known@example.com")
    invitation, _token = invite(actor=owner, email=person.email, role=Role.ADMIN)
    assert accept_invitation(invitation=invitation, user=person).role == "ADMIN"


def test_a_link_works_once():
    owner = make_member(Role.OWNER)
    person = make_user(email="known@example.com")
    invitation, _token = invite(actor=owner, email=person.email, role=Role.SENDER)
    accept_invitation(invitation=invitation, user=person)
    Member.objects.filter(user=person).delete()
    with pytest.raises(Conflict):
        accept_invitation(invitation=invitation, user=person)
    assert not Member.objects.filter(user=person).exists()


@pytest.mark.parametrize(("days", "works"), [(6.99, True), (7.01, False)])
def test_a_link_works_for_seven_days(days, works):
    owner = make_member(Role.OWNER)
    person = make_user(email="known@example.com")
    invitation, token = invite(actor=owner, email=person.email, role=Role.SENDER)
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        assert (invitation_by_token(token) is not None) is works
        if works:
            accept_invitation(invitation=invitation, user=person)
        else:
            with pytest.raises(Conflict):
                accept_invitation(invitation=invitation, user=person)


def test_a_link_is_for_its_own_address():
    owner = make_member(Role.OWNER)
    invitation, _token = invite(actor=owner, email="new@example.com", role=Role.SENDER)
    with pytest.raises(NotAllowed):
        accept_invitation(invitation=invitation, user=make_user(email="other@example.com"))


def test_an_address_with_a_login_cannot_be_taken_over():
    owner = make_member(Role.OWNER)
    person = make_user(email="known@example.com", password=PASSWORD)
    invitation, token = invite(actor=owner, email=person.email, role=Role.SENDER)
    with pytest.raises(Conflict):
        accept_invitation_as_new_person(invitation=invitation, name="Eve", password="x" * 12)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert invitation_by_token(token) == invitation


def test_a_newer_invitation_replaces_the_older():
    owner = make_member(Role.OWNER)
    _first, old_token = invite(actor=owner, email="new@example.com", role=Role.ADMIN)
    second, _token = invite(actor=owner, email="NEW@example.com", role=Role.VIEWER)
    assert invitation_by_token(old_token) is None
    assert list(open_invitations(owner.organization)) == [second]


def test_a_revoked_link_stops_working():
    owner = make_member(Role.OWNER)
    invitation, token = invite(actor=owner, email="new@example.com", role=Role.SENDER)
    revoke_invitation(invitation=invitation, actor=owner)
    assert invitation_by_token(token) is None
    with pytest.raises(Conflict):
        revoke_invitation(invitation=invitation, actor=owner)


def test_members_are_not_invited_and_only_owners_invite_owners():
    owner = make_member(Role.OWNER)
    admin = make_member(Role.ADMIN, owner.organization)
    with pytest.raises(Conflict):
        invite(actor=admin, email=owner.user.email.upper(), role=Role.SENDER)
    with pytest.raises(NotAllowed):
        invite(actor=admin, email="new@example.com", role=Role.OWNER)
    assert not Invitation.objects.exists()


def test_the_invitations_of_somebody_who_is_removed_end():
    owner = make_member(Role.OWNER)
    admin = make_member(Role.ADMIN, owner.organization)
    _theirs, token = invite(actor=admin, email="mole@example.com", role=Role.ADMIN)
    ours, _token = invite(actor=owner, email="new@example.com", role=Role.SENDER)
    remove_member(member=admin, actor=owner)
    assert invitation_by_token(token) is None
    assert list(open_invitations(owner.organization)) == [ours]
    ended = AuditEntry.objects.get(action="invitation.revoked")
    assert (ended.subject, ended.actor) == ("mole@example.com", owner.user)


def test_the_invitations_of_somebody_who_leaves_end():
    owner = make_member(Role.OWNER)
    admin = make_member(Role.ADMIN, owner.organization)
    _invitation, token = invite(actor=admin, email="mole@example.com", role=Role.ADMIN)
    remove_member(member=admin, actor=admin)
    assert invitation_by_token(token) is None


@pytest.mark.parametrize(
    ("role", "left"), [(Role.ADMIN, [Role.SENDER]), (Role.SENDER, []), (Role.VIEWER, [])]
)
def test_of_somebody_who_is_demoted_those_end_that_they_may_no_longer_send(role, left):
    owner = make_member(Role.OWNER)
    demoted = make_member(Role.OWNER, owner.organization)
    invite(actor=demoted, email="boss@example.com", role=Role.OWNER)
    invite(actor=demoted, email="new@example.com", role=Role.SENDER)
    change_role(member=demoted, role=role, actor=owner)
    assert [each.role for each in open_invitations(owner.organization)] == left


def test_somebody_who_is_switched_off_lets_nobody_in():
    owner = make_member(Role.OWNER)
    _invitation, token = invite(actor=owner, email="mole@example.com", role=Role.OWNER)
    owner.user.is_active = False
    owner.user.save()
    assert invitation_by_token(token) is None


def test_one_address_is_not_flooded_by_one_organization():
    owner = make_member(Role.OWNER)
    for _ in range(MOST_TO_ONE_ADDRESS):
        invite(actor=owner, email="victim@example.com", role=Role.VIEWER)
    with pytest.raises(Conflict, match="Several invitations"):
        invite(actor=owner, email="Victim@example.com", role=Role.VIEWER)
    invite(actor=owner, email="other@example.com", role=Role.VIEWER)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        invite(actor=owner, email="victim@example.com", role=Role.VIEWER)


def test_one_address_is_not_flooded_by_many_organizations():
    for _ in range(MOST_TO_ONE_ADDRESS_BY_ALL):
        invite(actor=make_member(Role.OWNER), email="victim@example.com", role=Role.VIEWER)
    with pytest.raises(Conflict, match="Several invitations"):
        invite(actor=make_member(Role.OWNER), email="victim@example.com", role=Role.VIEWER)


def test_cancelling_does_not_make_room_for_more_mail():
    owner = make_member(Role.OWNER)
    for number in range(MOST_A_DAY):
        invitation, _token = invite(
            actor=owner, email=f"stranger{number}@example.com", role=Role.VIEWER
        )
        revoke_invitation(invitation=invitation, actor=owner)
    with pytest.raises(Conflict, match="in 24 hours"):
        invite(actor=owner, email="one.more@example.com", role=Role.VIEWER)
