"""Who asks: each check has its own code and says which one it was, and strangers are logged."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.tests.factories import make_application
from accounts.tests.log_lines import Lines
from sending.api import callers
from sending.tests.factories import make_sender

pytestmark = pytest.mark.django_db
ASKED = {"International": 1}


def refusal(program, **parts):
    error = program.ask("DescribeSmsSignList", ASKED, **parts)["Error"]
    return error["Code"], error["Message"]


def test_a_signed_request_is_answered(program) -> None:
    assert program.ask("DescribeSmsSignList", ASKED)["DescribeSignListStatusSet"] == []


@pytest.mark.parametrize(
    ("parts", "code", "words"),
    [
        (
            {"headers": {"Authorization": None}},
            "AuthFailure.InvalidAuthorization",
            "header is missing",
        ),
        (
            {"headers": {"Authorization": "SKIP"}},
            "AuthFailure.InvalidAuthorization",
            "cannot be read",
        ),
        (
            {"headers": {"X-TC-Timestamp": "soon"}},
            "AuthFailure.InvalidAuthorization",
            "X-TC-Timestamp is missing or no number",
        ),
        (
            {"secret_id": "AKIDnobody"},
            "AuthFailure.SecretIdNotFound",
            "No API key has",
        ),
        ({"secret_key": "wrong"}, "AuthFailure.SignatureFailure", "SecretKey"),
        ({"signed_body": b"{}"}, "AuthFailure.SignatureFailure", "signature does not fit"),
        ({"headers": {"X-TC-Token": "t"}}, "AuthFailure.TokenFailure", "temporary keys"),
    ],
)
def test_a_request_that_proves_nobody_is_refused(program, parts, code, words) -> None:
    given, message = refusal(program, **parts)
    assert given == code
    assert words in message


@pytest.mark.parametrize("service", ["sms", "console", "localhost:8000"])
def test_any_word_is_a_service(program, service: str) -> None:
    assert program.code("DescribeSmsSignList", ASKED, service=service) == ""


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_clock_more_than_five_minutes_off_is_refused(program, seconds: int) -> None:
    code, message = refusal(program, timestamp=int(time.time()) + seconds)
    assert code == "AuthFailure.SignatureExpire"
    assert "UTC" in message


@pytest.mark.parametrize("seconds", [-290, 290])
def test_a_clock_less_than_five_minutes_off_is_no_matter(program, seconds: int) -> None:
    assert program.code("DescribeSmsSignList", ASKED, timestamp=int(time.time()) + seconds) == ""


def test_the_date_must_be_that_of_the_time(program) -> None:
    program.ask("DescribeSmsSignList", ASKED)
    header = program.response.wsgi_request.headers["Authorization"]
    date = header.split("/")[1]
    wrong = header.replace(f"/{date}/", "/2019-02-25/")
    code, message = refusal(program, headers={"Authorization": wrong})
    assert code == "AuthFailure.InvalidAuthorization"
    assert "2019-02-25" in message


def test_content_type_and_host_must_be_signed(program) -> None:
    header = (
        f"TC3-HMAC-SHA256 Credential={program.key.secret_id}/2026-11-22/sms/tc3_request, "
        f"SignedHeaders=host, Signature={'a' * 64}"
    )
    code, message = refusal(program, headers={"Authorization": header})
    assert code == "AuthFailure.InvalidAuthorization"
    assert "SignedHeaders must name content-type and host" in message


@pytest.mark.parametrize(
    ("field", "days", "words"), [("revoked_at", 0, "revoked"), ("expires_at", -1, "was replaced")]
)
def test_a_key_that_is_over_is_refused(program, field: str, days: int, words: str) -> None:
    setattr(program.key, field, timezone.now() + timedelta(days=days))
    program.key.save()
    code, message = refusal(program)
    assert code == "AuthFailure.InvalidSecretId"
    assert words in message


def test_a_key_works_until_its_time_is_over(program) -> None:
    program.key.expires_at = timezone.now() + timedelta(minutes=1)
    program.key.save()
    assert program.code("DescribeSmsSignList", ASKED) == ""


def test_a_revoked_key_stops_when_what_is_remembered_is_old(program, monkeypatch) -> None:
    assert program.code("DescribeSmsSignList", ASKED) == ""
    program.key.revoked_at = timezone.now()
    program.key.save()
    assert program.code("DescribeSmsSignList", ASKED) == ""
    later = time.monotonic() + callers.REMEMBERED_SECONDS + 1
    monkeypatch.setattr(callers, "time", SimpleNamespace(monotonic=lambda: later))
    assert program.code("DescribeSmsSignList", ASKED) == "AuthFailure.InvalidSecretId"


def test_a_disabled_application_is_refused(program) -> None:
    program.application.is_enabled = False
    program.application.save()
    code, message = refusal(program)
    assert code == "UnauthorizedOperation.SdkAppIdIsDisabled"
    assert program.application.name in message


def test_an_address_must_be_one_of_the_key(program) -> None:
    program.key.allowed_networks = ["203.0.113.0/24", "2001:db8::/32"]
    program.key.save()
    code, message = refusal(program, address="198.51.100.7")
    assert code == "UnauthorizedOperation.RequestIpNotInWhitelist"
    assert "198.51.100.7" in message
    assert program.code("DescribeSmsSignList", ASKED, address="203.0.113.9") == ""
    assert program.code("DescribeSmsSignList", ASKED, address="2001:db8::1") == ""


def test_who_proves_nobody_is_in_the_security_log(program) -> None:
    with Lines.of("security") as lines:
        refusal(program, secret_key="wrong", address="198.51.100.7")
        refusal(program, secret_id="AKIDnobody")
    first, second = lines.parsed()
    assert first["event"] == "api.refused"
    assert first["code"] == "AuthFailure.SignatureFailure"
    assert first["address"] == "198.51.100.7"
    assert first["api_key"] == program.key.pk
    assert first["organization"] == program.key.organization_id
    assert second["code"] == "AuthFailure.SecretIdNotFound"
    assert "AKIDnobody" not in str(second)


def test_version_1_is_refused_by_name(program) -> None:
    body = b"Action=SendSms&SignatureMethod=HmacSHA256&Signature=x"
    code, message = refusal(
        program,
        body=body,
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": None, "X-TC-Action": None, "X-TC-TraceId": "1"},
    )
    assert code == "AuthFailure.InvalidAuthorization"
    assert "HmacSHA256" in message


def test_an_application_of_others_is_as_if_it_was_not_there(program) -> None:
    wish = {"Limit": 1}
    sister = make_application(program.key.organization)
    stranger = make_application(make_sender().organization)
    ask = program.code
    assert ask("PullSmsSendStatus", wish | {"SmsSdkAppId": program.application.sdk_app_id}) == ""
    assert (
        ask("PullSmsSendStatus", wish | {"SmsSdkAppId": sister.sdk_app_id})
        == "UnauthorizedOperation.SmsSdkAppIdVerifyFail"
    )
    for other in (stranger.sdk_app_id, "2400000000"):
        assert (
            ask("PullSmsSendStatus", wish | {"SmsSdkAppId": other})
            == "InvalidParameterValue.SdkAppIdNotExist"
        )
