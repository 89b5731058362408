"""Receipts of HTTP gateways: recorded requests, and what they say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.gateways.http.receipts import read_receipts
from sending.gateways.http.rules import DocumentUnreadable
from sending.gateways.http.settings import SettingsError, receipt_settings
from sending.lifecycle import SaidBy
from sending.tests.gateways.http_peer import LARKSPUR, OLDFIELD, QUILLET


def read(settings, octets):
    receipts, others = read_receipts(receipt_settings(settings), octets)
    return [
        (one.gateway_message_id, one.message_state, one.error, one.msisdn) for one in receipts
    ], others


REPORTS = {
    "reports": [
        {"id": "m-1", "to": "85251230001", "status": {"name": "DELIVERED", "code": 0}},
        {"id": "m-2", "to": "+852 5123 0002", "status": {"name": "failed", "code": 31}},
        {"id": "m-3", "status": {"name": "on the way"}},
        {"id": "m-4", "status": {"name": "vanished"}},
        {"id": "m-5"},
        {"status": {"name": "failed"}, "to": "not a number"},
        {"note": "hello"},
        17,
    ]
}


def test_a_batch_in_json():
    assert read(LARKSPUR, json.dumps(REPORTS).encode()) == (
        [
            ("m-1", "DELIVERED", "", "+85251230001"),
            ("m-2", "UNDELIVERABLE", "VENDOR_31", "+85251230002"),
            ("m-3", "ENROUTE", "", None),
            ("m-4", "UNKNOWN", "vanished", None),
            ("m-5", "UNKNOWN", "RECEIPT_WITHOUT_STATE", None),
            ("", "UNDELIVERABLE", "", None),
        ],
        2,
    )


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (
            b"msgid=5f-77&st=1&err=000&msisdn=85251230001",
            ("5f-77", "DELIVERED", "", "+85251230001"),
        ),
        (b"msgid=a%26b&st=2&err=21", ("a&b", "UNDELIVERABLE", "VENDOR_21", None)),
        (b"msgid=9&st=8", ("9", "ACCEPTED", "", None)),
        (b"msgid=9&st=77", ("9", "UNKNOWN", "77", None)),
        (b"msgid=\xff&st=1", ("\ufffd", "DELIVERED", "", None)),
    ],
)
def test_a_form(octets, expected):
    assert read(OLDFIELD, octets) == ([expected], 0)


def test_xml_by_expressions():
    octets = b"""<dlrs><dlr ref="77-3" state="ok" to="0085251230001"/>
    <dlr ref="78-1" state="bad" to=""/></dlrs>"""
    assert read(QUILLET, octets) == (
        [("77-3", "DELIVERED", "", "+85251230001"), ("78-1", "UNDELIVERABLE", "", None)],
        0,
    )


@pytest.mark.parametrize(
    ("items", "octets"),
    [
        ("", b'{"id": "1", "status": {"name": "delivered"}}'),
        ("", b'[{"id": "1", "status": {"name": "delivered"}}]'),
        ("a[1].b", b'{"a": [0, {"b": {"id": "1", "status": {"name": "delivered"}}}]}'),
    ],
)
def test_one_or_many(items, octets):
    settings = LARKSPUR | {"receipt_items_rule": items}
    assert read(settings, octets) == ([("1", "DELIVERED", "", None)], 0)


def test_who_says_it():
    receipts, _ = read_receipts(receipt_settings(LARKSPUR), json.dumps(REPORTS).encode())
    assert [one.said_by for one in receipts[:3]] == [
        SaidBy.NETWORK,
        SaidBy.NETWORK,
        SaidBy.GATEWAY,
    ]


def test_the_text_of_the_message_is_not_kept():
    report = {"id": "1", "status": {"name": "delivered"}, "text": "Your code is 4711"}
    (receipt,), _ = read_receipts(
        receipt_settings(LARKSPUR), json.dumps({"reports": [report]}).encode()
    )
    assert "4711" not in receipt.raw
    assert json.loads(receipt.raw)["status"] == "delivered"


@pytest.mark.parametrize(
    ("octets", "message_id"),
    [
        (b'{"id": 12345678901234567890123, %s}', "12345678901234567890123"),
        (b'{"id": 12345.0, %s}', "12345"),
        (b'{"id": 1.0e5, %s}', "100000"),
        (b'{"id": 1.5, %s}', "1.5"),
        (b'{"id": 1e999999999, %s}', "1e999999999"),
        (b'{"id": "a", "n": ' + b"9" * 6000 + b", %s}", "a"),
        (b'\xef\xbb\xbf{"id": "a", %s}', "a"),
        (b'{"id": "a", %s, "text": "caf\xe9"}', "a"),
        (b'{"id": "a", %s, "text": "two\nlines"}', "a"),
        (b'{"id": "a", %s}\0', "a"),
        (b'{"id": "a\\u0000b", %s}', "ab"),
    ],
)
def test_what_stands_beside_them_does_not_hide_id_and_status(octets, message_id):
    settings = LARKSPUR | {"receipt_items_rule": "", "receipt_status_rule": "s"}
    document = octets % b'"s": "delivered"'
    assert read(settings, document) == ([(message_id, "DELIVERED", "", None)], 0)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_xml_in_other_encodings(encoding):
    octets = '<dlrs><dlr ref="77-3" state="ok" text="é"/></dlrs>'.encode(encoding)
    assert read(QUILLET, octets) == ([("77-3", "DELIVERED", "", None)], 0)


@pytest.mark.parametrize("octets", [b"{", b"\xff", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"])
def test_what_is_no_json_is_said_to_be_none(octets):
    with pytest.raises(DocumentUnreadable):
        read(LARKSPUR, octets)


@given(octets=st.binary(max_size=200))
@pytest.mark.parametrize("settings", [OLDFIELD, QUILLET])
def test_any_octets_are_read_or_refused(settings, octets):
    try:
        receipts, others = read(settings, octets)
    except DocumentUnreadable:
        return
    assert others >= 0
    assert all(state == "UNKNOWN" or error == "" for _, state, error, _ in receipts if not error)


def test_a_gateway_without_receipts_has_no_rules():
    assert receipt_settings({"receipt_format": "json"}) is None


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"receipt_id_rule": ""}, "receipt_id_rule", "REQUIRED"),
        ({"receipt_status_rule": ""}, "receipt_status_rule", "REQUIRED"),
        ({"receipt_states": ""}, "receipt_states", "REQUIRED"),
        ({"reply_source_rule": "from"}, "reply_text_rule", "REQUIRED"),
        ({"reply_text_rule": "text"}, "reply_source_rule", "REQUIRED"),
        ({"receipt_states": "delivered DELIVERED"}, "receipt_states", "STATUS_LINE"),
        ({"receipt_states": "= DELIVERED"}, "receipt_states", "STATUS_LINE"),
        ({"receipt_states": "ok = FINE"}, "receipt_states", "STATUS_STATE"),
        ({"receipt_items_rule": "a b"}, "receipt_items_rule", "RULE_PATH"),
        ({"receipt_format": "text", "receipt_items_rule": "("}, "receipt_items_rule", "RULE_REGEX"),
        ({"receipt_format": "csv"}, "receipt_format", "CHOICE"),
        ({"receipt_signature_header": "X: y"}, "receipt_signature_header", "HEADER"),
        ({"receipt_timestamp_header": "X: y"}, "receipt_timestamp_header", "HEADER"),
        ({"receipt_timestamp_header": "X-Time"}, "receipt_signature_header", "REQUIRED"),
        ({"receipt_covers": "half"}, "receipt_covers", "CHOICE"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(change, field, code):
    with pytest.raises(SettingsError) as raised:
        receipt_settings(LARKSPUR | change)
    assert (raised.value.field, raised.value.code) == (field, code)
