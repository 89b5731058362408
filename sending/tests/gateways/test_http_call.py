"""Requests of HTTP gateways: every value stays in its place, whatever it holds."""

import base64
import json
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.gateways.http.call import to_call
from sending.gateways.http.settings import SettingsError, request_settings
from sending.tests.gateways.http_peer import LARKSPUR, OLDFIELD, QUILLET, REQUEST, config, request

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
XML_TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=200,
)


def call(settings, message=REQUEST, **fields):
    return to_call(message, request_settings(settings), config(settings, **fields))


def headers(made):
    return dict(made.headers)


def test_json_with_a_bearer_token():
    made = call(LARKSPUR, receipt_url="https://sms.example.com/r/")
    assert json.loads(made.body) == {
        "messages": [
            {
                "to": "+85251230001",
                "from": "Harbourline",
                "text": REQUEST.text,
                "parts": 2,
                "note": "{kept}",
                "callback": "https://sms.example.com/r/",
            }
        ]
    }
    assert (made.method, made.target) == ("POST", "/v2/messages")
    assert headers(made) == {
        "Host": "api.larkspur.example",
        "Accept-Encoding": "identity",
        "User-Agent": "sms-console",
        "Content-Type": "application/json",
        "Content-Length": str(len(made.body)),
        "Authorization": "Bearer s3cr3t",
        "X-Request-Id": "77-3",
    }


def test_a_form_with_the_secret_in_it():
    made = call(OLDFIELD, password="p&ss=w rd")
    assert dict(parse_qsl(made.body.decode(), strict_parsing=True)) == {
        "user": "harbour",
        "pass": "p&ss=w rd",
        "to": "85251230001",
        "hex": REQUEST.text.encode("utf-16-be").hex().upper(),
        "msg": REQUEST.text,
        "uc": "1",
        "ttl": "60",
    }
    assert headers(made)["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in headers(made)


def test_xml_with_basic_authentication():
    made = call(QUILLET)
    element = ET.fromstring(made.body)
    assert (element.text, element.get("to")) == (REQUEST.text, "+85251230001")
    assert made.target == "/xml?ref=77-3"
    assert headers(made)["Host"] == "gate.quillet.example:8443"
    pair = headers(made)["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(pair) == b"harbour:s3cr3t"


def test_a_get_has_all_in_its_address():
    settings = {
        "url": "https://x.example/{username}/send?to={destination}&t={text}",
        "method": "GET",
        "body_kind": "none",
        "username": "a/../b",
    }
    made = call(settings)
    assert made.body == b""
    assert "Content-Length" not in headers(made)
    address = urlsplit(made.target)
    assert address.path == "/a%2F..%2Fb/send"
    assert dict(parse_qsl(address.query)) == {"to": "+85251230001", "t": REQUEST.text}


@given(text=TEXTS)
def test_no_text_breaks_out_of_json(text):
    (message,) = json.loads(call(LARKSPUR, request(text=text)).body)["messages"]
    assert (message["text"], message["to"]) == (text, "+85251230001")


@given(text=TEXTS)
def test_no_text_breaks_out_of_a_form(text):
    fields = parse_qsl(call(OLDFIELD, request(text=text)).body.decode(), keep_blank_values=True)
    assert len(fields) == 7
    assert dict(fields)["msg"] == text
    assert bytes.fromhex(dict(fields)["hex"]).decode("utf-16-be") == text


@given(text=XML_TEXTS)
def test_no_text_breaks_out_of_xml(text):
    element = ET.fromstring(call(QUILLET, request(text=text)).body)
    assert (element.text, len(element)) == (text, 0)


@given(text=TEXTS)
def test_no_text_breaks_out_of_an_address(text):
    settings = {"url": "https://x.example/{text}?a=1", "body_kind": "none"}
    target = call(settings, request(text=text)).target
    assert target.isascii()
    assert target.split("?") == [target.removesuffix("?a=1"), "a=1"]
    assert unquote(target.removesuffix("?a=1")) == f"/{text}"


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"headers": "X-Text: {text}", "body_kind": "none"}, "a\r\nX-Evil: 1"),
        ({"headers": "X-Text: {text}", "body_kind": "none"}, "naïve"),
        ({"body_kind": "xml", "body": "<a>{text}</a>"}, "\x0b"),
        ({"body_kind": "json", "body": '{"a": "{text:number}"}'}, "twelve"),
        ({"body_kind": "text", "body": "{text}"}, "\ud800"),
    ],
)
def test_what_cannot_be_written_is_not_written(settings, text):
    with pytest.raises(ValueError):
        call(settings | {"url": "https://x.example/"}, request(text=text))


def test_an_own_header_replaces_ours():
    made = call(LARKSPUR | {"headers": "content-type: application/vnd.larkspur+json"})
    types = [value for name, value in made.headers if name.lower() == "content-type"]
    assert types == ["application/vnd.larkspur+json"]


def test_secrets_and_texts_stay_out_of_logs():
    made = call(OLDFIELD | {"url": "https://x.example/?key={secret}&text={text}"})
    assert "s3cr3t" in made.target
    for shown in (repr(made), repr(config(OLDFIELD | {"headers": "X-Key: s3cr3t"}))):
        assert "s3cr3t" not in shown
        assert "hi" not in shown


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"url": ""}, "url", "REQUIRED"),
        ({"url": "sms.example.com/send"}, "url", "URL"),
        ({"url": "ftp://sms.example.com/"}, "url", "URL"),
        ({"url": "https://user:pass@sms.example.com/"}, "url", "URL"),
        ({"url": "https://sms.example.com:x/"}, "url", "URL"),
        ({"url": "https://sms.example.com/ü"}, "url", "URL"),
        ({"url": "https://sms.example.com/a#b"}, "url", "URL"),
        ({"url": "https://{username}.example.com/"}, "url", "URL_FIELD"),
        ({"url": "https://sms.example.com/{to}"}, "url", "PATTERN_UNKNOWN_FIELD"),
        ({"method": "PATCH"}, "method", "CHOICE"),
        ({"headers": "no colon"}, "headers", "HEADER"),
        ({"headers": "Bad Name: x"}, "headers", "HEADER"),
        ({"headers": "Content-Length: 3"}, "headers", "HEADER_OURS"),
        ({"headers": "X: {nothing}"}, "headers", "PATTERN_UNKNOWN_FIELD"),
        ({"body": ""}, "body", "REQUIRED"),
        ({"body": "{"}, "body", "PATTERN_JSON"),
        ({"body": '["{"]'}, "body", "PATTERN_LONE_BRACE"),
        ({"body": '["n {segments:number}"]'}, "body", "PATTERN_NUMBER"),
        ({"body": "a={segments:number}", "body_kind": "form"}, "body", "PATTERN_NUMBER"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(change, field, code):
    with pytest.raises(SettingsError) as raised:
        request_settings(LARKSPUR | change)
    assert (raised.value.field, raised.value.code) == (field, code)
