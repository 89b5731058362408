"""Numbers on their way into a customer group."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sending.intake import customer_import
from sending.intake.customer_import import import_customers
from sending.intake.lease import STALE_AFTER, waiting_imports
from sending.models import Customer, GroupImport, ImportState, Problem
from sending.tests.factories import make_group, make_sender, make_upload


@pytest.fixture
def member(db):
    return make_sender()


@pytest.fixture
def waiting(member):
    """Make an import that waits, from the bytes of a file or from pasted numbers."""

    def make(content=b"", *, numbers="", group=None):
        return GroupImport.objects.create(
            organization=member.organization,
            group=group or make_group(member.organization),
            upload=make_upload(member, content) if content else None,
            numbers=numbers,
            started_by=member.user,
        )

    return make


def test_a_file_with_names(waiting):
    group_import = waiting("Name,Mobile\nAnn,85261234567\n王小明,447400123456\n,x\n".encode())
    assert import_customers(group_import.pk) is True
    group_import.refresh_from_db()
    assert group_import.state == ImportState.FINISHED
    assert (group_import.rows_read, group_import.added, group_import.refused) == (3, 2, 1)
    members = group_import.group.customers.order_by("msisdn")
    assert list(members.values_list("msisdn", "country", "name")) == [
        ("+447400123456", "GB", "王小明"),
        ("+85261234567", "HK", "Ann"),
    ]
    group_import.group.refresh_from_db()
    assert group_import.group.size == 2
    problem = Problem.objects.get(group_import=group_import)
    assert (problem.row, problem.cell, problem.code) == (4, "B4", "MSISDN_INVALID")


def test_numbers_that_are_there_already(waiting, member):
    group = make_group(member.organization, ["+85261234567"])
    other = make_group(member.organization, ["+447400123456"])
    group_import = waiting(numbers="85261234567\n447400123456\n6581234567\n", group=group)
    import_customers(group_import.pk)
    group_import.refresh_from_db()
    group.refresh_from_db()
    assert (group_import.added, group_import.already_there, group.size) == (2, 1, 3)
    assert Customer.objects.for_organization(member.organization).count() == 3
    assert other.customers.count() == 1


def test_the_same_number_in_two_organizations_is_two_customers(waiting):
    elsewhere = make_group(make_sender().organization, ["+85261234567"])
    group_import = waiting(numbers="85261234567")
    import_customers(group_import.pk)
    assert Customer.objects.filter(msisdn="+85261234567").count() == 2
    assert elsewhere.customers.count() == 1


def test_a_refused_file_says_why(waiting):
    group_import = waiting(b"name,city\nAnn,Bath\n")
    assert import_customers(group_import.pk) is True
    group_import.refresh_from_db()
    assert (group_import.state, group_import.failure_code) == (
        ImportState.REJECTED,
        "NO_NUMBER_COLUMN",
    )


def test_an_import_whose_worker_died_is_finished_by_the_next(waiting, monkeypatch):
    numbers = "\n".join(f"8526{n:07}" for n in range(1_000_000, 1_002_500))
    group_import = waiting(f"mobile\n{numbers}\nx\n".encode())
    add, calls = customer_import._Import._add, []

    def die(self, rows):
        calls.append(rows.stored)
        if len(calls) == 2:
            raise KeyboardInterrupt
        add(self, rows)

    monkeypatch.setattr(customer_import.row_storage, "block_rows", lambda **_scattered: 500)
    monkeypatch.setattr(customer_import._Import, "_add", die)
    with pytest.raises(KeyboardInterrupt):
        import_customers(group_import.pk)
    assert import_customers(group_import.pk) is False
    GroupImport.objects.update(heartbeat_at=timezone.now() - STALE_AFTER - timedelta(seconds=1))
    assert waiting_imports().get() == group_import
    assert import_customers(group_import.pk) is True
    group_import.refresh_from_db()
    group_import.group.refresh_from_db()
    assert group_import.group.size == group_import.group.memberships.count() == group_import.added
    assert group_import.already_there == 0
    assert group_import.refused == Problem.objects.filter(group_import=group_import).count()


def test_it_runs_once(waiting):
    group_import = waiting(numbers="85261234567")
    assert import_customers(group_import.pk) is True
    assert import_customers(group_import.pk) is False
    assert not waiting_imports().exists()
