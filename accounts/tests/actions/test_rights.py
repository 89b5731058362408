"""What is agreed with a member beside the role, and who may agree on it."""

import pytest

from accounts.actions import change_rights, change_role
from accounts.errors import NotAllowed
from accounts.models import AuditEntry, Member
from accounts.roles import Permission, Role
from accounts.templatetags.audit import audit_sentence
from accounts.tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("sees", [None, True, False])
@pytest.mark.parametrize("permission", Permission)
def test_rights_change_numbers_and_nothing_else(role, sees, permission):
    plain, other = Member(role=role.value), Member(role=role.value, sees_numbers=sees)
    overridden = permission is Permission.NUMBERS and sees is not None
    assert other.may(permission) is (sees if overridden else plain.may(permission))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("most", "fits"), [(None, True), (3, True), (2, False)])
def test_how_many_a_member_may_send(role, most, fits):
    member = Member(role=role.value, most_messages=most)
    assert member.may_send(3) is (fits and member.may(Permission.SEND))


@pytest.mark.parametrize(
    ("actor_role", "of", "allowed"),
    [
        (Role.OWNER, Role.OWNER, True),
        (Role.OWNER, Role.SENDER, True),
        (Role.ADMIN, Role.SENDER, True),
        (Role.ADMIN, Role.ADMIN, True),
        (Role.ADMIN, Role.OWNER, False),
        (Role.SENDER, Role.VIEWER, False),
        (Role.APPROVER, Role.VIEWER, False),
        (Role.VIEWER, Role.VIEWER, False),
    ],
)
def test_who_agrees_with_whom(actor_role, of, allowed):
    actor = make_member(actor_role)
    member = make_member(of, actor.organization)
    wanted = {"member": member, "actor": actor, "most_messages": 5, "sees_numbers": False}
    if not allowed:
        with pytest.raises(NotAllowed):
            change_rights(**wanted)
    else:
        change_rights(**wanted)
    member.refresh_from_db()
    assert (member.most_messages, member.sees_numbers) == ((5, False) if allowed else (None, None))


@pytest.mark.parametrize(("role", "allowed"), [(Role.OWNER, True), (Role.ADMIN, False)])
def test_only_owners_change_their_own_rights(role, allowed):
    member = make_member(role)
    wanted = {"member": member, "actor": member, "most_messages": 5, "sees_numbers": None}
    if not allowed:
        with pytest.raises(NotAllowed, match="Someone else"):
            change_rights(**wanted)
    else:
        assert change_rights(**wanted).most_messages == 5


def test_it_is_written_down_once_and_outlives_another_role():
    owner = make_member(Role.OWNER)
    member = make_member(Role.SENDER, owner.organization)
    for _ in range(2):
        change_rights(member=member, actor=owner, most_messages=500, sees_numbers=None)
    entry = AuditEntry.objects.get()
    assert (entry.person, audit_sentence(entry)) == (member.user, "Rights of a member changed")
    assert entry.details["after"] == {"most_messages": 500, "sees_numbers": None}
    change_role(member=member, role=Role.ADMIN, actor=owner)
    member.refresh_from_db()
    assert member.most_messages == 500
