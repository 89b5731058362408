"""Which countries may be sent to: all of them, or only the selected ones."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_organization
from sending.models import Price, PriceVersion
from smsconsole.tests.page_rules import faults

pytestmark = pytest.mark.django_db

URL = reverse("accounts:allowed_countries")


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def owner(client, organization):
    return log_in(client, make_member(Role.OWNER, organization))


def saved(organization):
    organization.refresh_from_db()
    return organization.allowed_countries


def read(answer):
    html = answer.content.decode()
    assert faults(html) == []
    return BeautifulSoup(html, "html.parser")


def checked(page, name):
    return {box["value"] for box in page.find_all("input", attrs={"name": name}, checked=True)}


def row(page, code):
    label = page.find("input", value=code).find_parent("label")
    return " ".join(label.get_text(" ", strip=True).split())


def test_the_selected_countries_are_saved_shown_and_leave_a_trail(owner, organization):
    answer = owner.post(URL, {"reach": "selected", "countries": ["SG", "HK"]})
    assert answer.url == reverse("accounts:settings")
    assert saved(organization) == ["HK", "SG"]
    assert "Hong Kong, Singapore" in owner.get(answer.url).content.decode()
    assert AuditEntry.objects.get().details["after"] == ["HK", "SG"]
    page = read(owner.get(URL))
    assert checked(page, "reach") == {"selected"}
    assert checked(page, "countries") == {"HK", "SG"}
    assert "Allowed now: 2 countries." in page.get_text()


def test_all_countries_are_allowed_whatever_is_selected(owner, organization):
    owner.post(URL, {"reach": "selected", "countries": ["SG"]})
    answer = owner.post(URL, {"reach": "all", "countries": ["SG", "HK"]})
    assert saved(organization) == []
    assert "All countries that have a price" in owner.get(answer.url).content.decode()
    page = read(owner.get(URL))
    assert checked(page, "reach") == {"all"}
    assert "Allowed now: all countries." in page.get_text()


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        # An empty list would mean all countries, the opposite of what was chosen.
        ({"reach": "selected"}, "countries", "Select at least one country"),
        ({"reach": "selected", "countries": ["GB", "XX"]}, "countries", "You cannot send to “XX”"),
        ({"reach": "selected", "countries": ["GB", "CN"]}, "countries", "You cannot send to “CN”"),
        ({"countries": ["GB"]}, "reach", "Choose all countries, or only the countries you select"),
    ],
)
def test_what_is_wrong_is_said_twice_and_nothing_is_lost(owner, organization, given, field, words):
    organization.allowed_countries = ["HK"]
    organization.save()
    page = read(owner.post(URL, given))
    assert words in page.find(id=f"id_{field}_error").get_text()
    link = page.find(id="error-summary").find("a")
    assert words in link.get_text()
    assert page.find(id=link["href"].removeprefix("#"))
    assert checked(page, "reach") == {given[name] for name in ("reach",) if name in given}
    assert checked(page, "countries") == {"GB"} & {*given.get("countries", [])}
    assert saved(organization) == ["HK"]
    assert not AuditEntry.objects.exists()


def test_the_mainland_is_never_offered(owner):
    page = read(owner.get(URL))
    codes = [box["value"] for box in page.find_all("input", attrs={"name": "countries"})]
    assert len(codes) == len(set(codes)) > 200
    assert "CN" not in codes
    assert {"HK", "MO", "TW", "XK"} <= set(codes)


def test_a_country_has_its_code_calling_code_and_price(owner):
    prices = PriceVersion.objects.create(currency="EUR")
    Price.objects.create(version=prices, country="DE", micro=78_000)
    page = read(owner.get(URL))
    assert row(page, "DE") == "Germany DE +49 0.0780 EUR"
    assert row(page, "FR") == "France FR +33 no price"
    Price.objects.create(version=prices, country="", micro=75_000)
    assert row(read(owner.get(URL)), "FR") == "France FR +33 0.0750 EUR"


def test_the_page_works_before_there_are_prices(owner):
    page = read(owner.get(URL))
    assert row(page, "DE") == "Germany DE +49"
    assert "Prices" not in page.find("main").get_text()
