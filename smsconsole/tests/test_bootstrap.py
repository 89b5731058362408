"""`manage.py bootstrap`: from nothing to a console that can send, as often as one likes."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, Member, Organization, SmsApplication, User
from accounts.roles import Role
from accounts.staff import is_reviewer
from accounts.tests.factories import make_operator, make_user
from sending.models import Gateway, HttpGateway, PriceVersion, Route
from sending.operations.queries.routing import way_of
from smsconsole.bootstrapping import asking
from smsconsole.doctor import checks
from smsconsole.management.commands import bootstrap

pytestmark = pytest.mark.django_db

WHOLE = (
    "--reviewer", "ines@example.com",
    "--organization", "Harbourline Ltd", "--country", "hk", "--time-zone", "Asia/Hong_Kong",
    "--owner", "Omar@Example.com",
    "--price", "HK=0.048", "--price", "*=0.08",
    "--gateway", "trial", "--simulator", "--route", "*",
)  # fmt: skip


def run(*arguments: str, email: str = "boss@example.com") -> str:
    """Return what the command prints."""
    out = StringIO()
    call_command("bootstrap", *arguments, email=email, no_doctor=True, stdout=out)
    return out.getvalue()


def link(text: str) -> str:
    """Return the path of the first link."""
    found = re.search(r"http://127.0.0.1:8000(/\S+)", text)
    assert found, text
    return found[1]


# --- The operator ---------------------------------------------------------------------------------


def test_the_link_lets_the_operator_choose_a_password_once(client: Client) -> None:
    address = link(run(email="Boss@Example.com"))
    form: Any = client.get(address, follow=True)
    new = {"password1": "correct horse battery", "password2": "correct horse battery"}
    client.post(form.request["PATH_INFO"], new)
    boss = User.objects.get(email="boss@example.com")
    assert boss.is_superuser
    assert boss.check_password("correct horse battery")
    client.logout()
    assert "This link no longer works" in client.get(address, follow=True).content.decode()


def test_who_is_operator_stays_the_only_one() -> None:
    User.objects.create_superuser("first@example.com", "a long enough phrase")
    assert "first@example.com is the operator already" in run()
    assert not User.objects.filter(email="boss@example.com").exists()


def test_a_lost_link_is_printed_again_for_the_same_address_only() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        first = link(run())
        assert link(run()) == first
    with pytest.raises(CommandError, match=r"boss@example\.com"):
        run(email="other@example.com")
    assert User.objects.filter(is_superuser=True).count() == 1
    assert AuditEntry.objects.filter(action="operator.created").count() == 1


@pytest.mark.parametrize("email", ["nobody", ""])
def test_it_wants_an_address(email: str) -> None:
    with pytest.raises(CommandError):
        run(email=email)


def test_it_makes_no_operator_of_somebody_who_is_there() -> None:
    make_user(email="boss@example.com")
    with pytest.raises(CommandError):
        run()
    assert not User.objects.get(email="boss@example.com").is_superuser


def test_staff_in_the_group_operators_do_not_stop_it() -> None:
    make_operator()
    run()
    assert User.objects.filter(is_superuser=True).exists()


# --- All of it ------------------------------------------------------------------------------------


def test_nothing_is_missing_afterwards() -> None:
    run(*WHOLE)
    organization = Organization.objects.get(is_system=False)
    owner = Member.objects.get(organization=organization)
    assert (owner.user.email, owner.role) == ("omar@example.com", Role.OWNER.value)
    assert SmsApplication.objects.filter(organization=organization).count() == 1
    assert is_reviewer(User.objects.get(email="ines@example.com"))
    way = way_of("+85251234567")
    assert way.price is not None
    assert (way.price.micro, way.price.currency) == (48_000, "USD")
    assert [one.gateway.name for one in way.gateways] == ["trial"]
    assert Gateway.objects.get().is_simulator


def test_again_it_makes_nothing_and_says_so() -> None:
    run(*WHOLE)
    before = AuditEntry.objects.count()
    text = run(*WHOLE)
    assert AuditEntry.objects.count() == before
    for there in ("a reviewer already", "“Harbourline Ltd” is there", "in force already",
                  "gateway trial is there", "route for * is there"):  # fmt: skip
        assert there in text


def test_what_was_made_is_in_the_trail() -> None:
    run(*WHOLE)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"operator.created", "user.added", "organization.created", "gateway.added",
            "route.added", "priceversion.added"} <= actions  # fmt: skip


def test_the_password_of_a_gateway_comes_from_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "password"
    file.write_text("secret12\n")
    carrier = ("--host", "smsc.example.com", "--port", "3550", "--tls", "--system-id", "us")
    run("--gateway", "a", *carrier, "--password-file", str(file))
    monkeypatch.setenv(asking.ENVIRONMENT, "secret34")
    run("--gateway", "b", *carrier, "--bind-slots", "3")
    first, second = Gateway.objects.order_by("name")
    assert (first.password, first.port, first.tls) == ("secret12", 3550, True)
    assert (second.password, second.bind_slots) == ("secret34", 3)


def test_an_http_gateway_takes_the_fields_of_its_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = tmp_path / "fields.json"
    fields.write_text(
        '{"url": "https://sms.example.com/v1", "method": "POST", "authentication": "bearer",'
        ' "body_kind": "json", "body": "{\\"to\\": \\"{destination}\\", \\"text\\": \\"{text}\\"}"}'
    )
    monkeypatch.setenv(asking.ENVIRONMENT, "token")
    run("--gateway", "aggregator", "--kind", "http", "--settings-file", str(fields))
    made = HttpGateway.objects.get()
    assert (made.host, made.tls, made.password) == ("sms.example.com", True, "token")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--organization", "X", "--country", "Hongkong"), "two letters"),
        (("--organization", "X", "--country", "HK", "--time-zone", "Moon"), "Moon"),
        (("--price", "HK"), "HK=0.048"),
        (("--price", "uk=0.1"), "uk"),
        (("--gateway", "a"), "--host"),
        (("--gateway", "A B", "--simulator"), "--name"),
        (("--gateway", "a", "--simulator", "--route", "ZZ"), "ZZ"),
        (("--route", "HK"), "no gateway"),
        (("--gateway", "a", "--host", "169.254.169.254", "--system-id", "x"), "not public"),
        (("--gateway", "a", "--password-file", "/nowhere"), "/nowhere"),
    ],
)
def test_what_cannot_be_is_said(arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=re.escape(sentence)):
        run(*arguments)


def test_a_stranger_does_not_become_a_reviewer() -> None:
    make_user(email="mei@example.com")
    with pytest.raises(CommandError, match="not staff"):
        run("--reviewer", "mei@example.com")


def test_without_a_database_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("connection refused")

    monkeypatch.setattr(connection, "cursor", away)
    with pytest.raises(CommandError, match="PGPASSWORD"):
        run()


def test_it_waits_for_a_console_that_is_migrating(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = [3, 1, 0]
    monkeypatch.setattr(checks.database, "unapplied_migrations", lambda: missing.pop(0))
    monkeypatch.setattr(bootstrap, "_LOOK_EVERY", 0.0)
    text = run()
    assert text.count("Waiting until the database is prepared") == 1
    assert "Made the operator" in text


def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.database, "unapplied_migrations", lambda: 3)
    monkeypatch.setattr(bootstrap, "_PATIENCE", -1.0)
    with pytest.raises(CommandError, match="3 migrations"):
        run()


def test_prices_in_force_are_left_alone() -> None:
    run("--price", "HK=0.048")
    run("--price", "HK=0.1")
    assert PriceVersion.objects.count() == 1
    assert PriceVersion.objects.get().by_country() == {"HK": 48_000}


def test_without_options_or_a_terminal_it_says_what_it_wants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match="--email"):
        call_command("bootstrap")


def test_at_a_terminal_it_asks_only_about_what_is_wanted() -> None:
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return {"Your": "boss@example.com", "Name": "trial"}.get(question.partition(" ")[0], "")

    given = asking.ask(answer)
    assert given["email"] == "boss@example.com"
    assert given["organization"] == "trial"
    assert given["routes"] == ["*"]
    assert given["simulator"] is True
    assert not [question for question in asked if "system_id" in question]
    assert Route.objects.count() == 0
