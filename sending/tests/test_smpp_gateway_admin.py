"""Connecting a carrier over SMPP in the administration: TLS, pairs and advanced settings."""

from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import log_in, make_user
from sending.delivery.gateway_config import config_of
from sending.gateways.base import Addressing, Tls
from sending.models import Gateway
from sending.tests.gateways.authority import Authority, pem_of

pytestmark = pytest.mark.django_db
ADD = reverse("admin:sending_gateway_add")
LETTER = {
    "name": "hk-direct",
    "mode": "active",
    "originator": "Harbourline",
    "host": "smpp.example.net",
    "port": 3550,
    "system_id": "harbour",
    "new_password": "longer-than-eight",
    "bind_mode": "transceiver",
    "bind_slots": 2,
    "response_timeout": 20,
    "enquire_interval": 15,
    "rate": 50,
    "window": 10,
    "registered_delivery": "on",
    "receipts_per_segment": "on",
    "id_format": "as_is",
    "receipt_zone": "UTC",
    "dest_ton": 1,
    "dest_npi": 1,
}


@pytest.fixture
def operator(client: Client) -> Client:
    log_in(client, make_user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def page_of(gateway: Gateway) -> str:
    return reverse("admin:sending_gateway_change", args=[gateway.pk])


def connect(operator: Client, **fields: object) -> Gateway:
    response = operator.post(ADD, LETTER | fields)
    assert response.status_code == 302, response.context["errors"]
    return Gateway.objects.get()


def faults(operator: Client, **fields: object) -> dict[str, list[str]]:
    """What the form says of a letter with these fields; nothing may be stored."""
    response = operator.post(ADD, LETTER | fields)
    assert response.status_code == 200
    assert not Gateway.objects.exists()
    return dict(response.context["adminform"].form.errors)


def test_what_a_letter_says_reaches_the_connection(operator: Client) -> None:
    gateway = connect(
        operator,
        bind_mode="pair",
        service_type="CMT",
        source_ton=0,
        source_npi=1,
        dest_ton=2,
        dest_npi=8,
        temporary_statuses="0x410, 1042",
        receipt_zone="Asia/Hong_Kong",
    )
    config = config_of(gateway)
    assert (config.bind, config.password, config.tls) == ("pair", "longer-than-eight", None)
    assert (config.enquire_interval, config.service_type) == (15.0, "CMT")
    assert config.addressing == Addressing(0, 1, 2, 8)
    assert config.temporary_statuses == {0x410, 1042}
    assert config.receipt_zone == ZoneInfo("Asia/Hong_Kong")
    assert config.registered_delivery


def test_what_the_letter_leaves_out_is_as_most_carriers_want_it(operator: Client) -> None:
    config = config_of(connect(operator))
    assert (config.bind, config.addressing) == ("transceiver", Addressing())
    assert (config.temporary_statuses, config.service_type) == (frozenset(), "")


def test_certificates_and_key_reach_the_connection(operator: Client, authority: Authority) -> None:
    ours = authority.issue("harbour")
    gateway = connect(
        operator,
        tls="on",
        tls_server_name="smpp.carrier.example",
        tls_ca=authority.pem,
        tls_certificate=ours.certificate,
        new_tls_key=ours.key,
    )
    assert config_of(gateway).tls == Tls(
        authority.pem.strip(), ours.certificate.strip(), ours.key.strip(), "smpp.carrier.example"
    )


def test_the_key_is_encrypted_and_never_shown_again(operator: Client, authority: Authority) -> None:
    ours = authority.issue("harbour")
    words = ours.key.splitlines()[1]
    fields = {"tls": "on", "tls_certificate": ours.certificate, "new_tls_key": ours.key}
    refused = operator.post(ADD, LETTER | fields | {"port": "none"})
    assert words not in refused.content.decode()
    gateway = connect(operator, **fields)
    page = operator.get(page_of(gateway)).content.decode()
    assert words not in page
    assert "A key is stored" in page
    raw = Gateway.objects.extra(select={"raw": "tls_key"}).get(pk=gateway.pk).raw
    assert words not in raw
    assert words not in str([entry.details for entry in AuditEntry.objects.all()])


def test_the_stored_key_stays_and_goes_with_its_certificate(
    operator: Client, authority: Authority
) -> None:
    ours = authority.issue("harbour")
    fields = {"tls": "on", "tls_certificate": ours.certificate}
    gateway = connect(operator, **fields, new_tls_key=ours.key)
    operator.post(page_of(gateway), LETTER | fields | {"rate": 60})
    gateway.refresh_from_db()
    assert (gateway.rate, gateway.tls_key) == (60, ours.key.strip())
    operator.post(page_of(gateway), LETTER | {"tls": "on"})
    gateway.refresh_from_db()
    assert (gateway.tls_certificate, gateway.tls_key) == ("", "")


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"tls_ca": "hello"}, "tls_ca", "not a PEM certificate"),
        ({"tls_ca": "ours.key"}, "tls_ca", "private key in this text"),
        ({"tls_certificate": "ours.key"}, "tls_certificate", "private key in this text"),
        ({"tls_certificate": "ours"}, "new_tls_key", "Paste the key for this certificate"),
        ({"new_tls_key": "ours.key"}, "tls_certificate", "Paste the certificate for this key"),
        (
            {"tls_certificate": "ours", "new_tls_key": "hello"},
            "new_tls_key",
            "not a PEM private key",
        ),
        ({"tls_certificate": "ours", "new_tls_key": "other.key"}, "new_tls_key", "not belong"),
        ({"tls_certificate": "ours", "new_tls_key": "locked"}, "new_tls_key", "passphrase"),
        ({"temporary_statuses": "0x410, soon"}, "temporary_statuses", "0x410, 1042"),
        ({"temporary_statuses": "0"}, "temporary_statuses", "0x410, 1042"),
        ({"receipt_zone": "Hong Kong"}, "receipt_zone", "time zone"),
        ({"enquire_interval": "0"}, "enquire_interval", "1"),
        ({"host": ""}, "host", "required"),
    ],
)
def test_a_mistake_is_said_in_words_beside_its_field(
    operator: Client, authority: Authority, given: dict, field: str, says: str
) -> None:
    ours, other = authority.issue("harbour"), authority.issue("other")
    texts = {
        "ours": ours.certificate,
        "ours.key": ours.key,
        "other.key": other.key,
        "locked": pem_of(ec.generate_private_key(ec.SECP256R1()), b"passphrase"),
    }
    found = faults(operator, tls="on", **{name: texts.get(v, v) for name, v in given.items()})
    assert list(found) == [field]
    assert says in " ".join(found[field])


@pytest.mark.parametrize(("days", "says"), [(-1, "expired on"), (3, "expires on"), (90, "")])
def test_a_certificate_near_its_end_is_stored_with_a_warning(
    operator: Client, authority: Authority, days: int, says: str
) -> None:
    ours = authority.issue("harbour", days=days)
    fields = {"tls": "on", "tls_certificate": ours.certificate, "new_tls_key": ours.key}
    response = operator.post(ADD, LETTER | fields, follow=True)
    warnings = [str(m) for m in response.context["messages"] if m.level_tag == "warning"]
    assert [says in warning for warning in warnings] == ([True] if says else [])


@pytest.mark.parametrize(
    ("change", "is_forgotten"),
    [
        ({"rate": 60}, False),
        ({"receipts_per_segment": ""}, True),
        ({"host": "smpp.example.org", "new_password": "another"}, True),
    ],
)
def test_what_receipts_have_shown_is_of_this_login_and_setting(
    operator: Client, change: dict[str, object], is_forgotten: bool
) -> None:
    gateway = connect(operator)
    seen = timezone.now()
    Gateway.objects.update(segment_receipts_at=seen, lone_receipt_at=seen)
    assert operator.post(page_of(gateway), LETTER | change).status_code == 302
    gateway.refresh_from_db()
    shown = (gateway.segment_receipts_at, gateway.lone_receipt_at)
    assert shown == ((None, None) if is_forgotten else (seen, seen))
