"""The signature against requests that official SDKs signed, octet by octet."""

import dataclasses

import pytest

from sending.dialects.tencent.signing import (
    SignedRequest,
    authorization_for,
    is_signed,
    read_authorization,
    utc_date,
)

SECRET = "testSecretKeyEXAMPLE"
HEAD = "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-11-22/sms/tc3_request, "
SEND = (
    rb'{"PhoneNumberSet": ["+60198890000", "+6588880000"], "SmsSdkAppId": "2400006666", '
    rb'"TemplateId": "1110", "TemplateParamSet": ["1234", "5"], "SessionContext": "ctx-\u00e9"}'
)
SENT = [
    (SEND, "9bd88ac51c076104d952aae417316e36d4d90800f51dc0d6195c3dcd4fd27908"),
    (
        b'{"International": 1, "TemplateIdSet": [], "Limit": 10, "Offset": 0}',
        "c300245c500d2be44a3cb48108534da7690179c880fe167f9cf64528acd12b7f",
    ),
    (
        b'{"Limit": 100, "SmsSdkAppId": "2400006666"}',
        "4e608516e38e666d1eadb5791d255176f49ae33614d24da1c3b62ea67c500d3e",
    ),
]


def request(body=SEND, host="127.0.0.1:38057", **changes):
    headers = {"content-type": "application/json", "host": host}
    return dataclasses.replace(SignedRequest("POST", "", headers, body, 1795361800), **changes)


def signed(signature, headers="content-type;host"):
    authorization = read_authorization(f"{HEAD}SignedHeaders={headers}, Signature={signature}")
    assert authorization is not None
    return authorization


@pytest.mark.parametrize(("body", "signature"), SENT)
def test_what_the_python_sdk_signed_is_signed(body: bytes, signature: str) -> None:
    assert is_signed(signed(signature), SECRET, request(body))


def test_the_documented_example_is_signed() -> None:
    published = SignedRequest(
        "POST",
        "",
        {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"},
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}',
        1551113065,
    )
    header = authorization_for(
        secret_id="AKIDEXAMPLE",
        secret_key="Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        request=published,
        service="cvm",
    )
    assert header.endswith("72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168")


@pytest.mark.parametrize(
    "changes",
    [
        {"body": SEND + b" "},
        {"method": "GET"},
        {"query": "a=b"},
        {"timestamp": 1795361801},
        {"headers": {"content-type": "application/json", "host": "127.0.0.1:38058"}},
        {"headers": {"content-type": "text/plain", "host": "127.0.0.1:38057"}},
    ],
)
def test_whatever_is_changed_is_not_signed(changes: dict) -> None:
    assert not is_signed(signed(SENT[0][1]), SECRET, request(**changes))


def test_another_secret_is_not_signed() -> None:
    assert not is_signed(signed(SENT[0][1]), "anotherSecret", request())


def test_a_host_without_its_port_is_signed_as_node_does() -> None:
    header = authorization_for(secret_id="A", secret_key=SECRET, request=request(host="127.0.0.1"))
    authorization = read_authorization(header)
    assert authorization is not None
    assert is_signed(authorization, SECRET, request(host="127.0.0.1:8000"))
    assert not is_signed(authorization, SECRET, request(host="127.0.0.2:8000"))


def test_values_of_headers_count_in_lower_case_too() -> None:
    lower = request(headers={"content-type": "application/json", "host": "sms.example.com"})
    header = authorization_for(secret_id="A", secret_key=SECRET, request=lower)
    authorization = read_authorization(header)
    assert authorization is not None
    sent = request(headers={"content-type": " Application/JSON ", "host": "SMS.example.com"})
    assert is_signed(authorization, SECRET, sent)


def test_an_unsigned_payload_may_be_any() -> None:
    headers = {**request().headers, "x-tc-content-sha256": "UNSIGNED-PAYLOAD"}
    header = authorization_for(secret_id="A", secret_key=SECRET, request=request(headers=headers))
    authorization = read_authorization(header)
    assert authorization is not None
    assert is_signed(authorization, SECRET, request(b"another", headers=headers))
    assert not is_signed(authorization, SECRET, request(b"another"))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "SKIP",
        "TC3-HMAC-SHA256",
        HEAD + "SignedHeaders=content-type;host, Signature=" + "A" * 64,
        HEAD + "SignedHeaders=content-type;host, Signature=" + "a" * 63,
        HEAD + "SignedHeaders=content type, Signature=" + "a" * 64,
        HEAD + "SignedHeaders=" + ";".join(["a"] * 33) + ", Signature=" + "a" * 64,
        HEAD.replace("tc3_request", "other") + "SignedHeaders=host, Signature=" + "a" * 64,
        HEAD + " " * 3000 + "SignedHeaders=host, Signature=" + "a" * 64,
    ],
)
def test_a_malformed_header_says_nothing(header: str) -> None:
    assert read_authorization(header) is None


def test_a_time_that_is_none_has_no_day() -> None:
    assert utc_date(10**15) == ""
    assert utc_date(1795361800) == "2026-11-22"
