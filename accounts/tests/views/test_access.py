"""Each page of the settings asks for the role that its table says, of its own organization."""

import pytest
from django.urls import reverse

from accounts.actions import invite
from accounts.roles import Role, may
from accounts.tests.factories import log_in, make_contact, make_member, make_originator
from accounts.urls import urlpatterns

pytestmark = pytest.mark.django_db

GET, POST = "get", "post"
PAGES = {
    "settings": (GET, "view"),
    "organization_edit": (GET, "manage"),
    "audit_trail": (GET, "manage"),
    "audit_trail_export": (GET, "manage"),
    "send_approval": (GET, "own"),
    "activation": (GET, "view"),
    "activation_apply": (GET, "manage"),
    "allowed_countries": (GET, "manage"),
    "second_step": (GET, "manage"),
    "members": (GET, "view"),
    "member_role": (POST, "manage"),
    "member_rights": (GET, "manage"),
    "member_remove": (GET, "manage"),
    "member_invite": (GET, "manage"),
    "invitation_revoke": (POST, "manage"),
    "contacts": (GET, "view"),
    "contact_create": (GET, "manage"),
    "contact_edit": (GET, "manage"),
    "contact_delete": (POST, "manage"),
    "originators": (GET, "view"),
    "originator_request": (GET, "manage"),
    "originator_withdraw": (POST, "manage"),
}
# Pages of a person, not of an organization; tested beside their views.
FOR_ANYBODY = {
    *("organization_create", "security_events", "session_end", "switch", "invitation"),
    "notifications",
    "profile",
}


def address(name, organization):
    """Return the address of a page with ids of `organization`."""
    owner = make_member(Role.OWNER, organization)
    pks = {
        "member_role": lambda: owner.pk,
        "member_rights": lambda: owner.pk,
        "member_remove": lambda: owner.pk,
        "invitation_revoke": lambda: (
            invite(actor=owner, email="new@example.com", role=Role.VIEWER)[0].pk
        ),
        "contact_edit": lambda: make_contact(organization).pk,
        "contact_delete": lambda: make_contact(organization).pk,
        "originator_withdraw": lambda: make_originator(organization, "Acme").pk,
    }
    return reverse(f"accounts:{name}", args=[pks[name]()] if name in pks else [])


def test_no_page_is_forgotten():
    assert {pattern.name for pattern in urlpatterns} == set(PAGES) | FOR_ANYBODY


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PAGES)
def test_roles(client, role, name):
    method, permission = PAGES[name]
    member = make_member(role)
    answer = getattr(log_in(client, member), method)(address(name, member.organization))
    assert (answer.status_code != 403) is may(role, permission)
    assert answer.status_code in {200, 302, 403}


@pytest.mark.parametrize("name", PAGES)
def test_strangers_are_asked_to_sign_in(client, name):
    where = address(name, make_member().organization)
    answer = getattr(client, PAGES[name][0])(where)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name",
    [
        *("member_role", "member_rights", "member_remove"),
        *("invitation_revoke", "contact_edit", "contact_delete"),
    ],
)
@pytest.mark.parametrize("method", [GET, POST])
def test_another_organizations_ids_are_not_found(client, name, method):
    where = address(name, make_member().organization)
    answer = getattr(log_in(client, make_member(Role.OWNER)), method)(where, {"role": "VIEWER"})
    assert answer.status_code == 404 or (method == GET and answer.status_code == 405)
