"""The security log: one JSON object a line, ids and no secrets, nobody can forge a line."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import security_log
from accounts.account_events import network_of
from accounts.models import AuditEntry, User
from accounts.roles import Role
from accounts.tests.factories import (
    PASSWORD,
    log_in,
    make_contact,
    make_member,
    make_operator,
    make_organization,
    make_user,
)
from accounts.tests.log_lines import Lines

pytestmark = pytest.mark.django_db
Committed = Callable[..., Any]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Return what is written while the test runs."""
    with Lines.of("security") as written:
        yield written


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Committed:
    """Run something as if its transaction was committed."""

    def run(act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return act(*arguments, **named)

    return run


def sign_in(client: Client, person: User, password: str = PASSWORD) -> Any:
    form = {"login": person.email, "password": password}
    return client.post(reverse("account_login"), form, REMOTE_ADDR="203.0.113.77")


def test_every_recorded_act_is_a_line(lines: Lines, commit: Committed) -> None:
    owner = make_member()
    entry = commit(
        AuditEntry.record,
        action="member.role_changed",
        subject="Ms Chan",
        organization=owner.organization,
        actor=owner.user,
        person=owner.user,
        before="VIEWER",
    )
    (line,) = lines.parsed()
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "member.role_changed",
        "address": "",
        "actor": owner.user_id,
        "person": owner.user_id,
        "organization": owner.organization_id,
        "entry": entry.pk,
        "position": 1,
        "seal": entry.seal,
    }


def test_an_act_that_is_rolled_back_is_no_line(lines: Lines, commit: Committed) -> None:
    def roll_back() -> None:
        with transaction.atomic():
            AuditEntry.record(action="x.y", subject="z", organization=None)
            transaction.set_rollback(True)

    commit(roll_back)
    assert lines.parsed() == []
    assert not AuditEntry.objects.exists()


def test_a_value_can_neither_end_the_line_nor_fill_the_disk(lines: Lines) -> None:
    security_log.write("x.y", method='GET"}\n{"event": "forged"}\r\x1b[2J' + "x" * 10_000)
    (raw,) = lines.raw
    assert raw.isascii()
    assert raw.isprintable()
    assert len(raw) < 500
    assert json.loads(raw)["event"] == "x.y"


def test_signing_in_and_out(lines: Lines, commit: Committed, client: Client) -> None:
    person = make_user(password=PASSWORD)
    assert commit(sign_in, client, person).status_code == 302
    commit(client.post, reverse("account_logout"))
    events = [(line["event"], line["person"], line["address"]) for line in lines.parsed()]
    assert events == [
        ("account.authenticated", person.pk, "203.0.113.77"),
        ("account.signed_in", person.pk, "203.0.113.77"),
        ("account.signed_out", person.pk, "127.0.0.1"),
    ]
    entry = AuditEntry.objects.get(action="account.signed_in")
    assert (entry.actor, entry.person) == (person, person)
    # The entry stays for ever, so it holds no address of a household.
    assert entry.details == {"network": "203.0.113.0/24", "steps": ["password"]}


def test_a_wrong_password(lines: Lines, commit: Committed, client: Client) -> None:
    person = make_user(password=PASSWORD)
    commit(sign_in, client, person, "hunter2 hunter2")
    (line,) = lines.parsed()
    assert (line["event"], line["person"]) == ("account.sign_in_failed", person.pk)
    assert "actor" not in line
    assert "hunter2" not in lines.raw[0]
    assert AuditEntry.objects.get().person == person


def test_an_unknown_address_may_be_a_password_and_is_not_kept(
    lines: Lines, commit: Committed, client: Client
) -> None:
    form = {"login": "hunter2@example.com", "password": "x"}
    commit(client.post, reverse("account_login"), form)
    (line,) = lines.parsed()
    assert line["event"] == "account.sign_in_failed"
    assert "person" not in line
    entry = AuditEntry.objects.get()
    assert "hunter2" not in lines.raw[0] + entry.subject + json.dumps(entry.details)


def with_second_step(person: User) -> str:
    """Turn the second step on; return a recovery code."""
    totp.TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(person)
    return str(codes.get_unused_codes()[0])


def test_the_second_step(lines: Lines, commit: Committed, client: Client) -> None:
    person = make_user(password=PASSWORD)
    code = with_second_step(person)
    commit(sign_in, client, person)
    commit(client.post, reverse("mfa_authenticate"), {"code": "000000"})
    commit(client.post, reverse("mfa_authenticate"), {"code": code})
    found = [(line["event"], line.get("type")) for line in lines.parsed()]
    assert found == [
        ("account.authenticated", None),
        ("account.second_step_failed", None),
        ("account.authenticated", "recovery_codes"),
        ("account.signed_in", None),
    ]
    assert AuditEntry.objects.get(action="account.signed_in").details["steps"] == [
        "password",
        "mfa",
    ]
    assert code not in "".join(lines.raw)


@pytest.mark.usefixtures("send_mail_at_once")
def test_what_changes_a_login_is_in_the_trail(client: Client, commit: Committed) -> None:
    person = make_user(password=PASSWORD)
    commit(client.post, reverse("account_reset_password"), {"email": person.email})
    commit(sign_in, client, person)
    new = "another long enough phrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    commit(client.post, reverse("account_change_password"), form)
    actions = AuditEntry.objects.filter(person=person).order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "account.password_reset_requested",
        "account.signed_in",
        "account.password_changed",
    ]


def test_a_refused_page(lines: Lines, client: Client) -> None:
    viewer = make_member(Role.VIEWER)
    log_in(client, viewer).get(reverse("send_tasks:compose"), {"x": "secret"})
    (line,) = lines.parsed()
    line.pop("at")
    assert line == {
        "event": "access.refused",
        "address": "127.0.0.1",
        "actor": viewer.user_id,
        "organization": viewer.organization_id,
        "method": "GET",
        "view": "send_tasks:compose",
    }


def test_a_row_of_another_organization(lines: Lines, client: Client) -> None:
    owner = make_member()
    contact = make_contact(make_organization())
    log_in(client, owner).get(reverse("accounts:contact_edit", args=[contact.pk]))
    (line,) = lines.parsed()
    assert line["event"] == "access.not_found"
    assert (line["view"], line["rows"]) == ("accounts:contact_edit", f"pk={contact.pk}")


def test_an_address_that_is_a_secret_is_not_written(lines: Lines) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.post(reverse("accounts:invitation", args=["a-token"]))
    (line,) = lines.parsed()
    assert (line["event"], line["view"]) == ("access.refused", "accounts:invitation")
    assert "a-token" not in lines.raw[0]


def test_strangers_who_guess_addresses_fill_no_log(lines: Lines, client: Client) -> None:
    client.get("/wp-login.php")
    client.get("/tasks/1/")
    assert lines.raw == []


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_network_names_no_household(address: str, network: str) -> None:
    assert network_of(address) == network


# --- What staff do --------------------------------------------------------------------------------


def test_staff_who_change_an_account_leave_a_line(
    lines: Lines, client: Client, commit: Committed
) -> None:
    operator, person = make_operator(is_superuser=True), make_user()
    url = reverse("admin:accounts_user_change", args=[person.pk])
    form = {"email": person.email, "name": "Somebody Else", "is_active": "", "is_staff": ""}
    inline = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    form |= {f"memberships-{name}": value for name, value in inline.items()}
    answer = commit(log_in(client, operator).post, url, form)
    assert answer.status_code == 302, answer.context["adminform"].errors
    (line,) = lines.parsed()
    assert (line["event"], line["actor"], line["person"]) == (
        "user.changed",
        operator.pk,
        person.pk,
    )
    assert "Somebody Else" not in lines.raw[0]


def test_staff_who_remove_a_second_step_leave_a_trail(client: Client) -> None:
    operator, person = make_operator(is_superuser=True), make_user()
    with_second_step(person)
    row = person.authenticator_set.get(type="totp")
    log_in(client, operator)
    client.post(reverse("admin:mfa_authenticator_delete", args=[row.pk]), {"post": "yes"})
    entry = AuditEntry.objects.get(action="authenticator.deleted")
    assert (entry.actor, entry.person) == (operator, person)
