"""Moving from Jasmin: its store and what its console prints come to the same."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiKey, AuditEntry, Organization, SmsApplication
from accounts.tests.factories import make_active_organization, make_application, make_user
from sending.importing.foreign import Findings
from sending.importing.jasmin import read_jasmin
from sending.models import Gateway, Route, SmppAccount
from sending.tests.smpp_factories import make_smpp_account

HERE = Path(__file__).parent
STORE, LISTING = HERE / "jasmin_store", HERE / "jcli.txt"
# What Jasmin 0.11.0 on the Python of Debian 12 wrote and printed of one configuration.
WRITTEN, PRINTED = HERE / "jasmin_0_11", HERE / "jcli_0_11.txt"
pytestmark = pytest.mark.django_db


@pytest.fixture
def harbourline() -> Organization:
    make_user(is_staff=True, is_superuser=True)
    return make_active_organization(name="Harbourline")


def run(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_jasmin", str(path), "--organization", "Harbourline", *options, stdout=out)
    return out.getvalue()


def counts() -> tuple[int, ...]:
    models = (Gateway, Route, SmsApplication, ApiKey, SmppAccount, AuditEntry)
    return tuple(model.objects.count() for model in models)


def said_by(found: Findings) -> tuple[list[tuple[object, ...]], ...]:
    return (
        [(c.name, c.password, c.settings, c.remarks) for c in found.connectors],
        [(r.order, r.connectors, r.patterns, r.others, r.shares, r.rate) for r in found.routes],
        [(u.name, u.group, u.is_enabled, u.rate) for u in found.users],
    )


@pytest.mark.parametrize(("store", "listing"), [(STORE, LISTING), (WRITTEN, PRINTED)])
def test_store_and_listing_say_the_same(store: Path, listing: Path) -> None:
    assert said_by(read_jasmin(sorted(store.iterdir()))) == said_by(read_jasmin([listing]))


def test_what_only_one_of_them_says() -> None:
    store, listing = read_jasmin(sorted(STORE.iterdir())), read_jasmin([LISTING])
    # Only the store says who may bind.
    assert [(u.uses_http, u.uses_smpp, u.most_binds, u.sender) for u in store.users] == [
        (True, True, 2, "Harbour"),
        (True, False, None, ""),
        (True, True, None, ""),
    ]
    assert [str(each) for each in store.complaints] == []
    assert [str(each.place) for each in listing.complaints] == ["jcli.txt, line 21"]


def test_files_that_jasmin_itself_wrote_are_read_whole() -> None:
    found = read_jasmin(sorted(WRITTEN.iterdir()), "jcli-prod")
    assert found.complaints == []
    harbour, kiosk, old, other = found.users
    assert (harbour.sender, harbour.most_binds, harbour.rate) == ("Harbour", 2, 50.0)
    assert (kiosk.uses_http, kiosk.uses_smpp) == (True, False)
    assert (old.is_enabled, old.group, other.name) == (False, "closed", "other_user")
    ways = {one.name: one.settings for one in found.connectors}
    # An alphanumeric TON that somebody set, and those that it has by itself.
    assert ways["carrier_b"].items() >= {"source_ton": "5", "source_npi": "1"}.items()
    assert ways["carrier-a"].items() >= {"dest_ton": "1", "dest_npi": "1"}.items()
    assert "source_ton" not in ways["carrier-a"]
    assert [route.others for route in found.routes if route.others] == [
        ("<SA (src_addr=^Harb)>",),
        ("<TI (08:00:00,18:00:00)>",),
        ("<DI (2026-01-01,2026-12-31)>",),
        ("<SM (msg=^hello)>",),
        ("<G (gid=sales)>",),
        ("<TG (tag=7)>",),
        ("<U (uid=harbour)>",),
    ]


@pytest.mark.parametrize("path", [STORE, LISTING])
def test_a_plan_is_shown_and_nothing_is_made(harbourline: Organization, path: Path) -> None:
    before = counts()
    said = run(path)
    assert counts() == before
    assert (
        "Would make:\n  gateway carrier-a to smpp.carrier-a.example:2775 (no TLS), stopped" in said
    )
    assert "route 852 → carrier_b, order 1" in said
    assert "Repeat this with --apply" in said
    assert "s3cret" not in said


def test_the_plan_is_followed_once(harbourline: Organization) -> None:
    said = run(STORE, "--apply")
    carrier = Gateway.objects.get(name="carrier-a")
    assert (carrier.mode, carrier.password, carrier.id_format, carrier.rate) == (
        "stopped",
        "s3cret",
        "hex_to_decimal",
        50,
    )
    other = Gateway.objects.get(name="carrier_b")
    assert (other.tls, other.port, other.bind_mode, other.source_ton) == (True, 3550, "pair", 5)
    ways = Route.objects.order_by("prefix", "order").values_list("prefix", "order", "gateway__name")
    assert list(ways) == [
        ("", 1, "carrier-a"),
        ("44", 1, "carrier-a"),
        ("44", 2, "carrier_b"),
        ("60", 1, "carrier_b"),
        ("60", 2, "carrier-a"),
        ("65", 1, "carrier_b"),
        ("65", 2, "carrier-a"),
        ("852", 1, "carrier_b"),
    ]
    own = SmsApplication.objects.for_organization(harbourline)
    brought = own.filter(description__startswith="Brought over")
    assert dict(brought.values_list("name", "is_enabled")) == {
        "harbour": True,
        "kiosk": True,
        "old": False,
    }
    for key in ApiKey.objects.filter(application__name="harbour"):
        assert f"harbour: {key.secret_id} {key.secret_key}" in said
    account = SmppAccount.objects.get(system_id="harbour")
    assert (account.application.name, account.most_binds, account.rate) == ("harbour", 2, 50)
    assert (account.is_enabled, account.is_guarded) == (True, False)
    password = said.split("SMPP account of harbour: harbour ")[1].split()[0]
    assert account.has_password(password)
    entry = AuditEntry.objects.get(action="smppaccount.created", details__system_id="harbour")
    assert (entry.organization, entry.subject) == (harbourline, "Brought over, harbour")
    # Kiosk may not bind, and who is off stays off.
    assert not SmppAccount.objects.filter(system_id="kiosk").exists()
    assert not SmppAccount.objects.get(system_id="old").is_enabled
    assert "<U (uid=harbour)>; routes here ask for numbers only" in said
    before = counts()
    again = run(STORE, "--apply")
    assert counts() == before
    assert "There is nothing to make." in again
    assert "AKID" not in again


def test_a_system_id_that_is_taken_is_left_to_people(harbourline: Organization) -> None:
    make_smpp_account(make_application(make_active_organization()), system_id="harbour")
    said = run(STORE, "--apply")
    assert "jcli-prod.router-users, entry 1: the system_id harbour is taken" in said
    assert SmppAccount.objects.filter(system_id="harbour").count() == 1


def test_users_of_one_group_or_one_name_only(harbourline: Organization) -> None:
    run(STORE, "--apply", "--group", "closed")
    own = SmsApplication.objects.for_organization(harbourline)
    assert not own.filter(name="harbour").exists()
    assert own.filter(name="old").exists()
    run(STORE, "--apply", "--user", "kiosk")
    assert own.filter(name="kiosk").exists()
    assert not own.filter(name="harbour").exists()


def test_another_profile_in_the_same_folder_is_not_read(harbourline: Organization) -> None:
    assert "There is nothing to make." in run(STORE, "--profile", "test")


def test_what_cannot_be_made_says_where_it_stands(
    harbourline: Organization, tmp_path: Path
) -> None:
    file = tmp_path / "jcli.txt"
    file.write_text(
        "jcli : smppccm -s x\ncid car.rier\nhost h.example\nport 99999999\nusername u\n\n"
        "#1 StaticMTRoute 0 (!) smppc(nowhere) <DA (dst_addr=^852)>\n"
        "#2 StaticMTRoute 0 (!) smppc(nowhere) <DA (dst_addr=^(?!1))>\n"
    )
    said = run(file, "--apply")
    assert "jcli.txt, line 2: gateway car.rier: name:" in said
    assert "jcli.txt, line 7: there is no gateway nowhere" in said
    assert "jcli.txt, line 8: “^(?!1)” cannot become prefixes" in said


def test_a_route_that_was_never_reached_is_left_out(
    harbourline: Organization, tmp_path: Path
) -> None:
    file = tmp_path / "jcli.txt"
    file.write_text(
        LISTING.read_text() + "#90 StaticMTRoute 0 (!) smppc(carrier-a) <DA (dst_addr=^8)>\n"
    )
    said = run(file, "--apply")
    assert "was never reached there" in said
    assert list(Route.objects.filter(prefix__startswith="8").values_list("prefix")) == [("8",)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["/nowhere/at/all"], "there is no such file or folder"),
        ([str(LISTING), "--operator", "x@example.com"], "is no operator"),
    ],
)
def test_what_is_wrong_with_the_command(
    harbourline: Organization, options: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(Path(options[0]), *options[1:])


def test_an_organization_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="There is no organization called Harbourline"):
        run(LISTING)
