"""Answers of HTTP gateways: yes, no, too fast, or nobody knows."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.gateways.base import THROTTLED, SubmitRefused, SubmitResult, Unanswered
from sending.gateways.http.answer import HttpAnswer, read_answer
from sending.gateways.http.settings import SettingsError, answer_settings
from sending.tests.gateways.http_peer import LARKSPUR, OLDFIELD, QUILLET

KEYS = st.sampled_from(["messages", "id", "error", "code"])
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=8,
)


def heard(settings, status, body):
    """("yes", id), ("no", code), ("later", code), ("slower", code) or ("doubt", code)."""
    try:
        result = read_answer(answer_settings(settings), HttpAnswer(status, body), "77-3")
    except SubmitRefused as refusal:
        kind = "slower" if refusal.throttled else "later" if refusal.temporary else "no"
        return kind, refusal.code
    except Unanswered as unanswered:
        return "doubt", unanswered.code
    return "yes", result.gateway_message_id


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b'{"messages": [{"id": "m-1"}]}', ("yes", "m-1")),
        (202, b'{"messages": [{"id": 9007199254740993}]}', ("yes", "9007199254740993")),
        # It answered, and it is not known what.
        (200, b'{"messages": []}', ("doubt", "RESPONSE_UNREADABLE")),
        (200, b'{"messages": [{"id": ""}]}', ("doubt", "RESPONSE_UNREADABLE")),
        (200, b"<html>Welcome to the hotel</html>", ("doubt", "RESPONSE_UNREADABLE")),
        (204, b"", ("doubt", "RESPONSE_UNREADABLE")),
        (500, b"", ("doubt", "HTTP_500")),
        (502, b"<html>Bad Gateway</html>", ("doubt", "HTTP_502")),
        (504, b'{"error": {"code": "upstream"}}', ("doubt", "VENDOR_upstream")),
        # It says no, whatever the status is.
        (200, b'{"error": {"code": "no_credit"}}', ("no", "VENDOR_no_credit")),
        (400, b'{"error": {"code": "bad number!"}}', ("no", "VENDOR_bad_number")),
        (422, b"", ("no", "HTTP_422")),
        (200, b'{"error": {"code": "busy"}}', ("later", "VENDOR_busy")),
        (500, b'{"error": {"code": "BUSY"}}', ("later", "VENDOR_BUSY")),
        (400, b'{"error": {"code": "slow down"}}', ("slower", THROTTLED)),
        (429, b"", ("slower", THROTTLED)),
        (503, b"{}", ("slower", THROTTLED)),
        # It refuses us, not the message.
        (401, b"", ("later", "HTTP_401")),
        (403, b'{"error": {"code": "ip"}}', ("later", "VENDOR_ip")),
        (302, b"", ("later", "HTTP_302")),
        (404, b"", ("later", "HTTP_404")),
    ],
)
def test_json_answers(status, body, expected):
    assert heard(LARKSPUR, status, body) == expected


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"OK ID: 5f-77\r\n", ("yes", "5f-77")),
        (200, b"QUEUED\nID:12", ("yes", "12")),
        (200, b"OK", ("doubt", "RESPONSE_UNREADABLE")),
        (200, b"ERR 21 no such number", ("no", "VENDOR_21")),
        (200, b"ERR 7 try later", ("later", "VENDOR_7")),
        (200, b"SORRY ID: 12", ("no", "HTTP_200")),
        (200, b"\xff\xfe", ("doubt", "RESPONSE_UNREADABLE")),
        # The operator knows that this gateway's 500 means: not taken.
        (500, b"", ("later", "HTTP_500")),
    ],
)
def test_text_answers(status, body, expected):
    assert heard(OLDFIELD, status, body) == expected


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"<r><status>accepted</status></r>", ("yes", "77-3")),
        (200, b'<r><status>refused</status><error code="E 9"/></r>', ("no", "VENDOR_E_9")),
        (200, b"<r/>", ("doubt", "RESPONSE_UNREADABLE")),
    ],
)
def test_without_an_id_of_its_own_ours_is_the_id(status, body, expected):
    assert heard(QUILLET, status, body) == expected


@given(status=st.integers(100, 999), body=st.binary(max_size=300))
def test_only_a_clear_yes_is_a_yes(status, body):
    settings = LARKSPUR | {"message_id_rule": "id", "success_rule": "ok", "success_values": "true"}
    kind, said = heard(settings, status, body)
    if kind == "yes":
        document = json.loads(body)
        assert (status // 100, document["ok"], str(document["id"])) == (2, True, said)


@given(status=st.integers(100, 999), body=DOCUMENTS)
def test_every_document_has_a_meaning(status, body):
    kind, said = heard(LARKSPUR, status, json.dumps(body).encode())
    assert kind in {"yes", "no", "later", "slower", "doubt"}
    assert said


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"answer_format": "xml"}, "answer_format", "CHOICE"),
        ({"message_id_rule": "messages[x].id"}, "message_id_rule", "RULE_PATH"),
        ({"message_id_rule": "a..b"}, "message_id_rule", "RULE_PATH"),
        ({"answer_format": "text", "error_rule": "(("}, "error_rule", "RULE_REGEX"),
        ({"success_rule": "ok"}, "success_values", "REQUIRED"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(change, field, code):
    with pytest.raises(SettingsError) as raised:
        answer_settings(LARKSPUR | change)
    assert (raised.value.field, raised.value.code) == (field, code)


@pytest.mark.parametrize("path", ["a.b.1.c", "$.a.b[1].c", 'a["b"][1]["c"]', "$a.b[1].c"])
def test_paths_may_be_written_in_several_ways(path):
    settings = {"message_id_rule": path}
    body = b'{"a": {"b": [0, {"c": "found"}]}}'
    assert read_answer(answer_settings(settings), HttpAnswer(200, body), "") == SubmitResult(
        "found"
    )
