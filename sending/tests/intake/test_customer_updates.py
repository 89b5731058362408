"""An import adds and updates, keeps columns, and says what became of every row."""

import pytest
from django.utils import timezone

from accounts.models import Notice
from accounts.tests.factories import make_contact
from sending.intake.customer_import import import_customers
from sending.models import Customer, CustomerField, GroupImport, ImportState, Problem
from sending.tests.factories import make_group, make_sender, make_upload

pytestmark = pytest.mark.django_db
ANN, BOB, EVE = "+85261234567", "+447400123456", "+6581234567"


@pytest.fixture
def member():
    member = make_sender()
    for at, label in enumerate(("City", "Shop")):
        CustomerField.objects.create(
            organization=member.organization, key=f"c{at}", label=label, position=at
        )
    return member


@pytest.fixture
def known(member):
    """Ann and Bob, whom the organization knows."""
    for number, country, name in ((ANN, "HK", "Ann"), (BOB, "GB", "Bob")):
        Customer.objects.create(
            organization=member.organization,
            msisdn=number,
            country=country,
            name=name,
            fields={"c0": "Leeds", "c1": "North"},
        )


@pytest.fixture
def imported(member):
    """Import the rows of a sheet."""

    def run(text, **how):
        row = GroupImport.objects.create(
            organization=member.organization,
            upload=make_upload(member, text.encode()),
            started_by=member.user,
            **how,
        )
        assert import_customers(row.pk)
        row.refresh_from_db()
        return row

    return run


def figures(row):
    return row.added, row.updated, row.unchanged, row.refused


def of(number):
    return Customer.objects.get(msisdn=number)


SHEET = f"""Mobile,Name,City,Language,Notes
{ANN[1:]},Ann,Leeds,,x
{BOB[1:]},Robert,,EN_gb,x
{EVE[1:]},Eve,Kowloon,fr,x
12,Nobody,,,x
"""


@pytest.mark.parametrize(
    ("mode", "clears", "expected", "bob"),
    [
        ("ADD", False, (1, 0, 2, 1), ("Bob", "Leeds")),
        ("BOTH", False, (1, 1, 1, 1), ("Robert", "Leeds")),
        ("BOTH", True, (1, 1, 1, 1), ("Robert", None)),
        ("UPDATE", False, (0, 1, 1, 2), ("Robert", "Leeds")),
    ],
)
@pytest.mark.usefixtures("known")
def test_every_row_has_one_outcome(imported, mode, clears, expected, bob):
    row = imported(SHEET, mode=mode, empty_clears=clears)
    assert figures(row) == expected
    assert sum(expected) == row.rows_read
    assert (of(BOB).name, of(BOB).fields.get("c0")) == bob
    assert of(BOB).fields["c1"] == "North", "a column that the sheet does not have stays"
    assert of(BOB).language == ("" if mode == "ADD" else "en-gb")
    if mode != "UPDATE":
        assert (of(EVE).fields, of(EVE).language) == ({"c0": "Kowloon"}, "fr")
        assert (of(EVE).source, of(EVE).source_name) == ("IMPORT", row.upload.name)
    assert figures(imported(SHEET, mode="BOTH", empty_clears=clears))[1] <= 1


def test_an_import_that_only_updates_names_whom_it_does_not_know(known, imported):
    row = imported(SHEET, mode="UPDATE")
    problem = Problem.objects.get(group_import=row, code="NOT_A_CUSTOMER")
    assert (problem.row, problem.cell, problem.value) == (4, "A4", EVE)


def test_cells_that_cannot_be_kept_are_refused(imported):
    long = "x" * 201
    row = imported(
        f"Mobile,City,Language\n{ANN[1:]},{long},\n{BOB[1:]},Leeds,French!\n{EVE[1:]},Leeds,fr\n"
    )
    assert figures(row) == (1, 0, 0, 2)
    found = Problem.objects.filter(group_import=row).order_by("row")
    assert [(each.cell, each.code) for each in found] == [
        ("B2", "FIELD_TOO_LONG"),
        ("C3", "LANGUAGE_UNKNOWN"),
    ]


def test_consent_is_noted_with_its_time(known, imported):
    imported(SHEET, mode="BOTH", consent="Web form, May")
    assert {of(number).consent for number in (ANN, BOB, EVE)} == {"Web form, May"}
    assert all(of(number).consent_at for number in (ANN, BOB, EVE))


SAID = f"""Mobile,Consent,Language
{ANN[1:]},Till receipt 17,French
{BOB[1:]},,简体中文
{EVE[1:]},{"y" * 300},Klingon
"""


@pytest.mark.parametrize(
    ("clears", "note", "bob"), [(False, "", "Old"), (True, "", ""), (True, "All", "All")]
)
def test_a_column_says_of_each_how_they_agreed(known, imported, clears, note, bob):
    Customer.objects.filter(msisdn=BOB).update(consent="Old", consent_at=timezone.now())
    row = imported(SAID, mode="BOTH", empty_clears=clears, consent=note)
    assert (of(ANN).consent, of(ANN).language) == ("Till receipt 17", "fr")
    assert of(ANN).consent_at
    assert (of(BOB).consent, of(BOB).language) == (bob, "zh-hans")
    assert bool(of(BOB).consent_at) is bool(bob)
    problem = Problem.objects.get(group_import=row)
    assert (problem.cell, problem.code) == ("C4", "LANGUAGE_UNKNOWN")


def test_a_column_of_consent_is_mapped_by_hand_and_an_own_one_goes_first(member, imported):
    columns = {"number": 0, "has_headings": True, "further": {"c1": 3, "consent": 1, "c0": 2}}
    sheet = f"Mobile,Notes,A,B\n{ANN[1:]},By phone,Leeds,North\n"
    row = imported(sheet, asks_columns=True)
    row.upload.reading = {"columns": columns}
    row.upload.save()
    GroupImport.objects.filter(pk=row.pk).step(ImportState.WAITING, asks_columns=False)
    assert import_customers(row.pk)
    assert (of(ANN).consent, of(ANN).fields) == ("By phone", {"c0": "Leeds", "c1": "North"})

    own = CustomerField.objects.filter(organization=member.organization, key="c0")
    own.update(label="Consent")
    imported(f"Mobile,Consent\n{EVE[1:]},Yes\n")
    assert (of(EVE).fields, of(EVE).consent) == ({"c0": "Yes"}, "")


def test_members_of_a_group_are_added_updated_or_unchanged(member, known, imported):
    group = make_group(member.organization, [BOB, ANN])
    row = imported(SHEET, mode="BOTH", group=group)
    assert figures(row) == (1, 1, 1, 1)
    group.refresh_from_db()
    assert group.size == group.memberships.count() == 3
    other = make_group(member.organization, [])
    row = imported(SHEET.replace("Robert", "Rob"), mode="BOTH", group=other)
    assert figures(row) == (3, 0, 0, 1), "who joins counts once"


def test_columns_are_looked_at_before_anything_is_stored(member, imported):
    row = imported(SHEET, asks_columns=True)
    assert row.state == ImportState.COLUMNS
    assert row.facts["columns"]["further"] == {"language": 3, "c0": 2}
    assert not Customer.objects.exists()
    row.upload.reading = {"columns": {"number": 0, "has_headings": True, "further": {"c1": 4}}}
    row.upload.save()
    GroupImport.objects.filter(pk=row.pk).step(ImportState.WAITING, asks_columns=False)
    assert import_customers(row.pk)
    assert of(EVE).fields == {"c1": "x"}
    assert of(EVE).name == ""


def test_people_are_told(member, imported):
    make_contact(member.organization, email="desk@example.com")
    imported(SHEET)
    told = Notice.objects.for_organization(member.organization).filter(kind="IMPORT")
    assert {notice.to for notice in told} == {member.user.email, "desk@example.com"}
    assert "was imported" in told[0].subject
    assert "Added: 3" in told[0].text
