"""Receipts in: stored before the answer, refused in words, and never a 500."""

import gzip
import io
import json
import zlib

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from sending.api import receipts
from sending.delivery.receipts import inbox
from sending.models import HttpGateway, InboundSegment, ReceiptInbox
from sending.tests.api.bringing import JSON, ONE, a_gateway, address, post, stored
from sending.tests.factories import make_gateway
from sending.tests.gateways.http_peer import LARKSPUR, OLDFIELD, QUILLET

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


def test_a_receipt_is_stored_for_its_gateway(client):
    other, gateway = a_gateway(), a_gateway()
    response = post(Client(enforce_csrf_checks=True), gateway, ONE)
    assert (response.status_code, response.content) == (200, b"Stored 1 receipts.\n")
    assert stored() == [("m-1", "DELIVERED", "", "+85251230001")]
    assert ReceiptInbox.objects.get().gateway_id == gateway.pk != other.pk


def test_each_gateway_has_a_secret_of_its_own_that_the_database_does_not_show():
    one, other = a_gateway(), a_gateway()
    assert one.receipt_secret != other.receipt_secret
    raw = HttpGateway.objects.extra(select={"raw": "receipt_secret"}).get(pk=one.pk).raw
    assert one.receipt_secret not in raw
    assert one.receipt_url.endswith(address(one))


@pytest.mark.parametrize("secret", ["wrong", "ü", "a" * 500])
def test_a_wrong_secret_finds_nothing(client, secret):
    a_gateway()
    response = client.post(reverse("api:receipts", args=[secret]), ONE, content_type=JSON)
    assert (response.status_code, stored()) == (404, [])


def test_the_secret_of_an_smpp_gateway_opens_nothing(client):
    gateway = make_gateway()
    assert gateway.receipt_url == ""
    assert post(client, gateway, ONE).status_code == 404


def test_a_stopped_gateway_still_gets_its_receipts(client):
    assert post(client, a_gateway(mode="stopped"), ONE).status_code == 200
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("GET", "msgid=5f%2B7&st=2&err=21", b""),
        ("POST", "", b"msgid=5f%2B7&st=2&err=21"),
        ("POST", "msgid=5f%2B7", b"st=2&err=21"),
    ],
)
def test_fields_come_in_the_address_or_the_body(client, method, query, body):
    url = f"{address(a_gateway(OLDFIELD))}?{query}"
    response = client.generic(method, url, body, content_type=FORM)
    assert response.status_code == 200
    assert stored() == [("5f+7", "UNDELIVERABLE", "VENDOR_21", "")]


@pytest.mark.parametrize(
    ("settings", "query"),
    [
        (LARKSPUR | {"receipt_items_rule": "", "receipt_status_rule": "st"}, "id=m-1&st=delivered"),
        (
            QUILLET
            | {
                "receipt_items_rule": "",
                "receipt_id_rule": "ref=([^&]*)",
                "receipt_status_rule": "st=([^&]*)",
            },
            "ref=m-1&st=ok",
        ),
    ],
)
def test_a_call_by_get_is_heard_whatever_the_rules_were_written_for(client, settings, query):
    response = client.get(f"{address(a_gateway(settings))}?{query}")
    assert response.content == b"Stored 1 receipts.\n"
    assert [row[:2] for row in stored()] == [("m-1", "DELIVERED")]


def test_a_form_of_parts_is_read(client):
    response = client.post(address(a_gateway(OLDFIELD)), {"msgid": "5f+7", "st": "1"})
    assert response.status_code == 200
    assert [row[:2] for row in stored()] == [("5f+7", "DELIVERED")]


def test_a_broken_form_of_parts_is_answered_in_words(client):
    kind = "multipart/form-data"
    assert post(client, a_gateway(OLDFIELD), b"--x", kind).status_code == 400


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda octets: zlib.compress(octets, wbits=-15)),
        ("GZIP", lambda octets: octets),
        ("identity", lambda octets: octets),
    ],
)
def test_a_compressed_body_is_read(client, encoding, compress):
    body = compress(json.dumps(ONE).encode())
    response = post(client, a_gateway(), body, **{"Content-Encoding": encoding})
    assert response.status_code == 200
    assert [row[0] for row in stored()] == ["m-1"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (gzip.compress(b" " * (receipts.MAX_BYTES + 1)), 413),
        (gzip.compress(json.dumps(ONE).encode())[:-9], 400),
    ],
)
def test_what_is_compressed_has_the_same_bounds(client, body, status):
    response = post(client, a_gateway(), body, **{"Content-Encoding": "gzip"})
    assert (response.status_code, stored()) == (status, [])


def test_ids_are_normalised_as_those_of_answers(client):
    gateway = a_gateway(OLDFIELD, id_format=HttpGateway.IdFormat.DECIMAL)
    post(client, gateway, b"msgid=000123&st=1", FORM)
    assert stored()[0][0] == "123"


@pytest.mark.parametrize(
    ("settings", "body", "status"),
    [
        (LARKSPUR, b"", 200),
        (LARKSPUR, b"{", 400),
        (LARKSPUR, b"\xff\x00", 400),
        (LARKSPUR, b'{"reports": [1, 2]}', 400),
        (LARKSPUR, b'{"reports": []}', 200),
        (LARKSPUR, b"[" * 100_000, 400),
        (OLDFIELD, b"hello=1", 400),
        (OLDFIELD, b"&".join(b"a=1" for _ in range(1000)), 400),
        (QUILLET, b"<html>hello</html>", 400),
        (LARKSPUR, b'{"result": [{"id": "x2"}]}', 400),
        (LARKSPUR, b'{"reports": [{"id": false}, {"id": 0}, {"id": null}]}', 400),
        ({}, b"{}", 404),
        ({"receipt_format": "csv"}, b"{}", 404),
    ],
)
def test_what_holds_no_receipt_is_answered_in_words(client, settings, body, status):
    response = post(client, a_gateway(settings), body)
    assert (response.status_code, stored()) == (status, [])
    assert response.content.strip()


def test_a_nul_does_not_stop_the_others(client):
    report = {"id": "a\0b", "status": {"name": "van\0ished", "code": "x" * 5000}, "to": "\0"}
    assert post(client, a_gateway(), {"reports": [report, *ONE["reports"]]}).status_code == 200
    assert [row[0] for row in stored()] == ["ab", "m-1"]


def test_half_a_surrogate_pair_does_not_stop_the_others(client):
    body = b'{"reports": [{"id": "a\\ud800", "status": {"name": "\\udfff"}}, '
    body += b'{"id": "m-1", "status": {"name": "delivered"}}]}'
    assert post(client, a_gateway(), body).status_code == 200
    assert [row[0] for row in stored()] == ["a?", "m-1"]


def test_a_large_batch_is_stored_whole(client):
    reports = [{"id": f"m-{n}", "status": {"name": "delivered"}} for n in range(1203)]
    response = post(client, a_gateway(), {"reports": reports})
    assert response.content == b"Stored 1203 receipts.\n"
    assert len({row[0] for row in stored()}) == 1203


def test_too_much_is_refused_before_it_is_read(client):
    stream = io.BytesIO(b" " * (receipts.MAX_BYTES + 1))
    response = client.generic(
        "POST",
        address(a_gateway()),
        content_type=JSON,
        **{"wsgi.input": stream, "CONTENT_LENGTH": str(receipts.MAX_BYTES + 1)},
    )
    assert (response.status_code, stream.tell()) == (413, 0)


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({"CONTENT_LENGTH": "900"}, 400),
        ({"CONTENT_LENGTH": "x"}, 411),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}, 411),
    ],
)
def test_half_a_request_is_not_taken_for_an_empty_one(client, extra, status):
    body = json.dumps(ONE).encode()
    # The test client's own input would stop a view from reading on, as no server does.
    octets = {"wsgi.input": io.BytesIO(body)}
    response = client.generic(
        "POST", address(a_gateway()), body, content_type=JSON, **octets, **extra
    )
    assert (response.status_code, stored()) == (status, [])


def test_the_names_of_fields_that_no_rule_fits_are_logged(client, caplog):
    body = {"result": [{"id": "x2", "text": "secret"}], "85266661234": 1}
    assert post(client, a_gateway(), body).status_code == 400
    assert "fields that came: result, id, text" in caplog.text
    assert "secret" not in caplog.text
    assert "85266661234" not in caplog.text


@pytest.mark.parametrize(("more", "status"), [(0, 200), (receipts.MAX_BYTES, 413)])
def test_a_chunked_body_is_taken_within_its_bound(client, more, status):
    body = io.BytesIO(json.dumps(ONE).encode() + b" " * more)
    extra = {"wsgi.input": body, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    response = client.generic(
        "POST", address(a_gateway()), content_type=JSON, HTTP_TRANSFER_ENCODING="chunked", **extra
    )
    assert response.status_code == status
    assert len(stored()) == (status == 200)


@pytest.mark.parametrize("broken", ["store", "read"])
def test_without_a_database_the_gateway_shall_come_again(client, monkeypatch, broken):
    def fail(*args, **kwargs):
        raise DatabaseError("gone")

    gateway = a_gateway()
    if broken == "store":
        monkeypatch.setattr(inbox, "store", fail)
    else:
        monkeypatch.setattr(HttpGateway.objects, "all", fail)
    response = post(client, gateway, ONE)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")


def test_nobody_may_look_with_other_methods(client):
    assert client.delete(address(a_gateway())).status_code == 405


REPLIES = {
    "reply_source_rule": "from",
    "reply_destination_rule": "to",
    "reply_text_rule": "text",
}


def brought():
    fields = ("source", "destination", "text", "data_coding", "segments")
    return list(InboundSegment.objects.order_by("pk").values_list(*fields))


def test_a_reply_comes_to_the_same_address_as_receipts(client):
    gateway = a_gateway(LARKSPUR | REPLIES)
    both = [{"from": "85251230001", "to": "3939", "text": "Stop 😀"}, *ONE["reports"]]
    response = post(client, gateway, {"reports": both})
    assert (response.status_code, response.content) == (200, b"Stored 2 receipts and replies.\n")
    assert brought() == [("85251230001", "3939", "Stop 😀", 8, 1)]
    assert len(stored()) == 1
    segment = InboundSegment.objects.get()
    assert (bytes(segment.octets).decode("utf-16-be"), bool(segment.due_at)) == ("Stop 😀", True)


@pytest.mark.parametrize(
    "body",
    [
        # A receipt that repeats the text of its message.
        {
            "from": "3939",
            "to": "85251230001",
            "text": "Hi",
            "id": "1",
            "status": {"name": "failed"},
        },
        # No rules for replies.
        None,
    ],
)
def test_a_receipt_is_no_reply(client, body):
    settings = LARKSPUR | (REPLIES if body else {})
    post(client, a_gateway(settings), {"reports": [body or {"from": "1", "text": "x", "id": "1"}]})
    assert brought() == []
    assert len(stored()) == 1


def test_a_gateway_may_bring_replies_only(client):
    settings = {"receipt_format": "form", "reply_source_rule": "from", "reply_text_rule": "msg"}
    response = post(client, a_gateway(settings), b"from=%2B85251230001&msg=caf%C3%A9", FORM)
    assert response.status_code == 200
    assert brought() == [("+85251230001", "", "café", 8, 1)]


def test_a_long_reply_comes_whole(client):
    text = "long " * 2_000
    body = {"reports": [{"from": "85251230001", "text": text}]}
    post(client, a_gateway(LARKSPUR | REPLIES), body)
    assert InboundSegment.objects.get().text == text.strip()
