"""The status page: incidents that concern the reader, and gateways in words."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.tests.factories import log_in, make_active_organization, make_member, make_operator
from sending.models import Circuit, Gateway, Incident, Route
from sending.status.queries import health
from sending.tests.factories import make_gateway
from sending.tests.operations.rows import bind

pytestmark = pytest.mark.django_db
URL = "/status/"


@pytest.fixture
def hk() -> Gateway:
    gateway = make_gateway(name="hk-direct-1")
    Route.objects.all().delete()
    Route.objects.create(country="HK", gateway=gateway, order=1)
    return gateway


@pytest.fixture
def gb(hk: Gateway) -> Gateway:
    gateway = make_gateway(name="gb-direct-1")
    Route.objects.exclude(gateway=hk).delete()
    Route.objects.create(country="GB", gateway=gateway, order=1)
    return gateway


def member_of(countries: list[str]) -> Client:
    organization = make_active_organization(allowed_countries=countries)
    return log_in(Client(), make_member(Role.VIEWER, organization))


def post(title: str, *gateways: Gateway) -> str:
    """An operator posts an incident; returns the address of its page."""
    operator = log_in(Client(), make_operator())
    form = {
        "title": title,
        "body": "Receipts come late. More at ten.",
        "state": "INVESTIGATING",
        "gateways": [gateway.pk for gateway in gateways],
    }
    return operator.post(reverse("operations:incident_create"), form).url


def test_an_incident_is_on_the_overview_of_those_whom_it_concerns(hk: Gateway, gb: Gateway) -> None:
    post("Hong Kong is slow", hk)
    ours, theirs = member_of(["HK"]), member_of(["GB"])
    for url in ("/", URL):
        assert "Hong Kong is slow" in ours.get(url).text
        assert "Hong Kong is slow" not in theirs.get(url).text
    post("All is slow")
    assert "All is slow" in theirs.get("/").text


def test_what_is_over_leaves_the_overview_and_stays_on_the_page(hk: Gateway) -> None:
    url = post("Hong Kong is slow", hk)
    operator, member = log_in(Client(), make_operator()), member_of([])
    operator.post(url, {"state": "RESOLVED", "body": "It is over."})
    incident = Incident.objects.get()
    assert incident.resolved_at is not None
    assert "Hong Kong is slow" not in member.get("/").text
    page = member.get(URL).text
    assert "It is over." in page
    assert "No incident is open." in page
    # It comes back.
    operator.post(url, {"state": "WATCHING", "body": "Again."})
    incident.refresh_from_db()
    assert incident.resolved_at is None
    assert "Hong Kong is slow" in member.get("/").text


def test_strangers_read_it_only_where_it_is_public(hk: Gateway, client: Client, settings) -> None:
    post("Hong Kong is slow", hk)
    assert client.get(URL).url.startswith("/accounts/login/")
    settings.STATUS_PAGE_PUBLIC = True
    page = client.get(URL).text
    assert "Hong Kong is slow" in page
    assert "hk-direct-1" not in page


@pytest.mark.parametrize(
    ("mode", "circuit", "bound", "words"),
    [
        ("active", None, True, "Works."),
        ("active", None, False, "Not connected"),
        ("active", "OPEN", True, "Not working properly."),
        ("active", "HALF_OPEN", True, "Being tried again"),
        ("draining", None, True, "Being drained"),
        ("stopped", None, False, "Stopped by the operator."),
    ],
)
def test_each_gateway_is_described_in_words(
    hk: Gateway, mode: str, circuit: str | None, bound: bool, words: str
) -> None:
    Gateway.objects.filter(pk=hk.pk).update(mode=mode)
    if circuit:
        Circuit.objects.create(gateway=hk, state=circuit, changed_at=timezone.now())
    if bound:
        bind(hk)
    (found,) = health({hk.pk})
    assert str(found.sentence).startswith(words)
    assert words in member_of(["HK"]).get(URL).text
    assert words not in member_of(["GB"]).get(URL).text
