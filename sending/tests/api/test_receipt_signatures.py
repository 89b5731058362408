"""Signatures of receipts: over the body, or over body and time, and nothing unsigned is stored."""

import base64
import hashlib
import hmac
import json

import pytest

from sending.gateways.http.preset_files import presets
from sending.tests.api.bringing import ONE, a_gateway, address, post, stored
from sending.tests.gateways.http_peer import LARKSPUR, OLDFIELD

pytestmark = pytest.mark.django_db
KEY = "s1gn"
BODY = json.dumps(ONE).encode()


def a_signing_gateway():
    settings = LARKSPUR | {"receipt_signature_header": "X-Signature"}
    return a_gateway(settings, receipt_signature_key=KEY)


def digest_of(body):
    return hmac.new(KEY.encode(), body, hashlib.sha256).digest()


@pytest.mark.parametrize(
    "write",
    [
        lambda digest: digest.hex(),
        lambda digest: f"sha256={digest.hex()}",
        lambda digest: base64.b64encode(digest).decode(),
    ],
)
def test_a_signed_receipt_is_stored(client, write):
    signature = write(digest_of(BODY))
    response = post(client, a_signing_gateway(), BODY, **{"X-Signature": signature})
    assert (response.status_code, len(stored())) == (200, 1)


@pytest.mark.parametrize("signature", [None, "", "00", "ü", "signed"])
def test_another_signature_is_none(client, signature):
    headers = {} if signature is None else {"X-Signature": signature}
    response = post(client, a_signing_gateway(), BODY, **headers)
    assert (response.status_code, stored()) == (403, [])


def test_the_signature_of_another_body_is_none(client):
    signature = digest_of(b"{}").hex()
    response = post(client, a_signing_gateway(), BODY, **{"X-Signature": signature})
    assert (response.status_code, stored()) == (403, [])


@pytest.mark.parametrize(
    ("signed", "sent", "status"),
    [
        ("1764486000", "1764486000", 200),
        ("1764486000", "1764486001", 403),
        ("1764486000", None, 403),
        ("", "1764486000", 403),
    ],
)
def test_a_time_in_a_header_is_signed_behind_the_body(client, signed, sent, status):
    gateway = a_signing_gateway()
    gateway.http_settings["receipt_timestamp_header"] = "X-Timestamp"
    gateway.save()
    headers = {"X-Signature": digest_of(BODY + signed.encode()).hex()}
    headers |= {} if sent is None else {"X-Timestamp": sent}
    response = post(client, gateway, BODY, **headers)
    assert (response.status_code, len(stored())) == (status, 1 if status == 200 else 0)


def test_the_phone_of_the_preset_signs_body_and_time(client):
    phone = a_gateway(presets()["sms-gate"].settings, receipt_signature_key=KEY)
    told = {"messageId": "77-3", "recipient": "+85251230001"}
    body = json.dumps({"event": "sms:delivered", "payload": told}).encode()
    headers = {"X-Timestamp": "1764486000"}
    assert post(client, phone, body, **headers).status_code == 403
    headers["X-Signature"] = digest_of(body + b"1764486000").hex()
    assert post(client, phone, body, **headers).status_code == 200
    assert stored() == [("77-3", "DELIVERED", "", "+85251230001")]


def test_what_the_address_says_is_not_signed(client):
    settings = OLDFIELD | {"receipt_signature_header": "X-Signature"}
    gateway = a_gateway(settings, receipt_signature_key=KEY)
    signature = digest_of(b"").hex()
    client.get(f"{address(gateway)}?msgid=1&st=1", headers={"X-Signature": signature})
    assert stored() == []
