"""Roles change within the rules; an organization always keeps an owner."""

import pytest

from accounts.actions import change_role, remove_member
from accounts.errors import Conflict, NotAllowed
from accounts.models import AuditEntry, Member
from accounts.roles import Role
from accounts.tests.factories import make_member, make_organization

pytestmark = pytest.mark.django_db


def test_the_last_owner_cannot_be_demoted_or_leave():
    owner = make_member(Role.OWNER)
    with pytest.raises(Conflict):
        change_role(member=owner, role=Role.ADMIN, actor=owner)
    with pytest.raises(Conflict):
        remove_member(member=owner, actor=owner)
    assert Member.objects.get(pk=owner.pk).role == "OWNER"


def test_with_two_owners_one_may_go_but_not_both():
    first = make_member(Role.OWNER)
    second = make_member(Role.OWNER, first.organization)
    change_role(member=first, role=Role.VIEWER, actor=second)
    with pytest.raises(Conflict):
        remove_member(member=second, actor=second)


def test_owners_of_other_organizations_do_not_count():
    owner = make_member(Role.OWNER)
    make_member(Role.OWNER, make_organization(), user=owner.user)
    with pytest.raises(Conflict):
        remove_member(member=owner, actor=owner)


@pytest.mark.parametrize(
    ("actor_role", "from_role", "to_role", "allowed"),
    [
        (Role.OWNER, Role.VIEWER, Role.OWNER, True),
        (Role.OWNER, Role.OWNER, Role.SENDER, True),
        (Role.ADMIN, Role.VIEWER, Role.SENDER, True),
        (Role.ADMIN, Role.SENDER, Role.ADMIN, True),
        (Role.ADMIN, Role.ADMIN, Role.VIEWER, True),
        (Role.ADMIN, Role.VIEWER, Role.OWNER, False),
        (Role.ADMIN, Role.OWNER, Role.VIEWER, False),
        (Role.SENDER, Role.VIEWER, Role.SENDER, False),
        (Role.VIEWER, Role.VIEWER, Role.SENDER, False),
    ],
)
def test_who_may_give_which_role(actor_role, from_role, to_role, allowed):
    organization = make_organization()
    make_member(Role.OWNER, organization)
    actor = make_member(actor_role, organization)
    member = make_member(from_role, organization)
    if allowed:
        assert change_role(member=member, role=to_role, actor=actor).role == to_role
        assert AuditEntry.objects.get(action="member.role_changed").details["after"] == to_role
    else:
        with pytest.raises(NotAllowed):
            change_role(member=member, role=to_role, actor=actor)
        assert Member.objects.get(pk=member.pk).role == from_role


def test_an_administrator_removes_a_sender_but_no_owner():
    owner = make_member(Role.OWNER)
    other_owner = make_member(Role.OWNER, owner.organization)
    admin = make_member(Role.ADMIN, owner.organization)
    sender = make_member(Role.SENDER, owner.organization)
    remove_member(member=sender, actor=admin)
    with pytest.raises(NotAllowed):
        remove_member(member=other_owner, actor=admin)
    assert set(Member.objects.values_list("pk", flat=True)) == {owner.pk, other_owner.pk, admin.pk}


def test_removing_somebody_twice_is_a_conflict():
    owner = make_member(Role.OWNER)
    sender = make_member(Role.SENDER, owner.organization)
    remove_member(member=Member.objects.get(pk=sender.pk), actor=owner)
    with pytest.raises(Conflict):
        remove_member(member=sender, actor=owner)
