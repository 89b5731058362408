"""The door itself: who may ask, how, and what every refusal looks like."""

import json

import pytest
from django.db import DatabaseError

from accounts import shared_time
from accounts.actions import create_key, make_second_token, make_token, promote_token
from accounts.models import ApiKey, KeyKind
from accounts.sids import id_in, sid_of
from sending.api import callers, rates
from sending.api.twilio import accounts as handlers
from sending.models import ApiRequest
from sending.tests.api.twilio.program import TwilioProgram
from sending.tests.factories import default_application, make_sender

pytestmark = pytest.mark.django_db


def test_an_account_is_an_application(program) -> None:
    account = program.ask("GET", "@.json")
    assert account["sid"] == program.application.account_sid
    assert account["friendly_name"] == program.application.name
    assert (account["status"], account["type"]) == ("active", "Full")
    assert account["auth_token"] is None
    assert account["date_created"].endswith(" +0000")


def test_nothing_is_paid_ahead(program) -> None:
    balance = program.ask("GET", "@/Balance.json")
    assert balance == {
        "account_sid": program.application.account_sid,
        "balance": None,
        "currency": "USD",
    }


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({"headers": {"Authorization": None}}, 401),
        ({"headers": {"Authorization": "Bearer x"}}, 401),
        ({"headers": {"Authorization": "Basic ???"}}, 401),
        ({"headers": {"Authorization": "Basic " + "A" * 600}}, 401),
        ({"headers": {"Authorization": "Basic /w=="}}, 401),
        ({"user": "AC" + "0" * 32}, 401),
        ({"user": ""}, 401),
        ({"user": "a\0b"}, 401),
        ({"password": "wrong"}, 401),
        ({"password": ""}, 401),
    ],
)
def test_who_is_not_proved_is_refused(program, parts, status) -> None:
    assert program.refused("GET", "@.json", **parts) == (status, 20003)
    assert program.response.headers["WWW-Authenticate"].startswith("Basic ")


def test_a_key_that_signs_is_no_password(program, member) -> None:
    key = create_key(
        application=program.application, actor=member.user, name="", allowed_networks=[]
    )
    parts = {"user": key.secret_id, "password": key.secret_key}
    assert program.refused("GET", "@.json", **parts) == (401, 20003)


def test_an_api_key_asks_for_its_account(program, member) -> None:
    key = create_key(
        application=program.application,
        actor=member.user,
        name="shop",
        allowed_networks=["203.0.113.0/24"],
        kind=KeyKind.BASIC,
    )
    assert key.secret_id.startswith("SK")
    assert len(key.secret_id) == 34
    parts = {"user": key.secret_id, "password": key.secret_key}
    assert program.ask("GET", "@.json", address="203.0.113.9", **parts)["status"] == "active"
    assert program.refused("GET", "@.json", **parts) == (403, 20003)
    key.revoked_at = shared_time.now()
    key.save()
    callers.forget()
    assert program.refused("GET", "@.json", address="203.0.113.9", **parts) == (403, 20003)


def test_a_token_is_rotated_without_a_gap(program, member) -> None:
    about = {"application": program.application, "actor": member.user}
    first = program.key.secret_key
    second = make_second_token(**about)
    callers.forget()
    assert program.ask("GET", "@.json", password=first)["status"] == "active"
    assert program.ask("GET", "@.json", password=second)["status"] == "active"
    promote_token(**about)
    callers.forget()
    assert program.refused("GET", "@.json", password=first) == (401, 20003)
    assert program.ask("GET", "@.json", password=second)["status"] == "active"


def test_a_revoked_token_is_made_anew_under_the_same_sid(program, member) -> None:
    ApiKey.objects.filter(pk=program.key.pk).update(revoked_at=shared_time.now())
    token = make_token(application=program.application, actor=member.user)
    assert program.ask("GET", "@.json", password=token)["status"] == "active"
    assert program.refused("GET", "@.json") == (401, 20003)


def test_another_account_is_not_there(program) -> None:
    other = default_application(make_sender().organization)
    path = f"/2010-04-01/Accounts/{other.account_sid}.json"
    assert program.refused("GET", path) == (404, 20404)
    path = f"/2010-04-01/Accounts/{sid_of('AC', 10**9)}/Balance.json"
    assert program.refused("GET", path) == (404, 20404)


@pytest.mark.parametrize(
    "path", ["/v1/Nothing", "/v2/", "/2010-04-01/Accounts", "/2010-04-01/x/y/z.json", "@.json/"]
)
def test_nothing_is_redirected_or_shown_as_a_page(program, path) -> None:
    assert program.refused("GET", path) == (404, 20404)


def test_another_method_is_named(program) -> None:
    assert program.refused("DELETE", "@/Balance.json") == (405, 20004)


def test_the_host_must_be_ours(program) -> None:
    answer = program.ask("GET", "@.json", headers={"Host": "sms.us1.example.org"})
    assert answer["code"] == 20001
    assert "TWILIO_REGION" in answer["message"]


def test_a_failure_is_json_too(program, monkeypatch) -> None:
    def fails(_call):
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(handlers.SmsApplication.objects, "for_organization", fails)
    assert program.refused("GET", "@.json") == (500, 20500)

    def breaks(_call):
        raise DatabaseError("gone")

    monkeypatch.setattr(handlers.SmsApplication.objects, "for_organization", breaks)
    assert program.refused("GET", "@.json") == (503, 20503)
    assert program.response.headers["Retry-After"] == "1"


def test_too_many_requests_are_told_when_to_come_again(program, monkeypatch) -> None:
    monkeypatch.setattr(rates, "seconds_to_wait", lambda *_: 1.5)
    assert program.refused("GET", "@.json") == (429, 20429)
    assert program.response.headers["Retry-After"] == "2"


def test_the_request_log_has_a_line_without_secrets(program) -> None:
    program.ask("GET", "@.json", headers={"User-Agent": "twilio-python/9.13.0"})
    (line,) = ApiRequest.objects.all()
    assert (line.action, line.code, line.client) == ("Account.fetch", "", "twilio-python/9.13.0")
    assert line.api_key_id == program.key.pk
    assert program.key.secret_key not in json.dumps(line.summary)


def test_an_error_leads_to_our_page(program, client, member) -> None:
    answer = program.ask("GET", "/v1/Nothing")
    client.force_login(member.user)
    page = client.get(answer["more_info"].partition("8000")[2].partition("#")[0])
    assert 'id="code-20404"' in page.content.decode()


@pytest.mark.parametrize("pk", [1, 2**40, 2**63 - 1])
def test_sids_are_read_back(pk) -> None:
    sid = sid_of("SM", pk)
    assert len(sid) == 34
    assert id_in("SM", sid) == pk
    assert id_in("MM", sid) is None


@pytest.mark.parametrize("text", ["", "SM", "SM" + "0" * 32, "SM" + "f" * 32, "SM" + "é" * 32])
def test_what_is_no_sid_names_nothing(text) -> None:
    assert id_in("SM", text) is None


def test_both_kinds_of_programs_share_nothing(program) -> None:
    assert isinstance(program, TwilioProgram)
    assert program.ask("GET", "/2010-04-01/Accounts.json")["accounts"][0]["type"] == "Full"
