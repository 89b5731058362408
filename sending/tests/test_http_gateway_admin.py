"""Connecting an aggregator in the administration: without code, and without mistakes that bite."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import log_in, make_user
from sending.delivery.gateway_config import config_of
from sending.models import Gateway, HttpGateway
from sending.tests.factories import make_gateway
from sending.tests.gateways.authority import Authority
from sending.tests.gateways.http_peer import LARKSPUR, OLDFIELD

pytestmark = pytest.mark.django_db
ADD = reverse("admin:sending_httpgateway_add")
COMMON = {
    "name": "larkspur",
    "mode": "active",
    "originator": "Harbourline",
    "rate": 50,
    "window": 10,
    "bind_slots": 1,
    "response_timeout": 20,
    "id_format": "as_is",
}


@pytest.fixture
def operator(client: Client) -> Client:
    log_in(client, make_user(is_staff=True, is_superuser=True))
    return client


def page_of(gateway: Gateway) -> str:
    return reverse("admin:sending_httpgateway_change", args=[gateway.pk])


def connect(operator: Client, settings: dict = LARKSPUR, **fields: object) -> HttpGateway:
    response = operator.post(ADD, COMMON | settings | {"new_secret": "s3cr3t"} | fields)
    assert response.status_code == 302, response.context["errors"]
    return HttpGateway.objects.get()


def test_an_aggregator_is_connected_without_code(operator: Client) -> None:
    gateway = connect(operator)
    assert gateway.kind == Gateway.Kind.HTTP
    assert (gateway.host, gateway.port) == ("api.larkspur.example", 443)
    assert gateway.http_settings["message_id_rule"] == LARKSPUR["message_id_rule"]
    assert (gateway.password, gateway.takes_whole_messages) == ("s3cr3t", True)
    assert not gateway.receipts_per_segment


def test_the_page_shows_what_would_be_sent_and_where_receipts_go(operator: Client) -> None:
    gateway = connect(operator, OLDFIELD | {"url": "https://sms.oldfield.example/send"})
    page = operator.get(page_of(gateway)).content.decode()
    assert "POST https://sms.oldfield.example/send" in page
    assert "user=harbour&amp;pass=%2A%2A%2A%2A%2A%2A%2A%2A&amp;to=85251230001" in page
    assert gateway.receipt_url in page
    assert "s3cr3t" not in page


def test_secrets_stay_when_left_empty_and_out_of_the_audit_trail(operator: Client) -> None:
    gateway = connect(operator)
    before = gateway.receipt_secret
    operator.post(page_of(gateway), COMMON | LARKSPUR | {"rate": 7})
    gateway.refresh_from_db()
    assert (gateway.rate, gateway.password, gateway.receipt_secret) == (7, "s3cr3t", before)
    operator.post(page_of(gateway), COMMON | LARKSPUR | {"new_secret": "0ther"})
    gateway.refresh_from_db()
    assert gateway.password == "0ther"
    assert "0ther" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_new_address_for_receipts_replaces_the_old_one(operator: Client) -> None:
    gateway = connect(operator)
    before = gateway.receipt_secret
    operator.post(page_of(gateway), COMMON | LARKSPUR | {"renew_receipt_secret": "on"})
    gateway.refresh_from_db()
    assert gateway.receipt_secret not in {"", before}


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"url": ""}, "url", "Fill it in"),
        ({"url": "https://{text}/"}, "url", "only come after"),
        ({"url": "https://x.example/{to}"}, "url", "There is no field “to”. Fields: data_coding"),
        ({"body": "{"}, "body", "This is not valid JSON"),
        ({"body": '["{"]'}, "body", "Write {{ or }}"),
        ({"headers": "Host: x"}, "headers", "Remove this line"),
        ({"message_id_rule": "a b"}, "message_id_rule", "messages[0].id"),
        ({"success_rule": "ok"}, "success_values", "Fill it in"),
        ({"receipt_states": "ok = FINE"}, "receipt_states", "There is no state “FINE”"),
        ({"new_secret": ""}, "new_secret", "uses a secret"),
        ({"receipt_signature_header": "X-Sign"}, "new_signature_key", "Enter the key"),
        ({"body_kind": "soap"}, "body_kind", "not one of the available choices"),
    ],
)
def test_a_mistake_is_explained_at_its_field(
    operator: Client, change: dict, field: str, words: str
) -> None:
    response = operator.post(ADD, COMMON | LARKSPUR | {"new_secret": "s3cr3t"} | change)
    assert response.status_code == 200
    assert words in response.context["adminform"].form.errors[field].as_text()
    assert not HttpGateway.objects.exists()


def test_an_unencrypted_address_is_warned_about(operator: Client) -> None:
    settings = COMMON | OLDFIELD | {"new_secret": "s3cr3t"}
    page = operator.post(ADD, settings, follow=True).content.decode()
    assert "go out unencrypted" in page


def test_each_kind_has_its_own_page(operator: Client) -> None:
    smpp, http = make_gateway(name="by-smpp"), connect(operator)
    lists = {
        name: operator.get(reverse(f"admin:sending_{name}_changelist")).context["cl"].queryset
        for name in ("gateway", "httpgateway")
    }
    assert [row.pk for row in lists["gateway"]] == [smpp.pk]
    assert [row.pk for row in lists["httpgateway"]] == [http.pk]


def test_smpp_needs_host_and_system_id(operator: Client) -> None:
    response = operator.post(reverse("admin:sending_gateway_add"), COMMON)
    assert {"host", "system_id"} <= response.context["adminform"].form.errors.keys()


def test_an_aggregator_with_an_authority_of_its_own_and_a_client_certificate(
    operator: Client,
) -> None:
    authority = Authority()
    ours = authority.issue("harbour")
    pems = {"tls_ca": authority.pem, "tls_certificate": ours.certificate, "new_tls_key": ours.key}
    tls = config_of(connect(operator, **pems)).tls
    assert tls is not None
    assert (tls.ca, tls.key) == (authority.pem.strip(), ours.key.strip())
    assert ours.key.splitlines()[1] not in operator.get(page_of(HttpGateway.objects.get())).text


def test_without_https_there_is_no_tls(operator: Client) -> None:
    assert config_of(connect(operator, url="http://sms.example/send")).tls is None
