"""Numbers come into a group: good ones are added, every other one says why not."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from accounts.models import Member
from sending.intake.customer_import import import_customers
from sending.models import (
    Customer,
    CustomerGroup,
    GroupImport,
    ImportState,
    Problem,
    ProblemKind,
    Suppression,
)
from sending.models.problem import PROBLEMS_A_PAGE
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


def test_refused_rows_are_paged_even_where_one_row_has_two_problems(
    client: Client, member: Member, group: CustomerGroup
) -> None:
    done = GroupImport.objects.create(
        organization=group.organization,
        group=group,
        state=ImportState.FINISHED,
        started_by=member.user,
    )
    count = PROBLEMS_A_PAGE + 3
    for number in range(count):
        Problem.objects.create(
            organization=group.organization,
            group_import=done,
            kind=ProblemKind.REFUSED,
            row=2 + number // 2,
            code="MSISDN_INVALID",
        )
    address = reverse("groups:import_result", args=[done.pk])
    first = client.get(address).context["page"]
    second = client.get(address, {"after": first.next}).context["page"]
    assert [len(first.rows), len(second.rows), second.next] == [PROBLEMS_A_PAGE, 3, ""]


def _import(client: Client, group: CustomerGroup | None, content: bytes) -> GroupImport:
    """Import a file as the product does; return what came of it."""
    file = SimpleUploadedFile("list", content)
    url = reverse("groups:import_file", args=[group.pk]) if group else "suppress_file"
    client.post(url if group else reverse(f"groups:{url}"), {"file": file})
    return _done()


def _done() -> GroupImport:
    pk = GroupImport.objects.latest("pk").pk
    import_customers(pk)
    return GroupImport.objects.get(pk=pk)


def _again(client: Client, group_import: GroupImport, **data: str) -> GroupImport:
    client.post(reverse("groups:import_read_again", args=[group_import.pk]), data)
    return _done()


def _page(client: Client, group_import: GroupImport) -> str:
    url = reverse("groups:import_result", args=[group_import.pk])
    return client.get(url).content.decode()


UNCERTAIN = f"Mobile;Name\n{a_number(1)[1:]};Łukasz\n{a_number(2)[1:]};Święta\n".encode("cp1250")


def test_an_uncertain_encoding_is_asked_before_a_customer_is_added(
    client: Client, group: CustomerGroup
) -> None:
    refused = _import(client, group, UNCERTAIN)

    assert (refused.state, refused.failure_code) == ("REJECTED", "ENCODING_UNCERTAIN")
    assert not Customer.objects.exists()
    assert "Łukasz, Święta: Central European (Windows 1250)" in _page(client, refused)

    unanswered = client.post(reverse("groups:import_read_again", args=[refused.pk]), {})
    assert unanswered.status_code == 200
    assert GroupImport.objects.count() == 1

    read = _again(client, refused, encoding="cp1250")
    assert (read.state, read.added, read.group) == ("FINISHED", 2, group)
    assert set(Customer.objects.values_list("name", flat=True)) == {"Łukasz", "Święta"}


def test_the_suppression_list_asks_the_same(client: Client, member: Member) -> None:
    refused = _import(client, None, UNCERTAIN)
    assert not Suppression.objects.exists()

    _again(client, refused, encoding="cp1250")

    reasons = Suppression.objects.for_organization(member.organization)
    assert set(reasons.values_list("reason", flat=True)) == {"Łukasz", "Święta"}


def test_columns_and_delimiter_of_an_import_are_chosen(
    client: Client, group: CustomerGroup
) -> None:
    refused = _import(client, group, f"wer,was\n{a_number(1)[1:]},Anna\n".encode())
    assert refused.failure_code == "NO_NUMBER_COLUMN"
    assert "B: was" in _page(client, refused)

    read = _again(client, refused, number="0", name="1")

    assert (read.state, read.added) == ("FINISHED", 1)
    assert Customer.objects.get().name == "Anna"


def test_another_sheet_is_chosen_and_notes_are_said(client: Client, group: CustomerGroup) -> None:
    book = Workbook()
    book.active.append(["Mobile", "Name"])
    book.active.append(["8613800138000", "Bo"])
    book.create_sheet("People").append(["Mobile", "Name", "Town"])
    book["People"].append([a_number(1)[1:], "Anna", "Here"])
    stored = io.BytesIO()
    book.save(stored)
    first = _import(client, group, stored.getvalue())
    assert (first.added, first.facts["sheet"]) == (0, "Sheet")

    read = _again(client, first, sheet="People")

    assert (read.added, read.facts["sheet"]) == (1, "People")
    assert "Town" in _page(client, read)


def test_the_sheet_with_recipients_is_read_and_said(client: Client, group: CustomerGroup) -> None:
    book = Workbook()
    book.active.append(["nothing", "here"])
    book.create_sheet("People").append(["Mobile", "Name"])
    book["People"].append([a_number(1)[1:], "Anna"])
    stored = io.BytesIO()
    book.save(stored)

    read = _import(client, group, stored.getvalue())

    assert (read.state, read.added) == (ImportState.FINISHED, 1)
    assert "Sheet “People” was read because it looks like recipients." in _page(client, read)


def test_what_was_added_is_not_read_again(client: Client, group: CustomerGroup) -> None:
    read = _import(client, group, f"Mobile\n{a_number(1)[1:]}\n".encode())
    assert 'id="reading"' not in _page(client, read)

    client.post(reverse("groups:import_read_again", args=[read.pk]), {})

    assert GroupImport.objects.count() == 1
