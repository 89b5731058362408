"""The door itself: which requests are its own, what they may bring, and how they are refused."""

import json
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.test import Client

from sending.api import rates
from sending.api.tencent import handlers, limits
from sending.api.tencent.limits import take
from sending.dialects.tencent.actions import ACTIONS
from sending.dialects.tencent.routing import LARGEST_BODY
from sending.tests.factories import a_number

pytestmark = pytest.mark.django_db
SIGNS = {"International": 1}


def test_the_console_keeps_the_root_for_browsers(client) -> None:
    assert client.get("/").status_code == 302
    assert client.post("/", {"a": "b"}).status_code != 200


@pytest.mark.parametrize(
    "request_parts",
    [
        {"headers": {"X-TC-Action": "SendSms"}},
        {"headers": {"Authorization": "TC3-HMAC-SHA256 nonsense"}},
        {"headers": {"X-TC-TraceId": "1"}},
        {"QUERY_STRING": "Action=SendSms"},
    ],
)
def test_a_program_is_answered_in_its_envelope(request_parts) -> None:
    response = Client(headers={"Host": "testserver"}).post(
        "/", b"{}", content_type="application/json", **request_parts
    )
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    said = json.loads(response.content)["Response"]
    assert said["Error"]["Code"] == "AuthFailure.InvalidAuthorization"
    assert "Set-Cookie" not in response.headers
    assert "Content-Security-Policy" not in response.headers


def test_other_addresses_are_no_programs(client) -> None:
    response = client.get("/settings/", headers={"X-TC-Action": "SendSms"})
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
def test_other_methods_are_refused(method: str) -> None:
    response = Client().generic(method, "/", headers={"X-TC-Action": "SendSms"})
    assert response.status_code == 200
    if method != "HEAD":
        assert json.loads(response.content)["Response"]["Error"]["Code"] == "InvalidRequest"


def test_a_host_of_others_is_refused_and_said(program) -> None:
    error = program.ask("DescribeSmsSignList", SIGNS, headers={"Host": "evil.example"})["Error"]
    assert error["Code"] == "InvalidRequest"
    assert "API_HOSTS" in error["Message"]


def test_programs_may_have_a_host_of_their_own(program, settings) -> None:
    settings.API_HOSTS = ["testserver"]
    settings.ALLOWED_HOSTS = ["console.example"]
    assert program.code("DescribeSmsSignList", SIGNS) == ""


def test_https_is_asked_for_where_pages_ask_for_it(program, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert program.code("DescribeSmsSignList", SIGNS) == "UnsupportedProtocol"


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("SendSmss", "InvalidAction"),
        ("", "InvalidAction"),
        ("x" * 5000, "InvalidAction"),
        ("SmsPackagesStatistics", "UnsupportedOperation"),
    ],
)
def test_other_actions_are_refused(program, action: str, code: str) -> None:
    assert program.code(action, {}) == code


@pytest.mark.parametrize("version", ["2019-07-11", "", "2021-01-11\u00e9"])
def test_other_versions_are_refused(program, version: str) -> None:
    said = program.code("DescribeSmsSignList", SIGNS, headers={"X-TC-Version": version})
    assert said == "NoSuchVersion"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "FailedOperation.JsonParseFail"),
        (b"[]", "FailedOperation.JsonParseFail"),
        (b'"text"', "FailedOperation.JsonParseFail"),
        (b"\xff\xfe", "FailedOperation.JsonParseFail"),
        (b"[" * 200_000, "FailedOperation.JsonParseFail"),
        (b'{"International": NaN}', "FailedOperation.JsonParseFail"),
        (b'{"International": 1' + b"0" * 5000 + b"}", "FailedOperation.JsonParseFail"),
        (b"", "MissingParameter"),
        (b'{"International": "1"}', "InvalidParameter"),
        (b'{"International": true}', "InvalidParameter"),
        (b'{"International": 1.0}', "InvalidParameter"),
        (b'{"International": 0}', "InvalidParameterValue.InvalidInternational"),
        (b'{"International": null}', "MissingParameter"),
        (b'{"International": 1, "international": 1}', "UnknownParameter"),
        (b'{"International": 1, "Limit": 101}', "InvalidParameterValue.LimitVerifyFail"),
        (b'{"International": 1, "Limit": -1}', "InvalidParameterValue.LimitVerifyFail"),
        (b'{"International": 1, "Offset": -1}', "InvalidParameterValue.OffsetVerifyFail"),
        (b'{"International": 1, "SignIdSet": "12"}', "InvalidParameter"),
        (b'{"International": 1, "SignIdSet": {"0": 1}}', "InvalidParameter"),
        (b'{"International": 1, "SignIdSet": ["1"]}', "InvalidParameter"),
        (b'{"International": 1, "SignIdSet": [99999999999999999999]}', "InvalidParameterValue"),
    ],
)
def test_a_body_that_is_not_as_declared_is_refused(program, body: bytes, code: str) -> None:
    assert program.code("DescribeSmsSignList", body=body) == code


@pytest.mark.parametrize("value", ["\\u0000", "\\ud800"])
def test_what_no_database_keeps_is_refused(program, value: str) -> None:
    body = f'{{"PhoneNumberSet": ["{value}"]}}'.encode()
    assert program.code("DescribePhoneNumberInfo", body=body) == "InvalidParameterValue"


def test_numbers_as_one_text_are_never_iterated(program) -> None:
    wish = {"PhoneNumberSet": "+60198890000"}
    assert program.code("DescribePhoneNumberInfo", wish) == "InvalidParameter"


def test_a_body_over_ten_megabytes_is_refused(program) -> None:
    body = b" " * (LARGEST_BODY + 1)
    assert program.code("DescribeSmsSignList", body=body) == "RequestSizeLimitExceeded"


def test_get_takes_parameters_from_the_address(program) -> None:
    pairs = [("PhoneNumberSet.0", a_number(1)), ("PhoneNumberSet.1", "+6581234001")]
    said = program.get("DescribePhoneNumberInfo", pairs)["PhoneNumberInfoSet"]
    assert [one["IsoCode"] for one in said] == ["HK", "SG"]
    assert program.get("DescribeSmsSignList", [("International", "1"), ("Limit", "5")]) == {
        "DescribeSignListStatusSet": [],
        "RequestId": json.loads(program.response.content)["Response"]["RequestId"],
    }


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("International=x", "InvalidParameter"),
        ("International=1&International=1", "InvalidParameter"),
        ("International=1&SignIdSet.1=4", "InvalidParameter"),
        ("International=1&SignIdSet.0=4&SignIdSet.0.A=4", "InvalidParameter"),
        ("International=1&a%ff", "InvalidParameter"),
        ("&".join(f"a{n}=1" for n in range(5001)), "RequestSizeLimitExceeded"),
        ("&".join(f"a{n}" for n in range(5001)), "InvalidParameter"),
        ("International=1&x=" + "y" * 40_000, "RequestSizeLimitExceeded"),
    ],
)
def test_an_address_that_is_not_as_declared_is_refused(program, query: str, code: str) -> None:
    said = program.send(
        "DescribeSmsSignList",
        query=query,
        method="GET",
        content_type="application/x-www-form-urlencoded",
    )
    assert said["Error"]["Code"] == code


def test_content_types_are_those_of_the_methods(program) -> None:
    as_text = program.code("DescribeSmsSignList", SIGNS, content_type="text/plain")
    as_form = program.code("DescribeSmsSignList", SIGNS, content_type="multipart/form-data")
    assert {as_text, as_form} == {"InvalidRequest"}
    charset = "application/json; charset=utf-8"
    assert program.code("DescribeSmsSignList", SIGNS, content_type=charset) == ""


def test_a_failure_of_ours_is_an_answer_and_is_logged(program, monkeypatch, caplog) -> None:
    def fail(*_):
        raise RuntimeError("a secret of ours")

    monkeypatch.setitem(handlers.HANDLERS, "DescribeSmsSignList", fail)
    said = program.ask("DescribeSmsSignList", SIGNS)
    assert said["Error"]["Code"] == "InternalError"
    assert "secret of ours" not in said["Error"]["Message"]
    assert said["RequestId"] in caplog.text


def test_a_database_that_is_away_can_be_asked_again(program, monkeypatch) -> None:
    def fail(*_):
        raise DatabaseError("gone")

    monkeypatch.setitem(handlers.HANDLERS, "DescribeSmsSignList", fail)
    assert program.code("DescribeSmsSignList", SIGNS) == "ServiceUnavailable"


def test_a_key_that_asks_too_often_is_told_when_to_ask_again(program, monkeypatch) -> None:
    now = 1000.0
    monkeypatch.setattr(limits, "take", take)
    monkeypatch.setattr(rates, "time", SimpleNamespace(monotonic=lambda: now))
    most = ACTIONS["DescribeSmsSignList"].per_second
    codes = [program.code("DescribeSmsSignList", SIGNS) for _ in range(most + 1)]
    assert codes == [""] * most + ["RequestLimitExceeded"]
    assert "50 ms" in program.ask("DescribeSmsSignList", SIGNS)["Error"]["Message"]
    # Another action has its own.
    assert program.code("DescribePhoneNumberInfo", {"PhoneNumberSet": ["+1"]}) == ""
    now += 0.051
    assert program.code("DescribeSmsSignList", SIGNS) == ""
