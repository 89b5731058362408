"""Moving from playSMS: users, phonebooks, groups and the stop list."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiKey, AuditEntry, Organization, SmsApplication
from accounts.tests.factories import make_active_organization, make_organization, make_user
from sending.importing import customers
from sending.models import Customer, CustomerGroup, GroupMembership, Suppression

DUMP = Path(__file__).parent / "playsms.sql"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def harbourline() -> Organization:
    make_user(is_staff=True, is_superuser=True)
    return make_active_organization(name="Harbourline")


def run(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_playsms", str(path), "--organization", "Harbourline", *options, stdout=out)
    return out.getvalue()


def counts() -> tuple[int, ...]:
    models = (Customer, CustomerGroup, GroupMembership, Suppression, SmsApplication, ApiKey)
    return tuple(model.objects.count() for model in (*models, AuditEntry))


def test_a_plan_is_shown_and_nothing_is_made() -> None:
    before = counts()
    said = run(DUMP)
    assert counts() == before
    assert "3 customers" in said
    assert "2 places in groups" in said
    assert "2 suppressed numbers" in said
    assert "application tan" in said


def test_the_plan_is_followed_once(
    harbourline: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Block after block.
    monkeypatch.setattr(customers, "AT_ONCE", 2)
    said = run(DUMP, "--apply")
    own = Customer.objects.for_organization(harbourline).order_by("msisdn")
    assert list(own.values_list("msisdn", "country", "name", "source_name")) == [
        ("+6591234501", "SG", "Mei 'M' O'Hara", "playSMS"),
        ("+6591234502", "SG", "Tan; (old), \\", "playSMS"),
        ("+6591234503", "SG", "Lee", "playSMS"),
    ]
    group = CustomerGroup.objects.for_organization(harbourline).get()
    members = group.customers.order_by("msisdn").values_list("msisdn", flat=True)
    assert (group.name, group.size, list(members)) == (
        "Friends",
        2,
        ["+6591234501", "+6591234502"],
    )
    stopped = Suppression.objects.for_organization(harbourline).values_list("msisdn", flat=True)
    assert set(stopped) == {"+6591234508", "+6591234509"}
    assert "playsms.sql, line 20: 12 is no mobile number we send to" in said
    assert "application tan was sent from “TANCO”" in said
    key = ApiKey.objects.get(application__name="tan")
    assert f"tan: {key.secret_id} {key.secret_key}" in said
    names = set(SmsApplication.objects.for_organization(harbourline).values_list("name", flat=True))
    assert {"tan", "lee"} <= names
    assert "gone" not in names
    before = counts()
    again = run(DUMP, "--apply")
    assert counts() == before
    assert "There is nothing to make." in again


@pytest.mark.parametrize("options", [[], ["--apply"]])
def test_groups_beyond_all_bounds_are_named(
    options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "MOST_GROUPS", 0)
    said = run(DUMP, *options)
    assert "Stays behind (2):" in said
    assert "playSMS: group Friends: there are more than 0" in said
    assert "3 customers" in said
    assert "places in groups" not in said
    assert not CustomerGroup.objects.exists()


def test_the_phonebook_of_one_user_only() -> None:
    run(DUMP, "--apply", "--user", "lee")
    assert list(Customer.objects.values_list("name", flat=True)) == ["Lee"]
    assert not Suppression.objects.exists()


def test_nothing_of_another_organization_is_touched() -> None:
    other = make_organization(name="Other")
    Customer.objects.create(organization=other, msisdn="+6591234501", country="SG", name="Theirs")
    run(DUMP, "--apply")
    assert Customer.objects.for_organization(other).get().name == "Theirs"
    assert Customer.objects.exclude(organization=other).count() == 3


def test_what_is_known_about_somebody_stays(harbourline: Organization) -> None:
    Customer.objects.create(
        organization=harbourline, msisdn="+6591234501", country="SG", name="Mei herself"
    )
    said = run(DUMP, "--apply")
    assert Customer.objects.get(msisdn="+6591234501").name == "Mei herself"
    assert "1 customers" in said


def test_tables_as_csv(tmp_path: Path) -> None:
    (tmp_path / "phonebook.csv").write_text(
        '"Name","Mobile","Email","Group code","Tags"\n'
        '"Mei, the first",+6591234501,,FR,\n"two\nlines",+6591234502,,,\n"Bad",0123456,,,\n'
    )
    (tmp_path / "stop.csv").write_text("id,uid,mobile\n1,2,+6591234509\n")
    (tmp_path / "notes.txt").write_text("not read")
    said = run(tmp_path, "--apply")
    assert set(Customer.objects.values_list("msisdn", flat=True)) == {"+6591234501", "+6591234502"}
    assert CustomerGroup.objects.get().name == "FR"
    assert Suppression.objects.get().msisdn == "+6591234509"
    # A number is masked wherever it is said.
    assert "phonebook.csv, line 5: 012**56 is no mobile number we send to" in said


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.csv", "one,two\n1,2\n", "its first line names no columns of playSMS"),
        ("b.csv", "", "its first line names no columns of playSMS"),
    ],
)
def test_a_table_of_something_else(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CommandError, match=sentence):
        run(tmp_path)


def test_a_dump_that_was_cut_off_says_where(tmp_path: Path) -> None:
    file = tmp_path / "cut.sql"
    file.write_text("".join(DUMP.read_text().partition("+6591234503")[:2]))
    said = run(file)
    assert "cut.sql, line 19: reading ended here: a value is cut off or no SQL" in said
