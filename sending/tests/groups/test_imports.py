"""Numbers come into a group: good ones are added, every other one says why not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from sending.intake.customer_import import import_customers
from sending.models import Customer, CustomerGroup, GroupImport, ImportState
from sending.tests.factories import a_number, make_group, make_sender

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member(client: Client) -> Member:
    member = make_sender()
    client.force_login(member.user)
    return member


@pytest.fixture
def group(member: Member) -> CustomerGroup:
    return make_group(member.organization)


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's wake-up goes nowhere; each test plays the worker itself."""
    monkeypatch.setattr("sending.tasks.import_customers.delay", lambda **_ids: None)


def _result(client: Client, group: CustomerGroup) -> str:
    group_import = GroupImport.objects.get(group=group)
    import_customers(group_import.pk)
    return client.get(reverse("groups:import_result", args=[group_import.pk])).content.decode()


def test_entered_numbers_are_added_and_bad_lines_are_named(
    client: Client, group: CustomerGroup
) -> None:
    lines = [a_number(1)[1:], "8613800138000", a_number(2)[1:], a_number(1)[1:], "12"]

    response = client.post(
        reverse("groups:enter", args=[group.pk]), {"numbers": "\r\n".join(lines)}
    )

    assert response.status_code == 302
    page = _result(client, group)
    assert "MSISDN_MAINLAND" in page
    group.refresh_from_db()
    assert group.size == 2
    assert set(group.customers.values_list("msisdn", flat=True)) == {a_number(1), a_number(2)}


def test_a_hundred_lines_are_the_most(client: Client, group: CustomerGroup) -> None:
    url = reverse("groups:enter", args=[group.pk])
    numbers = "\n".join(a_number(index)[1:] for index in range(101))

    page = client.post(url, {"numbers": numbers}).content.decode()

    assert "101 lines" in page
    assert a_number(100)[1:] in page, "input is never lost"
    assert not GroupImport.objects.exists()


def test_a_spreadsheet_brings_names_and_refusals(client: Client, group: CustomerGroup) -> None:
    content = f"Mobile;Name\n{a_number(1)[1:]};Ms Chan\n12345;Nobody\n".encode()
    file = SimpleUploadedFile("members.csv", content, "text/csv")

    client.post(reverse("groups:import_file", args=[group.pk]), {"file": file})

    page = _result(client, group)
    assert "MSISDN_INVALID" in page
    assert Customer.objects.get().name == "Ms Chan"
    group_import = GroupImport.objects.get()
    assert (group_import.rows_read, group_import.added, group_import.refused) == (2, 1, 1)
    refused = client.get(reverse("groups:import_problems", args=[group_import.pk]))
    assert b"12345" in b"".join(refused.streaming_content)  # type: ignore[arg-type]


def test_a_file_that_is_no_spreadsheet_is_refused_in_a_sentence(
    client: Client, group: CustomerGroup
) -> None:
    file = SimpleUploadedFile("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200))

    client.post(reverse("groups:import_file", args=[group.pk]), {"file": file})

    assert "not a spreadsheet we can read" in _result(client, group)
    assert GroupImport.objects.get().state == ImportState.REJECTED
    assert not Customer.objects.exists()


def test_it_hides_what_is_not_yours(client: Client, member: Member) -> None:
    other = make_sender()
    theirs = GroupImport.objects.create(
        organization=other.organization,
        group=make_group(other.organization),
        started_by=other.user,
    )

    for name in ("import_result", "import_problems"):
        assert client.get(reverse(f"groups:{name}", args=[theirs.pk])).status_code == 404
