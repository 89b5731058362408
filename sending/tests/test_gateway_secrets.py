"""A stored secret goes nowhere but where it was entered for, and is never shown."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import log_in, make_operator
from sending.models import Gateway, HttpGateway
from sending.tests.gateways.authority import Authority
from sending.tests.gateways.http_peer import LARKSPUR
from sending.tests.test_http_gateway_admin import COMMON
from sending.tests.test_smpp_gateway_admin import LETTER

pytestmark = pytest.mark.django_db
SECRET = "longer-than-eight"
ELSEWHERE = "https://collector.example/v2/messages"


@pytest.fixture
def operator(client: Client) -> Client:
    return log_in(client, make_operator())


def smpp(operator: Client, **fields: object) -> tuple[Gateway, dict]:
    """A stored SMPP gateway, and its form with nothing entered for the password."""
    operator.post(reverse("admin:sending_gateway_add"), LETTER | {"tls": "on"} | fields)
    return Gateway.objects.get(), LETTER | {"tls": "on"} | fields | {"new_password": ""}


def http(operator: Client, **fields: object) -> tuple[HttpGateway, dict]:
    """A stored HTTP gateway, and its form with nothing entered for the secret."""
    form = COMMON | LARKSPUR | fields
    operator.post(reverse("admin:sending_httpgateway_add"), form | {"new_secret": SECRET})
    return HttpGateway.objects.get(), form


def save(operator: Client, gateway: Gateway, form: dict) -> dict[str, list[str]]:
    """Post the form of a gateway; return what it says is wrong."""
    page = reverse(f"admin:sending_{gateway._meta.model_name}_change", args=[gateway.pk])
    response = operator.post(page, form)
    assert SECRET not in response.content.decode()
    return {} if response.status_code == 302 else dict(response.context["adminform"].form.errors)


@pytest.mark.parametrize(
    "change",
    [
        {"host": "collector.example"},
        {"port": 2775},
        {"tls": ""},
        {"tls_server_name": "collector.example"},
        {"tls_ca": "an authority"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_place_wants_the_password_again(operator: Client, change: dict) -> None:
    gateway, form = smpp(operator)
    before = Gateway.objects.filter(pk=gateway.pk).values().get()
    if "tls_ca" in change:
        change = {"tls_ca": Authority().pem}
    assert list(save(operator, gateway, form | change)) == ["new_password"]
    assert Gateway.objects.filter(pk=gateway.pk).values().get() == before
    assert save(operator, gateway, form | change | {"new_password": "an0ther-one"}) == {}
    gateway.refresh_from_db()
    assert gateway.password == "an0ther-one"


def test_what_leads_nowhere_else_keeps_the_password(operator: Client) -> None:
    authority = Authority()
    ours = authority.issue("harbour")
    gateway, form = smpp(operator, tls_ca=authority.pem)
    pems = {"tls_certificate": ours.certificate, "new_tls_key": ours.key}
    # Browsers write the line breaks of a text in their own way.
    same = {"tls_ca": authority.pem.replace("\n", "\r\n")}
    assert save(operator, gateway, form | pems | same | {"rate": 7, "system_id": "other"}) == {}
    gateway.refresh_from_db()
    assert (gateway.rate, gateway.password) == (7, SECRET)


@pytest.mark.parametrize(
    "change",
    [
        {"url": ELSEWHERE},
        {"url": LARKSPUR["url"].replace("https", "http")},
        {"url": LARKSPUR["url"].replace(".example", ".example:8443")},
        {"url": LARKSPUR["url"] + "/other"},
        {"tls_server_name": "collector.example"},
        {"tls_ca": "an authority"},
    ],
)
def test_another_address_wants_the_secret_again(operator: Client, change: dict) -> None:
    gateway, form = http(operator)
    if "tls_ca" in change:
        change = {"tls_ca": Authority().pem}
    assert list(save(operator, gateway, form | change)) == ["new_secret"]
    stored = HttpGateway.objects.get()
    assert (stored.http_settings["url"], stored.password) == (LARKSPUR["url"], SECRET)
    assert save(operator, gateway, form | change | {"new_secret": "an0ther"}) == {}
    assert HttpGateway.objects.get().password == "an0ther"


def test_a_secret_that_is_not_used_does_not_move_and_come_back(operator: Client) -> None:
    gateway, form = http(operator)
    assert save(operator, gateway, form | {"url": ELSEWHERE, "authentication": "none"}) == {}
    assert HttpGateway.objects.get().password == ""
    assert list(save(operator, gateway, form | {"url": ELSEWHERE})) == ["new_secret"]


def test_a_secret_never_leaves_by_page_history_or_trail(operator: Client) -> None:
    gateway, form = smpp(operator)
    save(operator, gateway, form | {"new_password": "an0ther-one"})
    for page in ("change", "history"):
        shown = operator.get(reverse(f"admin:sending_gateway_{page}", args=[gateway.pk])).text
        assert not [word for word in (SECRET, "an0ther-one") if word in shown]
    entries = AuditEntry.objects.values_list("action", "details")
    assert ("gateway.changed", {"fields": ["Password"]}) in entries
    assert "an0ther" not in str(list(entries))


@pytest.mark.parametrize("text", ["ab\r\nFLUSHALL", "a\x01b", "pässword"])
def test_a_login_is_one_line_of_ascii(operator: Client, text: str) -> None:
    operator.post(reverse("admin:sending_gateway_add"), LETTER | {"new_password": text})
    assert not Gateway.objects.exists()


# --- Addresses written into the form --------------------------------------------------------------

INNER = ["127.0.0.1", "169.254.169.254", "0.0.0.0", "2130706433", "::1", "::ffff:127.0.0.1"]


@pytest.mark.parametrize("host", [*INNER, "10.0.0.1"])
def test_an_inner_address_of_an_aggregator_is_refused(operator: Client, settings, host) -> None:
    settings.GATEWAY_NETWORKS = ()
    url = f"http://[{host}]/" if ":" in host else f"http://{host}/"
    form = COMMON | LARKSPUR | {"new_secret": SECRET, "url": url}
    response = operator.post(reverse("admin:sending_httpgateway_add"), form)
    assert "not public" in response.context["adminform"].form.errors["url"].as_text()
    assert not HttpGateway.objects.exists()


@pytest.mark.parametrize("host", INNER)
def test_an_inner_address_of_a_carrier_is_refused(operator: Client, settings, host) -> None:
    settings.GATEWAY_NETWORKS = ()
    response = operator.post(reverse("admin:sending_gateway_add"), LETTER | {"host": host})
    assert "not public" in response.context["adminform"].form.errors["host"].as_text()


def test_a_carrier_may_be_behind_a_vpn(operator: Client, settings) -> None:
    settings.GATEWAY_NETWORKS = ()
    gateway, form = smpp(operator, host="10.20.30.40")
    assert gateway.host == "10.20.30.40"
    settings.SMPP_NETWORKS = ()
    assert list(save(operator, gateway, form)) == ["host"]
