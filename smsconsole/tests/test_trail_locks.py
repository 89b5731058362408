"""Two acts at the same moment: the end of a trail is locked last, so that both come to an end."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import change_role, invite, remove_member
from accounts.models import AuditEntry, Invitation, Member, Organization, User
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_user
from sending.models import Gateway, Route
from sending.operations.actions import set_mode
from sending.tests.factories import make_gateway
from sending.tests.meeting import both
from templates_app.actions.versions import lock_organization

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite has one writer at a time anyway"
    ),
]


@dataclass
class Rows:
    """Whom and what two people work on."""

    owner: Member
    admin: Member
    invitation: Invitation
    gateway: Gateway
    superuser: User


@pytest.fixture
def rows(db: None) -> Rows:
    owner = make_member(Role.OWNER)
    admin = make_member(Role.ADMIN, owner.organization)
    invitation, _token = invite(actor=admin, email="new@example.com", role=Role.VIEWER)
    gateway = make_gateway()
    Route.objects.all().delete()
    superuser = make_user(is_staff=True, is_superuser=True)
    return Rows(owner, admin, invitation, gateway, superuser)


def record(organization: Organization | None) -> None:
    AuditEntry.record(action="x.y", subject="z", organization=organization)


@pytest.mark.parametrize("name", ["invite", "change_role", "remove_member", "lock"])
def test_whoever_locks_an_organization_lets_others_write_its_trail(rows: Rows, name: str) -> None:
    """An entry names its organization, which PostgreSQL looks up at the commit."""
    organization = rows.owner.organization

    def lock() -> None:
        with transaction.atomic():
            lock_organization(organization)
            record(organization)

    acts: dict[str, Callable[[], object]] = {
        "invite": lambda: invite(actor=rows.owner, email="b@example.com", role=Role.VIEWER),
        "change_role": lambda: change_role(member=rows.admin, role=Role.VIEWER, actor=rows.owner),
        "remove_member": lambda: remove_member(member=rows.admin, actor=rows.owner),
        "lock": lock,
    }
    both(lambda: record(organization), lambda: None, acts[name])


@pytest.mark.parametrize("name", ["change_role", "remove_member"])
def test_an_invitation_ends_twice(rows: Rows, name: str) -> None:
    """Somebody accepts it while its sender loses the right to invite."""
    acts: dict[str, Callable[[], object]] = {
        "change_role": lambda: change_role(member=rows.admin, role=Role.VIEWER, actor=rows.owner),
        "remove_member": lambda: remove_member(member=rows.admin, actor=rows.owner),
    }
    both(
        lambda: Invitation.objects.filter(pk=rows.invitation.pk).update(role="VIEWER") and None,
        lambda: record(rows.owner.organization),
        acts[name],
    )
    assert AuditEntry.objects.filter(action="invitation.revoked").count() == 1


@pytest.mark.parametrize("page", ["one", "several"])
def test_a_gateway_is_deleted_while_another_operator_steers_it(rows: Rows, page: str) -> None:
    browser = log_in(Client(), rows.superuser)
    urls = {
        "one": (reverse("admin:sending_gateway_delete", args=[rows.gateway.pk]), {"post": "yes"}),
        "several": (
            reverse("admin:sending_gateway_changelist"),
            {"action": "delete_selected", "_selected_action": rows.gateway.pk, "post": "yes"},
        ),
    }

    def delete() -> None:
        assert browser.post(*urls[page]).status_code == 302

    both(
        lambda: Gateway.objects.filter(pk=rows.gateway.pk).update(rate=7) and None,
        lambda: record(None),
        delete,
    )
    assert not Gateway.objects.filter(pk=rows.gateway.pk).exists()
    assert AuditEntry.objects.filter(action="gateway.deleted").count() == 1


def test_a_gateway_is_steered_while_a_route_to_it_is_added(rows: Rows) -> None:
    def add_route() -> None:
        Route.objects.create(gateway=rows.gateway, prefix="4477")
        record(None)

    def stop() -> None:
        set_mode(actor=rows.superuser, gateway_id=rows.gateway.pk, mode=Gateway.Mode.STOPPED)

    both(add_route, lambda: None, stop)
    assert Gateway.objects.get(pk=rows.gateway.pk).mode == Gateway.Mode.STOPPED
