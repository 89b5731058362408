"""Changes of many customers: all that match and nobody else, once, whoever dies meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from sending.models import (
    ChangeKind,
    ChangeState,
    Customer,
    CustomerChange,
    CustomerGroup,
    GroupMembership,
    Suppression,
)
from sending.pool import changes
from sending.pool.filters import CustomerFilter
from sending.tests.factories import a_number, make_group, make_sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_sender()


@pytest.fixture
def group(member):
    """Six customers, three of whom read French; a neighbour has the same numbers."""
    numbers = [a_number(at) for at in range(6)]
    make_group(make_sender().organization, numbers)
    group = make_group(member.organization, numbers, name="Everybody")
    own = Customer.objects.for_organization(member.organization).order_by("pk")
    ids = list(own.values_list("pk", flat=True))
    own.filter(pk__in=ids[:3]).update(language="fr", fields={"c1": "Lyon"})
    return group


@pytest.fixture
def change(member):
    """Make a change of all that match and bring it to its end."""

    def make(kind, wanted=None, **given):
        row = CustomerChange.objects.create(
            organization=member.organization,
            kind=kind,
            filter=(wanted or CustomerFilter()).to_json(),
            until=Customer.objects.order_by("-pk").first().pk,
            started_by=member.user,
            **given,
        )
        assert changes.run(row.pk)
        row.refresh_from_db()
        assert (row.state, row.filter) == (ChangeState.FINISHED, {})
        return row

    return make


def sizes():
    for group in CustomerGroup.objects.all():
        assert group.size == group.memberships.count(), group
    return {group.name: group.size for group in CustomerGroup.objects.all()}


FRENCH = CustomerFilter(language="fr")


def test_those_who_match_become_a_group_and_join_it_once(member, group, change, monkeypatch):
    monkeypatch.setattr(changes, "STRETCH", 2)
    target = make_group(member.organization, name="French")
    done = change(ChangeKind.ADD, FRENCH, target=target)
    assert (done.looked_at, done.changed) == (3, 3)
    assert set(target.customers.values_list("language", flat=True)) == {"fr"}
    assert change(ChangeKind.ADD, FRENCH, target=target).changed == 0
    assert sizes()["French"] == 3
    assert AuditEntry.objects.filter(action="customers.add").count() == 2


def test_they_move(member, group, change):
    target = make_group(member.organization, [a_number(0)], name="French")
    wanted = CustomerFilter(group=group.pk, language="fr")
    assert change(ChangeKind.MOVE, wanted, source=group, target=target).changed == 3
    assert (sizes()["French"], sizes()["Everybody"]) == (3, 3)


def test_groups_are_merged(member, group, change):
    target = make_group(member.organization, [a_number(0), a_number(9)], name="Others")
    wanted = CustomerFilter(group=group.pk)
    change(ChangeKind.MOVE, wanted, source=group, target=target, drops_source=True)
    assert sizes()["Others"] == 7
    assert "Everybody" not in sizes()


def test_who_joins_a_group_while_it_is_merged_is_merged_too(member, group, change, monkeypatch):
    late = group.customers.order_by("pk").first()
    group.memberships.filter(customer=late).delete()
    CustomerGroup.objects.filter(pk=group.pk).update(size=5)
    target = make_group(member.organization, name="Others")
    real = changes._ChangeRun._apply

    def imported_meanwhile(run, ids, end):
        done = real(run, ids, end)
        monkeypatch.setattr(changes._ChangeRun, "_apply", real)
        changes._join(group, Customer.objects.filter(pk=late.pk))
        return done

    monkeypatch.setattr(changes._ChangeRun, "_apply", imported_meanwhile)
    wanted = CustomerFilter(group=group.pk)
    change(ChangeKind.MOVE, wanted, source=group, target=target, drops_source=True)
    assert sizes()["Others"] == 6
    assert not CustomerGroup.objects.filter(pk=group.pk).exists()


def test_they_are_deleted_and_leave_every_group(member, group, change):
    make_group(member.organization, [a_number(0)], name="Second")
    assert change(ChangeKind.DELETE, FRENCH).changed == 3
    assert (sizes()["Everybody"], sizes()["Second"]) == (3, 0)
    own = Customer.objects.for_organization(member.organization)
    assert not own.filter(language="fr").exists()
    assert Customer.objects.count() == 3 + 6, "the neighbour's stay"


def test_they_are_suppressed_once(member, group, change):
    Suppression.objects.create(organization=member.organization, msisdn=a_number(0))
    Suppression.objects.create(organization=member.organization, msisdn=a_number(1))
    Suppression.objects.get(msisdn=a_number(1)).erase()
    assert change(ChangeKind.SUPPRESS, FRENCH).changed == 1
    assert Suppression.objects.count() == 3


def test_a_removed_column_leaves_nothing_behind(member, group, change):
    own = Customer.objects.for_organization(member.organization)
    own.filter(language="").update(fields={"c2": "kept"})
    assert change(ChangeKind.FORGET, field="c1").changed == 3
    kept = list(own.values_list("fields", flat=True))
    assert sorted(map(str, kept)) == sorted(map(str, [{}] * 3 + [{"c2": "kept"}] * 3))


def test_who_comes_in_later_is_not_meant(member, group):
    row = CustomerChange.objects.create(
        organization=member.organization,
        kind=ChangeKind.DELETE,
        until=group.customers.order_by("pk")[3].pk,
        started_by=member.user,
    )
    changes.run(row.pk)
    assert Customer.objects.for_organization(member.organization).count() == 2


def test_a_worker_that_died_is_followed_where_it_stopped(member, group, monkeypatch):
    target = make_group(member.organization, name="All")
    row = CustomerChange.objects.create(
        organization=member.organization,
        kind=ChangeKind.ADD,
        target=target,
        until=Customer.objects.order_by("-pk").first().pk,
        started_by=member.user,
        heartbeat_at=timezone.now(),
    )
    assert changes.unfinished() == [row.pk]
    assert not changes.run(row.pk), "somebody else is at it"
    CustomerChange.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    assert changes.run(row.pk)
    assert not changes.run(row.pk), "once"
    assert changes.unfinished() == []
    assert GroupMembership.objects.filter(group=target).count() == 6
